@iptables mangle FORWARD
-p tcp --syn -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags ALL SYN,ACK -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG SYN,ACK -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags SYN NONE -j TCPMSS --set-mss 1000 ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
-p tcp --tcp-flags NONE SYN -j TCPMSS --set-mss 1000 ; -p tcp -m tcp -j TCPMSS --set-mss 1000 ; OK
-p tcp ! --syn -j TCPMSS --set-mss 1000 ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
-p tcp ! --tcp-flags SYN NONE -j TCPMSS --set-mss 1000 ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
-p tcp ! --tcp-flags RST SYN -j TCPMSS --set-mss 1000 ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
-p tcp -m tcp ! --sport 5 --tcp-flags SYN SYN -j TCPMSS --set-mss 1000 ; = ; OK
-p tcp -j TCPMSS --set-mss 1000 ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
-p udp -j TCPMSS --set-mss 1000 ; ; FAIL only valid with -p tcp
! -p tcp -m mark --mark 1 -j TCPMSS --set-mss 1000 ; ; FAIL only valid with -p tcp
-p tcp --syn -j TCPMSS --set-mss 0 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 0 ; OK
-p tcp --syn -j TCPMSS --set-mss 65535 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --set-mss 65495 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65495 ; OK
-p tcp --syn -j TCPMSS --set-mss 65496 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65496 ; OK
-p tcp --syn -j TCPMSS --set-mss 65536 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu --set-mss 3 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 3 ; OK
-p tcp --syn -j TCPMSS ; ; FAIL must be given
@iptables mangle INPUT
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING
@iptables mangle PREROUTING
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING
-p tcp --syn -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1000 ; OK
@iptables mangle FOO
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL add -m tcp --syn or --tcp-flags SYN,RST SYN
@iptables filter FORWARD
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
@iptables nat PREROUTING
-p tcp --syn -j TCPMSS --set-mss 1 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1 ; OK
@iptables raw PREROUTING
-p tcp --syn -j TCPMSS --set-mss 1 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1 ; OK
@iptables mangle FORWARD
-m tcp -p tcp --syn -m tcp --dport 1 -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m tcp --dport 1 -j TCPMSS --set-mss 1000 ; OK
-p tcp --syn -j TCPMSS --set-mss 65515 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65515 ; OK
-p tcp --syn -j TCPMSS --set-mss 65516 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --set-mss 3 --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --set-mss 3 --set-mss 4 ; ; FAIL option --set-mss can only be used once
@ip6tables mangle FORWARD
-p tcp --syn -j TCPMSS --set-mss 65475 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65475 ; OK
-p tcp --syn -j TCPMSS --set-mss 65476 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65476 ; OK
-p tcp --syn -j TCPMSS --set-mss 65495 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65495 ; OK
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --set-mss 65496 ; ; FAIL out of range 0-65495
-p tcp --syn -j TCPMSS --set-mss 65515 ; ; FAIL out of range 0-65495
-p tcp --syn -j TCPMSS --set-mss 65516 ; ; FAIL out of range 0-65495
@iptables mangle FORWARD
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020405b4 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020403e8 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020403e7 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020403e7 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn,ack tcpopt hex:0101080a0000000100000002020405b4 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn,ack tcpopt hex:0101080a0000000100000002020403e8 ttl 63
# at an odd offset the kernel spoils the checksum
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:01020405b4010101 payload "ABC" ; > eth1: wire 45000033126700003f067d18c0000209c63364090001000200000000000000007002faf06c1d000001020403e8010101414243
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:02040218 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:01010402 ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:0204012c01010402 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn payload "A" ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn ttl 63 payload "A"
# an option with the right number but another length does not count
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:0205010203000000 ; match
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:0500020405b40000 ; match
# no room for another option; room for the last one
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:01010101010101010101010101010101010101010101010101010101010101010101010101010101 ; match
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:010101010101010101010101010101010101010101010101010101010101010101010101 ; match
# the length in the header is beyond the packet; the header is cut short
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: wire 450000281267000040067c23c0000209c63364090001000200000000000000006002ffff00000000 ; match
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 300 ; eth0: wire 450000281267000040067c23c0000209c63364090001000200000000000000004002ffff00000000 ; match
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:0204ffff ; > eth1: tcp 192.0.2.9:1 > 198.51.100.9:2 syn tcpopt hex:020405b4 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; eth0: tcp 203.0.113.9:1 > 198.51.100.9:2 syn ; > eth1: tcp 203.0.113.9:1 > 198.51.100.9:2 syn tcpopt hex:02040218 ttl 63
@ip6tables mangle POSTROUTING
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; eth0: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn tcpopt hex:0204ffff ; > eth1: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn tcpopt hex:020405a0 ttl 63
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 9000 ; eth0: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn ; > eth1: tcp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 syn tcpopt hex:020404c4 ttl 63
@iptables mangle OUTPUT
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; tcp 192.0.2.1:1 > 198.51.100.9:2 syn tcpopt hex:0204ffff ; match
-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu ; tcp 192.0.2.1:1 > 192.0.2.1:2 syn tcpopt hex:0204ffff ; match
