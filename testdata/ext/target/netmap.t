@iptables nat PREROUTING INPUT OUTPUT POSTROUTING
-j NETMAP ; ; FAIL NETMAP: option --to must be given
-j NETMAP --to 10.0.0.0/24 ; = ; OK
-j NETMAP --to 10.0.0.1/24 ; -j NETMAP --to 10.0.0.0/24 ; OK
-j NETMAP --to 10.0.0.1 ; -j NETMAP --to 10.0.0.1/32 ; OK
-j NETMAP --to 10.0.0.1/32 ; = ; OK
-j NETMAP --to 10.0.0.0/0 ; -j NETMAP --to 0.0.0.0/0 ; OK
-j NETMAP --to 10.0.0.0/255.255.0.0 ; -j NETMAP --to 10.0.0.0/16 ; OK
-j NETMAP --to 10.0.0.0/255.0.255.0 ; -j NETMAP --to 10.0.0.0/32 ; OK
-j NETMAP --to 10.0.0.0/33 ; -j NETMAP --to 10.0.0.0/32 ; OK
-j NETMAP --to 10.0.0.0/0x10 ; -j NETMAP --to 10.0.0.0/16 ; OK
-j NETMAP --to 10.0 ; -j NETMAP --to 10.0.0.0/32 ; OK
-j NETMAP --to 10.0/16 ; -j NETMAP --to 10.0.0.0/16 ; OK
-j NETMAP --to "" ; ; FAIL NETMAP: bad address ""
-j NETMAP --to foo.invalid ; ; FAIL NETMAP: bad address "foo.invalid"
-j NETMAP --to 10.0.0.0/24 --to 10.0.1.0/24 ; ; FAIL NETMAP: option --to can only be used once
-j NETMAP ! --to 10.0.0.0/24 ; ; FAIL NETMAP: option --to cannot be inverted
-j NETMAP --to 10.0.0.0/ ; ; FAIL NETMAP: bad mask ""

@ip6tables nat PREROUTING INPUT OUTPUT POSTROUTING
-j NETMAP --to 2001:db8::/64 ; = ; OK
-j NETMAP --to 2001:db8::1/64 ; -j NETMAP --to 2001:db8::/64 ; OK
-j NETMAP --to 2001:db8::1 ; -j NETMAP --to 2001:db8::1/128 ; OK
-j NETMAP --to 2001:db8::1/128 ; = ; OK
-j NETMAP --to ::/0 ; = ; OK
-j NETMAP --to 2001:db8::/ffff:ffff:: ; -j NETMAP --to 2001:db8::/32 ; OK
-j NETMAP --to 2001:db8::/ffff::ffff ; -j NETMAP --to 2001:db8::/128 ; OK
-j NETMAP --to 2001:db8::/129 ; ; FAIL NETMAP: bad mask "129"
-j NETMAP --to 10.0.0.0/24 ; ; FAIL NETMAP: bad address "10.0.0.0"

@iptables filter INPUT
-j NETMAP --to 10.0.0.0/24 ; ; FAIL NETMAP: only valid in table nat, not filter

@iptables mangle PREROUTING
-j NETMAP --to 10.0.0.0/24 ; ; FAIL NETMAP: only valid in table nat, not mangle

@iptables nat X
-j NETMAP --to 10.0.0.0/24 ; = ; OK

@iptables filter X
-j NETMAP --to 10.0.0.0/24 ; ; FAIL NETMAP: only valid in table nat, not filter

# packets

@iptables nat PREROUTING
-j NETMAP --to 198.51.100.0/28 ; eth0: udp 203.0.113.5:1024 > 10.1.2.57:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:53 ttl 63
-j NETMAP --to 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 10.1.2.57:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:53 ttl 63

@iptables nat POSTROUTING
-j NETMAP --to 192.0.2.64/26 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; > eth0: udp 192.0.2.73:1024 > 203.0.113.5:53 ttl 63

@iptables nat OUTPUT
-j NETMAP --to 198.51.100.0/24 ; udp 192.0.2.1:1024 > 10.1.2.57:53 ; > eth1: udp 192.0.2.1:1024 > 198.51.100.57:53

@iptables nat INPUT
-j NETMAP --to 198.51.100.0/24 ; eth0: udp 203.0.113.5:7 > 192.0.2.1:53 ; > udp 198.51.100.5:7 > 192.0.2.1:53

@ip6tables nat PREROUTING
-j NETMAP --to 2001:db8:100::/48 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:77::9]:53 ; > eth1: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ttl 63
