@iptables mangle PREROUTING
-j MARK --set-mark 1 ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --set-mark 1/0xf0 ; -j MARK --set-xmark 0x1/0xf1 ; OK
-j MARK --set-xmark 1 ; -j MARK --set-xmark 0x1/0xffffffff ; OK
-j MARK --set-xmark 1/0xf0 ; -j MARK --set-xmark 0x1/0xf0 ; OK
-j MARK --and-mark 0xff ; -j MARK --set-xmark 0x0/0xffffff00 ; OK
-j MARK --or-mark 0xff ; -j MARK --set-xmark 0xff/0xff ; OK
-j MARK --xor-mark 0xff ; -j MARK --set-xmark 0xff/0x0 ; OK
-j MARK --and-mark 0xff/1 ; ; FAIL MARK: bad value "0xff/1"
-j MARK --set-mark x ; ; FAIL MARK: bad value "x"
-j MARK --set-mark 4294967296 ; ; FAIL MARK: value 4294967296 is out of range 0-4294967295
-j MARK --set-mark 1 --set-xmark 1 ; ; FAIL MARK: only one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark may be given
-j MARK --set-mark 1 --or-mark 1 ; ; FAIL MARK: only one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark may be given
-j MARK --set-mark 1 --set-mark 1 ; ; FAIL MARK: option --set-mark can only be used once
-j MARK ; ; FAIL MARK: one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark must be given
-j MARK ! --set-mark 1 ; ; FAIL MARK: option --set-mark cannot be inverted
-j MARK --set-mark 0 ; -j MARK --set-xmark 0x0/0xffffffff ; OK

@ip6tables filter INPUT
-j MARK --set-xmark 0x1/0xff ; = ; OK

@iptables raw X
-j MARK --set-xmark 0x1/0xff ; = ; OK

# packets

@iptables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x3c
-j MARK --set-mark 1 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-j MARK --set-mark 0x1/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x31
-j MARK --set-xmark 0x3/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x33
-j MARK --set-xmark 0xff/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xcf
-j MARK --and-mark 0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xc
-j MARK --or-mark 0x3 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x3f
-j MARK --xor-mark 0xff ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xc3
