@iptables filter INPUT
-j ACCEPT ; = ; OK
-j ACCEPT --foo ; ; FAIL unknown option "--foo"
@ip6tables nat X
-j ACCEPT ; = ; OK
-j ACCEPT --foo ; ; FAIL unknown option "--foo"
