@iptables mangle PREROUTING
-j DSCP --set-dscp 0 ; -j DSCP --set-dscp 0x00 ; OK
-j DSCP --set-dscp 63 ; -j DSCP --set-dscp 0x3f ; OK
-j DSCP --set-dscp 64 ; ; FAIL out of range 0-63
-j DSCP --set-dscp 0x3f ; = ; OK
-j DSCP --set-dscp 010 ; -j DSCP --set-dscp 0x08 ; OK
-j DSCP --set-dscp-class EF ; -j DSCP --set-dscp 0x2e ; OK
-j DSCP --set-dscp-class ef ; -j DSCP --set-dscp 0x2e ; OK
-j DSCP --set-dscp-class BE ; -j DSCP --set-dscp 0x00 ; OK
-j DSCP --set-dscp-class CS0 ; -j DSCP --set-dscp 0x00 ; OK
-j DSCP --set-dscp-class CS7 ; -j DSCP --set-dscp 0x38 ; OK
-j DSCP --set-dscp-class CS3: ; -j DSCP --set-dscp 0x18 ; OK
-j DSCP --set-dscp-class CS8 ; ; FAIL need one of CS0, CS1, CS2, CS3, CS4, CS5, CS6, CS7, BE,
-j DSCP --set-dscp-class AF11 ; -j DSCP --set-dscp 0x0a ; OK
-j DSCP --set-dscp-class AF43 ; -j DSCP --set-dscp 0x26 ; OK
-j DSCP --set-dscp-class VA ; ; FAIL need one of CS0, CS1, CS2, CS3, CS4, CS5, CS6, CS7, BE,
-j DSCP --set-dscp-class LE ; ; FAIL need one of CS0, CS1, CS2, CS3, CS4, CS5, CS6, CS7, BE,
-j DSCP --set-dscp 1 --set-dscp-class EF ; ; FAIL may be given
-j DSCP ; ; FAIL must be given
@iptables filter INPUT
-j DSCP --set-dscp 1 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle PREROUTING
-j DSCP --set-dscp 1 ; -j DSCP --set-dscp 0x01 ; OK
@iptables mangle FORWARD
-j DSCP --set-dscp 0x2e ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0x03 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0xbb
-j DSCP --set-dscp 0 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xff ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0x03
@ip6tables mangle FORWARD
-j DSCP --set-dscp-class AF43 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 tos 0x01 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 63 tos 0x99
