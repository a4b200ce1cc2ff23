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
