@iptables filter INPUT
-j QUEUE ; = ; OK
@ip6tables nat X
-j QUEUE ; = ; OK
