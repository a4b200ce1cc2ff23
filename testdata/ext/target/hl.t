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
@ip6tables mangle PREROUTING
-j HL --hl-set 5 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 4
-j HL --hl-set 1 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; match
-j HL --hl-inc 250 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 10 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 254
-j HL --hl-dec 10 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 53
-j HL --hl-dec 10 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 9 ; match
@ip6tables mangle OUTPUT
-j HL --hl-set 3 ; udp [2001:db8:2::1]:1 > [2001:db8:100::9]:2 ; > eth1: udp [2001:db8:2::1]:1 > [2001:db8:100::9]:2 ttl 3
