@ip6tables filter FORWARD
-m eui64 ; = ; OK
! -m eui64 ; ; FAIL "!" is not possible before -m

@ip6tables filter OUTPUT
-m eui64 ; ; FAIL eui64: only valid from PREROUTING INPUT FORWARD, but the rule is reached from OUTPUT

@ip6tables filter INPUT
-m eui64 ; = ; OK

@ip6tables raw PREROUTING
-m eui64 ; = ; OK

@ip6tables mangle POSTROUTING
-m eui64 ; ; FAIL eui64: only valid from PREROUTING INPUT FORWARD, but the rule is reached from POSTROUTING

@iptables filter FORWARD
-m eui64 ; ; FAIL match eui64 is not for IPv4

# packets

@ip6tables filter FORWARD
-m eui64 ; eth0: udp [2001:db8:9:0:11:22ff:fe33:4455]:1 > [2001:db8:100::9]:2 smac 02:11:22:33:44:55 ; match
-m eui64 ; eth0: udp [2001:db8:9:0:11:22ff:fe33:4456]:1 > [2001:db8:100::9]:2 smac 02:11:22:33:44:55 ; no
-m eui64 ; eth0: udp [2001:db8:9:0:211:22ff:fe33:4455]:1 > [2001:db8:100::9]:2 smac 00:11:22:33:44:55 ; match
-m eui64 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no

@ip6tables filter INPUT
-m eui64 ; udp [::1]:1 > [::1]:2 ; no
