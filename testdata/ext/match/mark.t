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
