@iptables mangle FORWARD
-j HMARK ; ; FAIL HMARK: option --hmark
-j HMARK --hmark-tuple src --hmark-mod 10 ; ; FAIL option --hmark-rnd must be given
-j HMARK --hmark-tuple src --hmark-rnd 1 ; ; FAIL option --hmark-mod must be given
-j HMARK --hmark-mod 10 --hmark-rnd 1 ; ; FAIL --hmark-tuple must be given at least
-j HMARK --hmark-mod 10 --hmark-rnd 1 --hmark-offset 3 ; ; FAIL --hmark-tuple must be given at least
-j HMARK --hmark-tuple src --hmark-mod 0 --hmark-rnd 1 ; ; FAIL out of range 1-4294967295
-j HMARK --hmark-tuple src --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-mod 10 --hmark-rnd 1 --hmark-offset 5 ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-offset 5 ; OK
-j HMARK --hmark-mod 10 --hmark-offset 5 --hmark-tuple dst,dport,sport,src,proto --hmark-rnd 0xdeadbeef ; -j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0xdeadbeef --hmark-mod 10 --hmark-offset 5 ; OK
-j HMARK --hmark-tuple src --hmark-tuple dst --hmark-mod 10 --hmark-rnd 1 ; ; FAIL option --hmark-tuple can only be used once
-j HMARK --hmark-tuple SRC --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple s --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple sp,p,d --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple srcx --hmark-mod 10 --hmark-rnd 1 ; ; FAIL unknown word "srcx"
-j HMARK --hmark-tuple src, --hmark-mod 10 --hmark-rnd 1 ; ; FAIL unknown word ""
-j HMARK --hmark-tuple ,src --hmark-mod 10 --hmark-rnd 1 ; ; FAIL unknown word ""
-j HMARK --hmark-tuple "" --hmark-mod 10 --hmark-rnd 1 ; ; FAIL unknown word ""
-j HMARK --hmark-tuple spi --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple spi,src --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-spi-mask 0xffffffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple spi,sport --hmark-mod 10 --hmark-rnd 1 ; ; FAIL masks of SPI and ports cannot be used together
-j HMARK --hmark-tuple ct --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-tuple ct,src --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 --hmark-tuple ct ; OK
-j HMARK --hmark-src-prefix 0 --hmark-dst-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 10 ; = ; OK
-j HMARK --hmark-src-prefix 33 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 255.255.0.0 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 255.0.255.0 --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-src-prefix 24 --hmark-tuple src --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src --hmark-src-prefix 24 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL can only be used once
-j HMARK --hmark-sport-mask 0x00ff --hmark-dport-mask 0xff00 --hmark-rnd 0x00000001 --hmark-mod 10 ; = ; OK
-j HMARK --hmark-sport-mask 0x10000 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL out of range 0-65535
-j HMARK --hmark-sport 80 --hmark-dport 90 --hmark-tuple sport --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-sport-mask 0xffff --hmark-sport 0x0050 --hmark-dport 0x005a --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-sport 65536 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL out of range 0-65535
-j HMARK --hmark-spi-mask 0x00000080 --hmark-spi 0x00000005 --hmark-rnd 0x00000001 --hmark-mod 10 ; = ; OK
-j HMARK --hmark-spi-mask 0x00000080 --hmark-sport 0x0005 --hmark-rnd 0x00000001 --hmark-mod 10 ; = ; OK
-j HMARK --hmark-spi 0x80 --hmark-sport 5 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL --hmark-spi cannot be used together
-j HMARK --hmark-proto-mask 0x06 --hmark-rnd 0x00000001 --hmark-mod 4294967295 --hmark-tuple ct ; = ; OK
-j HMARK --hmark-proto-mask 0x10000 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL out of range 0-65535
-j HMARK --hmark-proto-mask 6 --hmark-tuple proto --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-proto-mask 0xffff --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-rnd 1 --hmark-mod 10 --hmark-tuple src --hmark-offset 4294967296 ; ; FAIL out of range 0-4294967295
-j HMARK ! --hmark-tuple src --hmark-mod 10 --hmark-rnd 1 ; ; FAIL option --hmark-tuple cannot be inverted
@iptables raw PREROUTING OUTPUT
-j HMARK --hmark-src-prefix 32 --hmark-rnd 0x00000000 --hmark-mod 10 --hmark-offset 0 ; = ; OK
@ip6tables filter INPUT FORWARD OUTPUT
-j HMARK --hmark-src-prefix 64 --hmark-rnd 0x00000001 --hmark-mod 10 ; = ; OK
-j HMARK --hmark-src-prefix 129 --hmark-mod 10 --hmark-rnd 1 ; ; FAIL bad mask "129"
-j HMARK --hmark-src-prefix ffff:: --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 16 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-dst-prefix ffff:0:ffff:: --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-dst-prefix 128 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK
-j HMARK --hmark-tuple src,dst --hmark-mod 10 --hmark-rnd 1 ; -j HMARK --hmark-src-prefix 128 --hmark-dst-prefix 128 --hmark-rnd 0x00000001 --hmark-mod 10 ; OK

