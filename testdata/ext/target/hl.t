@iptables mangle PREROUTING
-j HL --hl-set 1 ; ; FAIL unknown option "--hl-set"
@ip6tables mangle PREROUTING
-j HL --hl-set 5 ; = ; OK
-j HL --hl-set 0 ; = ; OK
-j HL --hl-inc 0 ; ; FAIL out of range 1-255
-j HL --hl-dec 0 ; ; FAIL out of range 1-255
-j HL --hl-inc 7 ; = ; OK
-j HL --hl-dec 7 ; = ; OK
-j HL ; ; FAIL must be given
-j HL --hl-dec 7 --hl-set 1 ; ; FAIL may be given
@ip6tables filter INPUT
-j HL --hl-dec 7 ; ; FAIL only valid in table mangle, not filter
