@iptables raw PREROUTING
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@ip6tables raw OUTPUT
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables raw X
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables filter INPUT
-j NOTRACK ; ; FAIL NOTRACK: only valid in table raw, not filter
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables mangle X
-j NOTRACK ; ; FAIL NOTRACK: only valid in table raw, not mangle
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
