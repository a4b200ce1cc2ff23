@iptables filter INPUT
-j RETURN ; = ; OK
@ip6tables nat X
-j RETURN ; = ; OK
