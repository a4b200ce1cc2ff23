@iptables filter INPUT
-m addrtype ; ; FAIL addrtype: --src-type or --dst-type must be given
-m addrtype --src-type LOCAL ; = ; OK
-m addrtype --src-type local ; -m addrtype --src-type LOCAL ; OK
-m addrtype --src-type LOC ; -m addrtype --src-type LOCAL ; OK
-m addrtype --src-type UNI,loc ; -m addrtype --src-type UNICAST,LOCAL ; OK
-m addrtype --src-type UN ; -m addrtype --src-type UNSPEC ; OK
-m addrtype --src-type u ; -m addrtype --src-type UNSPEC ; OK
-m addrtype --src-type LOCAL,LOCAL ; -m addrtype --src-type LOCAL ; OK
-m addrtype --src-type "" ; ; FAIL addrtype: unknown word ""
-m addrtype --src-type LOCAL, ; ; FAIL addrtype: unknown word ""
-m addrtype --src-type ,LOCAL ; ; FAIL addrtype: unknown word ""
-m addrtype --src-type FOO ; ; FAIL addrtype: unknown word "FOO"
-m addrtype --src-type UNSPEC,UNICAST,LOCAL,BROADCAST,ANYCAST,MULTICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE ; = ; OK
-m addrtype --src-type XRESOLVE,NAT,THROW ; -m addrtype --src-type THROW,NAT,XRESOLVE ; OK
-m addrtype ! --src-type LOCAL ; = ; OK
-m addrtype ! --dst-type LOCAL --src-type UNICAST ; -m addrtype --src-type UNICAST ! --dst-type LOCAL ; OK
-m addrtype --src-type LOCAL --src-type UNICAST ; ; FAIL addrtype: option --src-type can only be used once
-m addrtype --limit-iface-in ; ; FAIL addrtype: --src-type or --dst-type must be given
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; ; FAIL addrtype: --limit-iface-out has no link to look at in INPUT
-m addrtype --dst-type LOCAL --limit-iface-in --limit-iface-out ; ; FAIL addrtype: option --limit-iface-in cannot be used together with --limit-iface-out
-m addrtype --limit-iface-in --dst-type LOCAL ; -m addrtype --dst-type LOCAL --limit-iface-in ; OK
-m addrtype ! --limit-iface-in --dst-type LOCAL ; ; FAIL addrtype: option --limit-iface-in cannot be inverted
-m addrtype --dst-type LOCAL --limit-iface-in --limit-iface-in ; ; FAIL addrtype: option --limit-iface-in can only be used once

@iptables filter FORWARD
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK

@iptables filter OUTPUT
-m addrtype --dst-type LOCAL --limit-iface-in ; ; FAIL addrtype: --limit-iface-in has no link to look at in OUTPUT
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK

@iptables nat PREROUTING
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; ; FAIL addrtype: --limit-iface-out has no link to look at in PREROUTING

@iptables nat POSTROUTING
-m addrtype --dst-type LOCAL --limit-iface-in ; ; FAIL addrtype: --limit-iface-in has no link to look at in POSTROUTING
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK

# nobody calls the chain, so no hook lacks the link
@iptables nat X
-m addrtype --dst-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --dst-type LOCAL --limit-iface-out ; = ; OK

