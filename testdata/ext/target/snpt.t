@iptables mangle POSTROUTING
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL unknown option "--src-pfx"
@ip6tables mangle POSTROUTING
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; = ; OK
@ip6tables mangle INPUT
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; = ; OK
@ip6tables mangle PREROUTING
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL only valid from INPUT POSTROUTING, but the rule is reached
@ip6tables mangle FORWARD
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL only valid from INPUT POSTROUTING, but the rule is reached
@ip6tables nat POSTROUTING
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL only valid in table mangle, not nat
@ip6tables mangle POSTROUTING
-j SNPT --src-pfx 2001:db8:1::/48 ; ; FAIL option --dst-pfx must be given
-j SNPT --dst-pfx 2001:db8:1::/48 ; ; FAIL option --src-pfx must be given
-j SNPT ; ; FAIL option --src-pfx must be given
-j SNPT --src-pfx 2001:db8:1::/64 --dst-pfx fd00:1::/48 ; = ; OK
-j SNPT --src-pfx 2001:db8:1::/65 --dst-pfx fd00:1::/48 ; ; FAIL prefixes of 0-64 bits are needed
-j SNPT --src-pfx 2001:db8:1::/0 --dst-pfx fd00:1::/0 ; ; FAIL need ::/0
-j SNPT --src-pfx ::/0 --dst-pfx ::/0 ; -j SNPT ; OK
-j SNPT --src-pfx 2001:db8:1:: --dst-pfx fd00:1::/48 ; ; FAIL prefixes of 0-64 bits are needed
-j SNPT --src-pfx 2001:db8:1::1/48 --dst-pfx fd00:1::/48 ; ; FAIL need 2001:db8:1::/48
-j SNPT --src-pfx 2001:db8:1:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL need 2001:db8:1::/48
-j SNPT --src-pfx 2001:db8:1::/ffff:ffff:ffff:: --dst-pfx fd00:1::/48 ; -j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; OK
-j SNPT --src-pfx 2001:db8:1::/49 --dst-pfx fd00:1::/57 ; = ; OK
-j SNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 --src-pfx 2001:db8:1::/48 ; ; FAIL option --src-pfx can only be used once
-j SNPT --src-pfx 1.2.3.4/8 --dst-pfx fd00:1::/48 ; ; FAIL need an IPv6 address
-j SNPT ! --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL option --src-pfx cannot be inverted
@ip6tables mangle POSTROUTING
-j SNPT --src-pfx 2001:db8:2::/48 --dst-pfx fd00:1::/48 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; > eth1: wire 600012670008113ffd000001000030b9000000000000000920010db8010000000000000000000009000100020008a355
-j SNPT --src-pfx 2001:db8:2::/48 --dst-pfx fd00:1::/48 ; eth0: udp [2001:db8:7:ffff::9]:1 > [2001:db8:100::9]:2 / eth0: tcp [2001:db8:2:1234::9]:1 > [2001:db8:100::9]:2 syn ; match / match
-j SNPT --src-pfx 2001:db8:2::/64 --dst-pfx fd00:1::/60 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:db8:2:0:ffff::9]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:db8:2:0:ffff:ffff:ffff:7]:1 > [2001:db8:100::9]:2 ; match / match / match
-j SNPT --src-pfx 2001:db8:2::/49 --dst-pfx fd00:1:2::/56 ; eth0: udp [2001:db8:2:1234::9]:1 > [2001:db8:100::9]:2 ; match
-j SNPT --src-pfx ::/0 --dst-pfx ::/0 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; match
# an address without room for the difference
-j SNPT --src-pfx 2001:db8:2::/64 --dst-pfx fd00:1::/64 ; eth0: udp [2001:db8:2:0:ffff:ffff:ffff:ffff]:1 > [2001:db8:100::9]:2 ; match
# an error about a packet to the prefix
-j SNPT --src-pfx 2001:db8:2::/48 --dst-pfx fd00:1::/48 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 type 1 code 4 payload hex:600000000008114020010db801000000000000000000000920010db80002000000000000000000090001000200081395 ; match
-j SNPT --src-pfx 2001:db8:2::/48 --dst-pfx fd00:1::/48 ; eth0: icmp6 2001:db8:2::9 > 2001:db8:100::9 type 1 code 4 payload hex:600000000008114020010db801000000000000000000000920010db80003000000000000000000090001000200081395 ; match
