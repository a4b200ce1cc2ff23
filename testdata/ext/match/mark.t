@iptables filter INPUT
-m mark --mark 1 ; -m mark --mark 0x1 ; OK
-m mark --mark 0x1/0xff ; = ; OK
-m mark ! --mark 1/0xffffffff ; -m mark ! --mark 0x1 ; OK
-m mark --mark 1/0 ; -m mark --mark 0x1/0x0 ; OK
-m mark --mark 010 ; -m mark --mark 0x8 ; OK
-m mark --mark +1 ; -m mark --mark 0x1 ; OK
-m mark --mark " 1" ; -m mark --mark 0x1 ; OK
-m mark --mark 4294967295 ; -m mark --mark 0xffffffff ; OK
-m mark --mark 4294967296 ; ; FAIL mark: value 4294967296 is out of range 0-4294967295
-m mark --mark 1/ ; ; FAIL mark: mask: bad value ""
-m mark --mark /1 ; ; FAIL mark: bad value ""
-m mark --mark x ; ; FAIL mark: bad value "x"
-m mark --mark -1 ; ; FAIL mark: bad value "-1"
-m mark --mark "" ; ; FAIL mark: bad value ""
-m mark --mark 1/4294967296 ; ; FAIL mark: mask: value 4294967296 is out of range 0-4294967295
-m mark --mark 0xg ; ; FAIL mark: bad value "0xg"
-m mark --mark 1 --mark 2 ; ; FAIL mark: option --mark can only be used once
-m mark ; ; FAIL mark: option --mark must be given

@ip6tables mangle X
-m mark --mark 0x7/0x7 ; = ; OK

# packets

@iptables mangle FORWARD
@with mangle PREROUTING -j MARK --set-mark 0x15
-m mark --mark 0x15 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m mark --mark 0x5/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m mark --mark 0x15/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m mark ! --mark 0x15 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m mark ! --mark 0x5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m mark --mark 0x0/0x2 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match

@ip6tables filter OUTPUT
-m mark --mark 0x7 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 mark 0x7 ; match
-m mark --mark 0x7 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 ; no
