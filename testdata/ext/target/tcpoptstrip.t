@iptables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options wscale ; -p tcp -j TCPOPTSTRIP --strip-options 3 ; OK
-p tcp -j TCPOPTSTRIP --strip-options 2,3,mss,sack-permitted,sack,timestamp,md5,254 ; ; FAIL is given twice
-p tcp -j TCPOPTSTRIP --strip-options 255 ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options 256 ; ; FAIL out of range 0-255
-p tcp -j TCPOPTSTRIP --strip-options 0,1,2,3,4,5,6,7,8,9,10,18,19,20 ; ; FAIL cannot be overwritten
-p tcp -j TCPOPTSTRIP --strip-options foo ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options "" ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options 5, ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options 0x5 ; -p tcp -j TCPOPTSTRIP --strip-options 5 ; OK
-p tcp -j TCPOPTSTRIP --strip-options WSCALE ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options 5 --strip-options 6 ; ; FAIL option --strip-options can only be used once
-j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid with -p tcp
! -p tcp -j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid with -p tcp
@iptables filter FORWARD
-p tcp -j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options timestamp ; -p tcp -j TCPOPTSTRIP --strip-options 8 ; OK
@iptables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options mss ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020405b4 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:01010101 ttl 63
-p tcp -j TCPOPTSTRIP --strip-options wscale,timestamp ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020405b40402080a1111111122222222010303ff ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020405b404020101010101010101010101010101 ttl 63
-p tcp -j TCPOPTSTRIP --strip-options 254 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 ack tcpopt hex:01fe03aafe000000 payload hex:0102 ; match
-p tcp -j TCPOPTSTRIP --strip-options 254 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 ack tcpopt hex:010101fe ; match
-p tcp -j TCPOPTSTRIP --strip-options 254 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 ack tcpopt hex:fe090101 ; match
-p tcp -j TCPOPTSTRIP --strip-options mss ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn ttl 63
-p tcp -j TCPOPTSTRIP --strip-options mss ; eth0: wire 450000281267000040067c23c0000209c63364090001000200000000000000006002ffff00000000 ; match
-p tcp -j TCPOPTSTRIP --strip-options mss ; eth0: wire 450000261267000040067c25c0000209c63364090001000200000000000000005002ffff0000 ; match
@ip6tables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options mss ; eth0: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn tcpopt hex:01020405b4010101 ; > eth1: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn tcpopt hex:0101010101010101 ttl 63
