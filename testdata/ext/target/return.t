@iptables filter INPUT
-j RETURN ; = ; OK
@ip6tables nat X
-j RETURN ; = ; OK

# packets

@iptables filter FORWARD
-p udp -j RETURN ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match / no

@ip6tables filter FORWARD
-p udp -j RETURN ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
