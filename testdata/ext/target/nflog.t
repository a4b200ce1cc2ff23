@iptables filter INPUT
-j NFLOG ; = ; OK
-j NFLOG --nflog-group 5 ; = ; OK
-j NFLOG --nflog-group 0 ; -j NFLOG ; OK
-j NFLOG --nflog-group 65535 ; = ; OK
-j NFLOG --nflog-group 65536 ; ; FAIL out of range 0-65535
-j NFLOG --nflog-prefix "a b" ; = ; OK
-j NFLOG --nflog-prefix "" ; ; FAIL not possible
-j NFLOG --nflog-prefix 0123456789012345678901234567890123456789012345678901234567890123456789 ; -j NFLOG --nflog-prefix 012345678901234567890123456789012345678901234567890123456789012 ; OK
-j NFLOG --nflog-prefix 012345678901234567890123456789012345678901234567890123456789012 ; = ; OK
-j NFLOG --nflog-prefix 0123456789012345678901234567890123456789012345678901234567890123 ; -j NFLOG --nflog-prefix 012345678901234567890123456789012345678901234567890123456789012 ; OK
-j NFLOG --nflog-range 10 ; = ; OK
-j NFLOG --nflog-size 10 ; = ; OK
-j NFLOG --nflog-size 0 ; = ; OK
-j NFLOG --nflog-range 0 ; -j NFLOG ; OK
-j NFLOG --nflog-range 4294967295 ; = ; OK
-j NFLOG --nflog-range 4294967296 ; ; FAIL out of range 0-4294967295
-j NFLOG --nflog-range 10 --nflog-size 10 ; ; FAIL option --nflog-range cannot be used together with
-j NFLOG --nflog-threshold 0 ; -j NFLOG ; OK
-j NFLOG --nflog-threshold 1 ; = ; OK
-j NFLOG --nflog-threshold 65535 ; = ; OK
-j NFLOG --nflog-threshold 65536 ; ; FAIL out of range 0-65535
-j NFLOG --nflog-threshold 3 --nflog-size 5 --nflog-group 2 --nflog-prefix x ; -j NFLOG --nflog-prefix x --nflog-group 2 --nflog-size 5 --nflog-threshold 3 ; OK
-j NFLOG --nflog-group 0x5 ; -j NFLOG --nflog-group 5 ; OK
-j NFLOG ! --nflog-group 5 ; ; FAIL option --nflog-group cannot be inverted
-j NFLOG --nflog-prefix "q\"uote" ; = ; OK
-j NFLOG --nflog-prefix "x" --nflog-prefix "y" ; ; FAIL option --nflog-prefix can only be used once
@iptables raw PREROUTING
-j NFLOG --nflog-group 5 ; = ; OK
@iptables nat PREROUTING
-j NFLOG --nflog-group 5 ; = ; OK
@ip6tables filter INPUT
-j NFLOG --nflog-group 5 ; = ; OK
@iptables filter FORWARD
-j NFLOG --nflog-group 1 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
