@iptables raw PREROUTING
-j TRACE ; = ; OK
-j TRACE --foo ; ; FAIL unknown option "--foo"
@ip6tables raw OUTPUT
-j TRACE ; = ; OK
-j TRACE --foo ; ; FAIL unknown option "--foo"
@iptables raw X
-j TRACE ; = ; OK
-j TRACE --foo ; ; FAIL unknown option "--foo"
@iptables filter INPUT
-j TRACE ; ; FAIL TRACE: only valid in table raw, not filter
-j TRACE --foo ; ; FAIL unknown option "--foo"
@iptables mangle X
-j TRACE ; ; FAIL TRACE: only valid in table raw, not mangle
-j TRACE --foo ; ; FAIL unknown option "--foo"

# packets

@iptables raw PREROUTING
-j TRACE ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match

@ip6tables raw OUTPUT
-j TRACE ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 ; match
