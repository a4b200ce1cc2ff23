@iptables filter INPUT
-j IDLETIMER --timeout 5 --label foo ; = ; OK
-j IDLETIMER --timeout 5 --label foo --alarm ; = ; OK
-j IDLETIMER --timeout 0 --label foo ; ; FAIL out of range 1-2147482
-j IDLETIMER --timeout 2147483 --label foo ; ; FAIL out of range 1-2147482
-j IDLETIMER --timeout 2147484 --label foo ; ; FAIL out of range 1-2147482
-j IDLETIMER --timeout 4294967295 --label foo ; ; FAIL out of range 1-2147482
-j IDLETIMER --timeout 5 ; ; FAIL option --label must be given
-j IDLETIMER --label foo ; ; FAIL option --timeout must be given
-j IDLETIMER --timeout 5 --label "" ; ; FAIL must be possible as the name of a file
-j IDLETIMER --timeout 5 --label "a b" ; -j IDLETIMER --timeout 5 --label a b ; OK
-j IDLETIMER --timeout 5 --label a/b ; ; FAIL must be possible as the name of a file
-j IDLETIMER --timeout 5 --label 012345678901234567890123456 ; = ; OK
-j IDLETIMER --timeout 5 --label 0123456789012345678901234567 ; -j IDLETIMER --timeout 5 --label 012345678901234567890123456 ; OK
-j IDLETIMER --timeout 5 --label power ; ; FAIL label "power" is taken by the kernel
-j IDLETIMER --timeout 5 --label foo --timeout 6 ; ; FAIL option --timeout can only be used once
-j IDLETIMER --timeout 2147482 --label foo ; = ; OK
-j IDLETIMER --timeout 100000 --label foo ; = ; OK
@ip6tables mangle INPUT
-j IDLETIMER --timeout 5 --label foo ; = ; OK
@iptables filter FORWARD
@with mangle FORWARD -j IDLETIMER --timeout 5 --label foo
-j IDLETIMER --timeout 6 --label foo ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
