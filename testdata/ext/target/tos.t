@iptables mangle PREROUTING
-j TOS --set-tos 0x10 ; -j TOS --set-tos 0x10/0xff ; OK
-j TOS --set-tos 16 ; -j TOS --set-tos 0x10/0xff ; OK
-j TOS --set-tos 0x10/0x3f ; = ; OK
-j TOS --set-tos Minimize-Delay ; -j TOS --set-tos 0x10/0x3f ; OK
-j TOS --set-tos minimize-delay ; -j TOS --set-tos 0x10/0x3f ; OK
-j TOS --set-tos Maximize-Throughput ; -j TOS --set-tos 0x08/0x3f ; OK
-j TOS --set-tos Maximize-Reliability ; -j TOS --set-tos 0x04/0x3f ; OK
-j TOS --set-tos Minimize-Cost ; -j TOS --set-tos 0x02/0x3f ; OK
-j TOS --set-tos Normal-Service ; -j TOS --set-tos 0x00/0x3f ; OK
-j TOS --set-tos Normal ; ; FAIL need 0-255[/mask] or one of Minimize-Delay,
-j TOS --set-tos Minimize-Delay/0xff ; ; FAIL need 0-255[/mask] or one of Minimize-Delay,
-j TOS --and-tos 0x10 ; -j TOS --set-tos 0x00/0xef ; OK
-j TOS --or-tos 0x10 ; -j TOS --set-tos 0x10/0x10 ; OK
-j TOS --xor-tos 0x10 ; -j TOS --set-tos 0x10/0x00 ; OK
-j TOS --xor-tos 256 ; ; FAIL out of range 0-255
-j TOS --set-tos 256 ; ; FAIL need 0-255[/mask] or one of Minimize-Delay,
-j TOS --set-tos 0xff/0x100 ; ; FAIL out of range 0-255
-j TOS --set-tos 0xff/ ; ; FAIL need a number
-j TOS --set-tos 0x0 ; -j TOS --set-tos 0x00/0xff ; OK
-j TOS --set-tos 010 ; -j TOS --set-tos 0x08/0xff ; OK
-j TOS --set-tos " 8" ; -j TOS --set-tos 0x08/0xff ; OK
-j TOS --set-tos 0xf/0xf0 ; -j TOS --set-tos 0x0f/0xf0 ; OK
-j TOS --and-tos 0x10 --or-tos 1 ; ; FAIL may be given
-j TOS --and-tos 0x10/1 ; ; FAIL need a number
-j TOS --or-tos Minimize-Delay ; ; FAIL need a number
-j TOS ; ; FAIL must be given
@iptables filter INPUT
-j TOS --set-tos 1 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle PREROUTING
-j TOS --set-tos 0x10 ; -j TOS --set-tos 0x10/0xff ; OK
@iptables mangle FORWARD
-j TOS --set-tos 0x10 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xff ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x10
-j TOS --set-tos Minimize-Delay ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xff ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0xd0
-j TOS --set-tos 0x0f/0xf0 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xf3 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x0c
-j TOS --and-tos 0x18 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xff ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x18
-j TOS --or-tos 0x18 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0x05 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x1d
-j TOS --xor-tos 0x18 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0x0d ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x15
@ip6tables mangle FORWARD
-j TOS --set-tos 0x1c/0x3c ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 tos 0xf3 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 63 tos 0xdf
@iptables mangle OUTPUT
-j TOS --set-tos 0x10 ; udp 192.0.2.1:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.1:1 > 198.51.100.9:2 tos 0x10
