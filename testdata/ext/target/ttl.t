@iptables mangle PREROUTING
-j TTL --ttl-set 5 ; = ; OK
-j TTL --ttl-set 0 ; = ; OK
-j TTL --ttl-set 0x10 ; -j TTL --ttl-set 16 ; OK
-j TTL --ttl-set 255 ; = ; OK
-j TTL --ttl-set 256 ; ; FAIL out of range 0-255
-j TTL --ttl-inc 0 ; ; FAIL out of range 1-255
-j TTL --ttl-dec 0 ; ; FAIL out of range 1-255
-j TTL --ttl-inc 1 ; = ; OK
-j TTL --ttl-dec 255 ; = ; OK
-j TTL ; ; FAIL must be given
-j TTL --ttl-inc 1 --ttl-dec 1 ; ; FAIL may be given
-j TTL --ttl-inc 1 --ttl-inc 2 ; ; FAIL option --ttl-inc can only be used once
-j TTL ! --ttl-inc 1 ; ; FAIL option --ttl-inc cannot be inverted
@iptables filter INPUT
-j TTL --ttl-inc 1 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle PREROUTING
-j TTL --ttl-inc 1 ; ; FAIL unknown option "--ttl-inc"
@iptables mangle PREROUTING
-j TTL --ttl-set 5 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 4
-j TTL --ttl-set 1 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-j TTL --ttl-set 0 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match
-j TTL --ttl-inc 250 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 10 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 254
-j TTL --ttl-inc 1 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 255 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 254
-j TTL --ttl-dec 10 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 53
-j TTL --ttl-dec 10 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 9 ; match
@iptables mangle POSTROUTING
-j TTL --ttl-dec 70 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
@iptables mangle OUTPUT
-j TTL --ttl-set 3 ; udp 192.0.2.1:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.1:1 > 198.51.100.9:2 ttl 3
