@iptables mangle PREROUTING
-j ECN --ecn-tcp-remove ; ; FAIL only valid with -p tcp
-p tcp -j ECN --ecn-tcp-remove ; = ; OK
! -p udp -j ECN --ecn-tcp-remove ; ; FAIL only valid with -p tcp
! -p tcp -j ECN --ecn-tcp-remove ; ; FAIL only valid with -p tcp
-p udp -j ECN --ecn-tcp-remove ; ; FAIL only valid with -p tcp
-j ECN --ecn-ip-ect 2 ; = ; OK
-j ECN --ecn-ip-ect 4 ; ; FAIL out of range 0-3
-j ECN --ecn-ip-ect 0 ; = ; OK
-p tcp -j ECN --ecn-tcp-cwr 1 ; = ; OK
-p tcp -j ECN --ecn-tcp-cwr 2 ; ; FAIL out of range 0-1
-p tcp -j ECN --ecn-tcp-ece 1 ; = ; OK
-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 3 ; = ; OK
-p tcp -j ECN --ecn-tcp-remove --ecn-ip-ect 3 ; -p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 3 ; OK
-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-cwr 1 ; ; FAIL option --ecn-tcp-remove cannot be used together with
-j ECN ; ; FAIL must be given
@iptables filter INPUT
-p tcp -j ECN --ecn-tcp-remove ; ; FAIL only valid in table mangle, not filter
@iptables mangle FORWARD
-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 ; -p tcp -j ECN --ecn-tcp-remove ; OK
-p tcp -j ECN --ecn-tcp-cwr 1 --ecn-tcp-ece 1 ; -p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-cwr 1 ; OK
-p tcp -j ECN --ecn-ip-ect 1 --ecn-tcp-remove ; -p tcp -j ECN --ecn-tcp-remove ; OK
@ip6tables mangle PREROUTING
-p tcp -j ECN --ecn-tcp-remove ; ; FAIL unknown option "--ecn-tcp-remove"
@iptables mangle FORWARD
-p tcp -j ECN --ecn-tcp-remove ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn,ece,cwr ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn ttl 63
-p tcp -j ECN --ecn-tcp-ece 1 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn,cwr tos 0x03 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn,ece,cwr ttl 63 tos 0x03
-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 1 --ecn-ip-ect 2 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 ack,ece tos 0xfd ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 ack,cwr ttl 63 tos 0xfe
-j ECN --ecn-ip-ect 0 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0xff ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63 tos 0xfc
# a TCP header cut short; a later fragment, whose bytes are taken for a header
-p tcp -j ECN --ecn-tcp-remove ; eth0: wire 450000261267000040067c25c0000209c63364090001000200000000000000005002ffff0000 ; match
