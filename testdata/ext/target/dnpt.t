@ip6tables mangle PREROUTING
-j DNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; = ; OK
@ip6tables mangle OUTPUT
-j DNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; = ; OK
@ip6tables mangle POSTROUTING
-j DNPT --src-pfx 2001:db8:1::/48 --dst-pfx fd00:1::/48 ; ; FAIL only valid from PREROUTING OUTPUT, but the rule is reached
@ip6tables mangle PREROUTING
-j DNPT --src-pfx fd00:1::/48 --dst-pfx 2001:db8:100::/48 ; eth0: udp [2001:db8:2::9]:1 > [fd00:1:0:30b5::9]:2 / eth0: udp [2001:db8:2::9]:1 > [fd00:1::9]:2 ; match / match
-j DNPT --src-pfx fd00:1::/64 --dst-pfx 2001:db8:100::/64 ; eth0: udp [2001:db8:2::9]:1 > [fd00:1::ffff:ffff:ffff:ffff]:2 ; match
-j DNPT --src-pfx fd00:1::/48 --dst-pfx 2001:db8:100::/48 ; eth0: icmp6 2001:db8:2::9 > fd00:1:0:30b5::9 type 3 payload hex:6000000000081140fd00000100000000000000000000000920010db80002000000000000000000090001000200081395 ; match
@ip6tables mangle OUTPUT
-j DNPT --src-pfx fd00:1::/48 --dst-pfx 2001:db8:100::/48 ; udp [2001:db8:2::1]:1 > [fd00:1:0:30b5::9]:2 ; match
