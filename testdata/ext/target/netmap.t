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
