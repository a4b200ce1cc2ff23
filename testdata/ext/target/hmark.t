@iptables mangle PREROUTING
-j HMARK --hmark-tuple src,dst --hmark-mod 10 ; ; FAIL must be given
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-mod 10 --hmark-rnd 0xfeed --hmark-offset 5 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x0000feed --hmark-mod 10 --hmark-offset 5 ; OK
-j HMARK --hmark-tuple src,dst,sport,dport,spi --hmark-mod 10 --hmark-rnd 0xfeed --hmark-offset 5 ; ; FAIL cannot be used together with --hmark-sport-mask and
-j HMARK --hmark-tuple src,dst,spi --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-spi-mask 0xffffffff --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-tuple spi,src,dst --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-spi-mask 0xffffffff --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-tuple ct,src,dst --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple ct --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-rnd 0x0000feed --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple src,dst,foo --hmark-mod 10 --hmark-rnd 0xfeed ; ; FAIL need one of ct, src, dst, sport, dport, proto, spi
-j HMARK --hmark-tuple "" --hmark-mod 10 --hmark-rnd 0xfeed ; ; FAIL need one of ct, src, dst, sport, dport, proto, spi
-j HMARK --hmark-tuple SRC --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src,src --hmark-mod 10 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 0xfeed ; ; FAIL must be given, or masks and prefixes
-j HMARK --hmark-tuple src,dst --hmark-rnd 0xfeed ; ; FAIL must be given
-j HMARK --hmark-tuple src,dst --hmark-mod 0 --hmark-rnd 0xfeed ; ; FAIL out of range 1-4294967295
-j HMARK --hmark-tuple src,dst --hmark-mod 1 --hmark-rnd 0xfeed ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x0000feed --hmark-mod 1 ; OK
-j HMARK --hmark-tuple src,dst --hmark-mod 4294967295 --hmark-rnd 0 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000000 --hmark-mod 4294967295 ; OK
-j HMARK --hmark-tuple src,dst --hmark-mod 4294967296 ; ; FAIL out of range 1-4294967295
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-src-prefix 24 --hmark-dst-prefix 16 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 24 --hmark-dst-prefix 16 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 32 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 0 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 33 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 255.255.0.0 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 255.0.255.0 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 24 ; -j HMARK --hmark-src-prefix 24 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-sport-mask 0xff00 ; -j HMARK --hmark-sport-mask 0xff00 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-sport-mask 0xff00 --hmark-dport-mask 0xff ; -j HMARK --hmark-sport-mask 0xff00 --hmark-dport-mask 0x00ff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff ; -j HMARK --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-spi-mask 0xff ; -j HMARK --hmark-spi-mask 0x000000ff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-spi-mask 0xff --hmark-sport-mask 1 ; ; FAIL cannot be used together with --hmark-sport-mask and
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-sport 80 ; -j HMARK --hmark-sport 0x0050 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-dport 80 ; -j HMARK --hmark-dport 0x0050 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-spi 80 ; -j HMARK --hmark-spi 0x00000050 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-dport http ; ; FAIL need a number
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-proto-mask 0xff --hmark-dport 4 ; -j HMARK --hmark-dport 0x0004 --hmark-proto-mask 0xff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-proto-mask 0xff ; -j HMARK --hmark-proto-mask 0xff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-proto-mask 0x0f --hmark-tuple src,dst ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-proto-mask 0x0f --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-proto-mask 6 --hmark-tuple src,dst,sport ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-proto-mask 0x06 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-proto-mask 256 --hmark-tuple src,dst,sport ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-proto-mask 0x100 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple src,dst,sport --hmark-sport-mask 1 ; ; FAIL option --hmark-sport-mask can only be used once, and
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple src,dst --hmark-sport 5 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport 0x0005 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple ct,src,dst,sport,dport ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple ct,spi ; -j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple src,dst --hmark-offset 0x10 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-offset 16 ; OK
@iptables filter INPUT
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-tuple src,dst ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
@iptables mangle INPUT
-j HMARK ; ; FAIL must be given
@iptables filter INPUT
-j HMARK --hmark-tuple s,d --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple sp,dp,p,c --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple src,,dst --hmark-mod 10 --hmark-rnd 1 ; ; FAIL need one of ct, src, dst, sport, dport, proto, spi
-j HMARK --hmark-tuple src, --hmark-mod 10 --hmark-rnd 1 ; ; FAIL need one of ct, src, dst, sport, dport, proto, spi
-j HMARK --hmark-tuple srcx --hmark-mod 10 --hmark-rnd 1 ; ; FAIL need one of ct, src, dst, sport, dport, proto, spi
-j HMARK --hmark-src-prefix 24 --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple ct --hmark-tuple src --hmark-mod 10 --hmark-rnd 1 ; ; FAIL option --hmark-tuple can only be used once
-j HMARK --hmark-tuple proto --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-proto-mask 65535 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-proto-mask 65536 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL out of range 0-65535
-j HMARK --hmark-spi 5 --hmark-sport 5 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL cannot be used together with --hmark-sport and --hmark-dport
-j HMARK --hmark-spi 0x50001 --hmark-sport-mask 5 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-sport-mask 0x0005 --hmark-spi 0x00050001 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-spi-mask 0x50001 --hmark-tuple sport --hmark-mod 10 --hmark-rnd 1 ; ; FAIL cannot be used together with --hmark-sport-mask and
-j HMARK --hmark-src-prefix 33 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 0 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 0 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 255.255.0.0 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 255.0.255.0 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-dst-prefix 7 --hmark-src-prefix 9 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 9 --hmark-dst-prefix 7 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-mod 0 --hmark-tuple src --hmark-rnd 1 ; ; FAIL out of range 1-4294967295
-j HMARK --hmark-offset 1 --hmark-rnd 1 ; ; FAIL must be given
@ip6tables mangle PREROUTING
-j HMARK --hmark-tuple src,dst,sport --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 64 ; ; FAIL option --hmark-src-prefix can only be used once, and
-j HMARK --hmark-tuple src,dst,sport --hmark-mod 10 --hmark-rnd 1 --hmark-src-prefix 129 ; ; FAIL need a length of 0-128 or an IPv6 mask
@ip6tables raw PREROUTING
-j HMARK --hmark-tuple src,dst,sport --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 128 --hmark-dst-prefix 128 --hmark-sport-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
@ip6tables filter INPUT
-j HMARK --hmark-src-prefix 64 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 64 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix ffff:: --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 129 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL need a length of 0-128 or an IPv6 mask
@iptables mangle PREROUTING
-j HMARK --hmark-tuple src,dst --hmark-mod 1000 --hmark-rnd 0xfeed ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 4294967295 --hmark-rnd 0xfeed --hmark-offset 7 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 / eth0: tcp 192.0.2.9:1 > 198.51.100.9:2 syn / eth1: tcp 198.51.100.9:2 > 192.0.2.9:1 syn,ack ; match / match / match
-j HMARK --hmark-src-prefix 24 --hmark-sport-mask 0xff00 --hmark-dport 0x8000 --hmark-proto-mask 0x0f --hmark-mod 100000 --hmark-rnd 3 ; eth0: udp 192.0.2.9:4660 > 198.51.100.9:2 / eth0: udp 192.0.2.9:1 > 198.51.100.9:65535 ; match / match
-j HMARK --hmark-tuple src,dst,spi --hmark-mod 100000 --hmark-rnd 3 ; eth0: proto 50 192.0.2.9 > 198.51.100.9 payload hex:123456789abcdef0 / eth0: proto 51 192.0.2.9 > 198.51.100.9 payload hex:0604000012345678000000010011223344556677 / eth0: proto 47 192.0.2.9 > 198.51.100.9 payload hex:1234567890 ; match / match / match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-request payload "A" / eth0: icmp 192.0.2.9 > 198.51.100.9 type 3 code 1 payload hex:4500001c1267000040110000c6336409c0000209000100020008139500 / eth0: icmp 192.0.2.9 > 198.51.100.9 type 3 code 1 payload hex:4500 ; match / match / match
# fragments have no ports
-j HMARK --hmark-tuple sport,dport --hmark-mod 100000 --hmark-rnd 3 ; eth0: wire 450000241267200040115c1cc0000209c6336409000100020008139500000000aaaaaaaa / eth0: wire 450000241267000140117c1bc0000209c6336409000100020008139500000000aaaaaaaa ; match / match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
@iptables mangle FORWARD
@with nat PREROUTING -p udp -j DNAT --to-destination 198.51.100.7:53
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth1: udp 198.51.100.7:53 > 192.0.2.9:1 / eth0: icmp 192.0.2.9 > 198.51.100.9 echo-request payload "A" / eth0: icmp 192.0.2.9 > 198.51.100.9 echo-reply payload "A" ; match / match / match / match
@ip6tables mangle PREROUTING
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 / eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 echo-request payload "A" / eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 type 1 code 4 payload hex:600000000008114020010db801000000000000000000000920010db80002000000000000000000090001000200081395 ; match / match / match
-j HMARK --hmark-src-prefix 40 --hmark-tuple dst --hmark-mod 100000 --hmark-rnd 3 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; match
# an authentication header; a chain of headers cut short; a later fragment
-j HMARK --hmark-tuple src,dst,spi,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: wire 600012670018334020010db800020000000000000000000920010db8010000000000000000000009110400001234567800000001001122334455667700010002 ; match
-j HMARK --hmark-tuple src,dst,sport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: wire 6000126700083c4020010db800020000000000000000000920010db80100000000000000000000091105000000000000 ; match
-j HMARK --hmark-tuple src,dst,sport,proto --hmark-mod 100000 --hmark-rnd 3 ; eth0: wire 6000126700102c4020010db800020000000000000000000920010db8010000000000000000000009110000080000000100010002aabbccdd ; match
@iptables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 0xdeadbeef --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-rnd 0xdeadbeef --hmark-mod 4294967295 ; eth0: tcp 192.0.2.9:53 > 198.51.100.9:1024 syn ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 1 --hmark-mod 1000000 --hmark-offset 4294967290 ; eth1: udp 198.51.100.9:53 > 192.0.2.9:1024 ; match
-j HMARK --hmark-src-prefix 8 --hmark-dst-prefix 0 --hmark-sport-mask 0xf --hmark-dport-mask 0xff00 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: sctp 192.0.2.9:1023 > 198.51.100.9:5300 ; match
-j HMARK --hmark-src-prefix 24 --hmark-sport 0x50 --hmark-dport 0x1000 --hmark-sport-mask 0xff --hmark-rnd 7 --hmark-mod 4294967295 --hmark-proto-mask 0xfff ; eth0: udplite 192.0.2.9:1023 > 198.51.100.9:5300 ; match
-j HMARK --hmark-tuple src,spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 50 192.0.2.9 > 198.51.100.9 payload hex:0102030405060708 ; match
-j HMARK --hmark-spi-mask 0xf0f0 --hmark-spi 0x80000001 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 50 192.0.2.9 > 198.51.100.9 payload hex:0102030405060708 ; match
-j HMARK --hmark-tuple spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 51 192.0.2.9 > 198.51.100.9 payload hex:060400000102030405060708090a0b0c ; match
-j HMARK --hmark-tuple spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 50 192.0.2.9 > 198.51.100.9 payload hex:0102 ; match
-j HMARK --hmark-tuple spi --hmark-spi 5 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 47 192.0.2.9 > 198.51.100.9 payload hex:0102030405060708 ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-request payload hex:0102 ; match
# an ICMP error goes by what it quotes, if it quotes enough
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 3 code 1 payload hex:4500001c00014000401100000a0000010a00000204000035000800ab ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload hex:4500001c00014000401100000a0000010a000002 ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload hex:4500001c00014000401100000a0000010a0000 ; ~ MARK=0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload hex:4500001c00012000401100000a0000010a00000204000035000800ab ; match
# fragments
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: wire 4500001c1267200040115c24c0000209c63364090400003500080000 ; match
@iptables mangle PREROUTING
@with filter FORWARD -m conntrack --ctstate NEW
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 192.0.2.9:1024 ; match / match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-request payload hex:0102 ; match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 47 192.0.2.9 > 198.51.100.9 len 4 ; match
-j HMARK --hmark-tuple ct --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
@iptables mangle PREROUTING
-j HMARK --hmark-tuple ct,src,dst --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
@ip6tables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 ; match
-j HMARK --hmark-src-prefix 35 --hmark-dst-prefix 120 --hmark-sport-mask 0xff --hmark-rnd 7 --hmark-mod 100 --hmark-offset 3 ; eth0: tcp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 syn ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 echo-request payload hex:0102 ; match
# quoted: UDP, and less than a header
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 type 1 payload hex:60000000000811402001000000000000000000000000000120010000000000000000000000000002040000350008ffff ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 type 1 payload hex:6000000000081140200100000000000000000000000000012001000000000000000000000000 ; ~ MARK=0x77
-j HMARK --hmark-tuple src,spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 50 2001:db8:2::9 > 2001:db8:100::9 payload hex:0102030405060708 ; match
# an authentication header ahead of UDP: its SPI
-j HMARK --hmark-tuple spi,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: proto 51 2001:db8:2::9 > 2001:db8:100::9 payload hex:110400000102030405060708090a0b0c0d0e0f00101112130400003500080000 ; match
@ip6tables mangle PREROUTING
@with filter FORWARD -m conntrack --ctstate NEW
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 ; match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 echo-request payload hex:0102 ; match