# packets

@iptables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 0xdeadbeef --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
-j HMARK --hmark-tuple src,dst,sport,dport --hmark-rnd 0xdeadbeef --hmark-mod 4294967295 ; eth0: tcp 192.0.2.9:53 > 198.51.100.9:1024 syn ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 1 --hmark-mod 1000000 --hmark-offset 4294967290 ; eth1: udp 198.51.100.9:53 > 192.0.2.9:1024 ; match
-j HMARK --hmark-src-prefix 8 --hmark-dst-prefix 0 --hmark-sport-mask 0xf --hmark-dport-mask 0xff00 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: sctp 192.0.2.9:1023 > 198.51.100.9:5300 ; match
-j HMARK --hmark-src-prefix 24 --hmark-sport 0x50 --hmark-dport 0x1000 --hmark-sport-mask 0xff --hmark-rnd 7 --hmark-mod 4294967295 --hmark-proto-mask 0xfff ; eth0: udplite 192.0.2.9:1023 > 198.51.100.9:5300 ; match
-j HMARK --hmark-tuple src,spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: esp 192.0.2.9 > 198.51.100.9 payload 0102030405060708 ; match
-j HMARK --hmark-spi-mask 0xf0f0 --hmark-spi 0x80000001 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: esp 192.0.2.9 > 198.51.100.9 payload 0102030405060708 ; match
-j HMARK --hmark-tuple spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ah 192.0.2.9 > 198.51.100.9 payload 060400000102030405060708090a0b0c ; match
-j HMARK --hmark-tuple spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: esp 192.0.2.9 > 198.51.100.9 payload 0102 ; match
-j HMARK --hmark-tuple spi --hmark-spi 5 --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: gre 192.0.2.9 > 198.51.100.9 payload 0102030405060708 ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 8 payload 0102 ; match
# an ICMP error goes by what it quotes, if it quotes enough
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 3 code 1 payload 4500001c00014000401100000a0000010a00000204000035000800ab ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload 4500001c00014000401100000a0000010a000002 ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload 4500001c00014000401100000a0000010a0000 ; ~ MARK=0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 11 payload 4500001c00012000401100000a0000010a00000204000035000800ab ; match
# fragments
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: wire 4500001c1267200040115c24c0000209c63364090400003500080000 ; match
@iptables mangle PREROUTING
@with filter FORWARD -m conntrack --ctstate NEW
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 192.0.2.9:1024 ; match / match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: icmp 192.0.2.9 > 198.51.100.9 type 8 payload 0102 ; match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: gre 192.0.2.9 > 198.51.100.9 payload 00000000 ; match
-j HMARK --hmark-tuple ct --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
@iptables mangle PREROUTING
-j HMARK --hmark-tuple ct,src,dst --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp 192.0.2.9:1024 > 198.51.100.9:53 ; match
@ip6tables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x77
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 ; match
-j HMARK --hmark-src-prefix 35 --hmark-dst-prefix 120 --hmark-sport-mask 0xff --hmark-rnd 7 --hmark-mod 100 --hmark-offset 3 ; eth0: tcp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 syn ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ipv6-icmp 2001:db8:2::9 > 2001:db8:100::9 type 128 payload 0102 ; match
# quoted: UDP, and less than a header
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ipv6-icmp 2001:db8:2::9 > 2001:db8:100::9 type 1 payload 60000000000811402001000000000000000000000000000120010000000000000000000000000002040000350008ffff ; match
-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ipv6-icmp 2001:db8:2::9 > 2001:db8:100::9 type 1 payload 6000000000081140200100000000000000000000000000012001000000000000000000000000 ; ~ MARK=0x77
-j HMARK --hmark-tuple src,spi --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: esp 2001:db8:2::9 > 2001:db8:100::9 payload 0102030405060708 ; match
# an authentication header ahead of UDP: its SPI
-j HMARK --hmark-tuple spi,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ah 2001:db8:2::9 > 2001:db8:100::9 payload 110400000102030405060708090a0b0c0d0e0f00101112130400003500080000 ; match
@ip6tables mangle PREROUTING
@with filter FORWARD -m conntrack --ctstate NEW
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: udp [2001:db8:2::9]:1024 > [2001:db8:100::9]:53 ; match
-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-rnd 7 --hmark-mod 4294967295 ; eth0: ipv6-icmp 2001:db8:2::9 > 2001:db8:100::9 type 128 payload 0102 ; match
