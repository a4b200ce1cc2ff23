@iptables filter INPUT
-j DROP ; = ; OK
-j DROP --foo ; ; FAIL unknown option "--foo"
@ip6tables mangle X
-j DROP ; = ; OK
-j DROP --foo ; ; FAIL unknown option "--foo"
@iptables nat PREROUTING
-j DROP ; ; FAIL DROP is not possible in table nat
-j DROP --foo ; ; FAIL unknown option "--foo"
@ip6tables nat X
-j DROP ; ; FAIL DROP is not possible in table nat
-j DROP --foo ; ; FAIL unknown option "--foo"
@iptables nat X
-j DROP ; ; FAIL DROP is not possible in table nat
-j DROP --foo ; ; FAIL unknown option "--foo"

# packets

@iptables filter FORWARD
-p udp -j DROP ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match / no

@ip6tables filter FORWARD
-p udp -j DROP ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
