@iptables filter INPUT
-m connmark ; ; FAIL connmark: option --mark must be given
-m connmark --mark 1 ; -m connmark --mark 0x1 ; OK
-m connmark --mark 0x1/0xff ; = ; OK
-m connmark ! --mark 1/0xffffffff ; -m connmark ! --mark 0x1 ; OK
-m connmark --mark 1/0 ; -m connmark --mark 0x1/0x0 ; OK
-m connmark --mark 4294967296 ; ; FAIL connmark: value 4294967296 is out of range 0-4294967295
-m connmark --mark 1/ ; ; FAIL connmark: mask: bad value ""
-m connmark --mark x ; ; FAIL connmark: bad value "x"
-m connmark --mark 1 --mark 2 ; ; FAIL connmark: option --mark can only be used once

@ip6tables mangle X
-m connmark --mark 1/2 ; -m connmark --mark 0x1/0x2 ; OK