@ip6tables filter INPUT
-m addrtype --src-type UNSPEC ; = ; OK
-m addrtype --src-type LOCAL --dst-type UNSPEC ; = ; OK
-m addrtype --src-type UNICAST ; = ; OK
-m addrtype --src-type LOCAL --dst-type UNICAST ; = ; OK
-m addrtype --src-type LOCAL ; = ; OK
-m addrtype --src-type LOCAL --dst-type LOCAL ; = ; OK
-m addrtype --src-type BROADCAST ; ; FAIL addrtype: IPv6 does not know the type BROADCAST
-m addrtype --src-type LOCAL --dst-type BROADCAST ; ; FAIL addrtype: IPv6 does not know the type BROADCAST
-m addrtype --src-type ANYCAST ; = ; OK
-m addrtype --src-type LOCAL --dst-type ANYCAST ; = ; OK
-m addrtype --src-type MULTICAST ; = ; OK
-m addrtype --src-type LOCAL --dst-type MULTICAST ; = ; OK
-m addrtype --src-type BLACKHOLE ; ; FAIL addrtype: IPv6 does not know the type BLACKHOLE
-m addrtype --src-type LOCAL --dst-type BLACKHOLE ; ; FAIL addrtype: IPv6 does not know the type BLACKHOLE
-m addrtype --src-type UNREACHABLE ; = ; OK
-m addrtype --src-type LOCAL --dst-type UNREACHABLE ; = ; OK
-m addrtype --src-type PROHIBIT ; ; FAIL addrtype: IPv6 does not know the type PROHIBIT
-m addrtype --src-type LOCAL --dst-type PROHIBIT ; ; FAIL addrtype: IPv6 does not know the type PROHIBIT
-m addrtype --src-type THROW ; ; FAIL addrtype: IPv6 does not know the type THROW
-m addrtype --src-type LOCAL --dst-type THROW ; ; FAIL addrtype: IPv6 does not know the type THROW
-m addrtype --src-type NAT ; ; FAIL addrtype: IPv6 does not know the type NAT
-m addrtype --src-type LOCAL --dst-type NAT ; ; FAIL addrtype: IPv6 does not know the type NAT
-m addrtype --src-type XRESOLVE ; ; FAIL addrtype: IPv6 does not know the type XRESOLVE
-m addrtype --src-type LOCAL --dst-type XRESOLVE ; ; FAIL addrtype: IPv6 does not know the type XRESOLVE
-m addrtype --src-type LOCAL --limit-iface-in ; = ; OK
-m addrtype --src-type LOCAL --limit-iface-out ; ; FAIL addrtype: --limit-iface-out has no link to look at in INPUT

# packets

@iptables mangle PREROUTING
-m addrtype --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; match
-m addrtype ! --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; no
-m addrtype --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.1:9 ; match
-m addrtype ! --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.1:9 ; no
-m addrtype --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 127.0.0.1:9 ; match
-m addrtype ! --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 127.0.0.1:9 ; no
-m addrtype --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype ! --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; no
-m addrtype ! --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; match
-m addrtype --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 192.0.2.255:9 ; match
-m addrtype ! --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 192.0.2.255:9 ; no
-m addrtype --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 255.255.255.255:9 ; match
-m addrtype ! --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 255.255.255.255:9 ; no
-m addrtype --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 0.0.0.0:9 ; match
-m addrtype ! --dst-type BROADCAST ; eth0: udp 203.0.113.5:9 > 0.0.0.0:9 ; no
-m addrtype --dst-type MULTICAST ; eth0: udp 203.0.113.5:9 > 224.0.0.1:9 ; match
-m addrtype ! --dst-type MULTICAST ; eth0: udp 203.0.113.5:9 > 224.0.0.1:9 ; no
-m addrtype --dst-type MULTICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --dst-type MULTICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --dst-type LOCAL,BROADCAST ; eth0: udp 203.0.113.5:9 > 192.0.2.255:9 ; match
-m addrtype ! --dst-type LOCAL,BROADCAST ; eth0: udp 203.0.113.5:9 > 192.0.2.255:9 ; no
-m addrtype --dst-type LOCAL,BROADCAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --dst-type LOCAL,BROADCAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --dst-type UNSPEC ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --dst-type UNSPEC ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --dst-type UNREACHABLE ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --dst-type UNREACHABLE ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 8.8.8.8:9 ; match
-m addrtype ! --dst-type UNICAST ; eth0: udp 203.0.113.5:9 > 8.8.8.8:9 ; no
-m addrtype --src-type UNICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype ! --src-type UNICAST ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype --src-type LOCAL ; eth0: udp 192.0.2.1:9 > 198.51.100.9:9 ; match
-m addrtype ! --src-type LOCAL ; eth0: udp 192.0.2.1:9 > 198.51.100.9:9 ; no
-m addrtype --src-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; no
-m addrtype ! --src-type LOCAL ; eth0: udp 203.0.113.5:9 > 198.51.100.9:9 ; match
-m addrtype --src-type BROADCAST ; eth0: udp 0.0.0.0:9 > 198.51.100.9:9 ; match
-m addrtype ! --src-type BROADCAST ; eth0: udp 0.0.0.0:9 > 198.51.100.9:9 ; no
-m addrtype --src-type MULTICAST ; eth0: udp 224.0.0.9:9 > 198.51.100.9:9 ; match
-m addrtype ! --src-type MULTICAST ; eth0: udp 224.0.0.9:9 > 198.51.100.9:9 ; no
-m addrtype --src-type UNICAST --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; match
-m addrtype --src-type UNICAST ! --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; no
-m addrtype --src-type LOCAL --dst-type LOCAL ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; no
# another link's address is just a unicast one
-m addrtype --dst-type LOCAL --limit-iface-in ; eth0: udp 203.0.113.5:9 > 192.0.2.1:9 ; match
-m addrtype --dst-type LOCAL --limit-iface-in ; eth0: udp 203.0.113.5:9 > 198.51.100.1:9 ; no
-m addrtype --dst-type UNICAST --limit-iface-in ; eth0: udp 203.0.113.5:9 > 198.51.100.1:9 ; match
-m addrtype ! --dst-type LOCAL --limit-iface-in ; eth0: udp 203.0.113.5:9 > 198.51.100.1:9 ; match
-m addrtype --dst-type BROADCAST --limit-iface-in ; eth0: udp 203.0.113.5:9 > 192.0.2.255:9 ; match
-m addrtype --dst-type BROADCAST --limit-iface-in ; eth1: udp 203.0.113.5:9 > 192.0.2.255:9 ; no

