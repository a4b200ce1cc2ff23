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