@iptables mangle POSTROUTING
-m addrtype --src-type LOCAL --limit-iface-out ; udp 192.0.2.1:9 > 8.8.8.8:9 ; match
-m addrtype --src-type LOCAL --limit-iface-out ; udp 198.51.100.1:9 > 8.8.8.8:9 ; no
-m addrtype --src-type LOCAL ; udp 198.51.100.1:9 > 8.8.8.8:9 ; match

@ip6tables mangle PREROUTING
-m addrtype --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype ! --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; no
-m addrtype --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::1 echo-reply ; match
-m addrtype ! --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::1 echo-reply ; no
-m addrtype --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype ! --dst-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype ! --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype ! --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; no
-m addrtype --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; no
-m addrtype ! --dst-type UNICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; match
-m addrtype --dst-type MULTICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; match
-m addrtype ! --dst-type MULTICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; no
-m addrtype --dst-type MULTICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; no
-m addrtype ! --dst-type MULTICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype --dst-type UNICAST,LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype ! --dst-type UNICAST,LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; no
-m addrtype --dst-type UNICAST,LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype ! --dst-type UNICAST,LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype --dst-type UNICAST,MULTICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; no
-m addrtype ! --dst-type UNICAST,MULTICAST ; eth0: icmp6 2001:db8:9::5 > ff02::1 echo-reply ; match
-m addrtype --dst-type UNICAST,MULTICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; no
-m addrtype ! --dst-type UNICAST,MULTICAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype --dst-type ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100:: echo-reply ; match
-m addrtype ! --dst-type ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100:: echo-reply ; no
-m addrtype --dst-type ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype ! --dst-type ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype --dst-type LOCAL,ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100:: echo-reply ; match
-m addrtype ! --dst-type LOCAL,ANYCAST ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100:: echo-reply ; no
-m addrtype --dst-type UNREACHABLE ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype ! --dst-type UNREACHABLE ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype --dst-type UNSPEC ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
-m addrtype ! --dst-type UNSPEC ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; match
-m addrtype --dst-type LOCAL --limit-iface-in ; eth0: icmp6 2001:db8:9::5 > 2001:db8:2::1 echo-reply ; match
-m addrtype --dst-type LOCAL --limit-iface-in ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::1 echo-reply ; no
-m addrtype --src-type LOCAL ; eth0: icmp6 2001:db8:9::5 > 2001:db8:100::9 echo-reply ; no
