@iptables mangle PREROUTING
-j CONNMARK ; ; FAIL CONNMARK: one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark must be given
-j CONNMARK --set-mark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --set-mark 1/0xff ; -j CONNMARK --set-xmark 0x1/0xff ; OK
-j CONNMARK --set-xmark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --set-xmark 1/0xf0 ; -j CONNMARK --set-xmark 0x1/0xf0 ; OK
-j CONNMARK --set-mark 0x1/0 ; -j CONNMARK --set-xmark 0x1/0x1 ; OK
-j CONNMARK --and-mark 0xff ; -j CONNMARK --set-xmark 0x0/0xffffff00 ; OK
-j CONNMARK --or-mark 0xff ; -j CONNMARK --set-xmark 0xff/0xff ; OK
-j CONNMARK --xor-mark 0xff ; -j CONNMARK --set-xmark 0xff/0x0 ; OK
-j CONNMARK --and-mark 0xff/1 ; ; FAIL CONNMARK: bad value "0xff/1"
-j CONNMARK --and-mark 0 ; -j CONNMARK --set-xmark 0x0/0xffffffff ; OK
-j CONNMARK --save-mark ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --save-mark --mask 0xff ; -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --restore-mark --mask 0xff ; -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf0 ; = ; OK
-j CONNMARK --save-mark --ctmask 0xf0 ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xf0 ; OK
-j CONNMARK --restore-mark --nfmask 0xf ; -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xffffffff ; OK
-j CONNMARK --save-mark --ctmask 0xf --nfmask 0xf ; -j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf ; OK
-j CONNMARK --save-mark --mask 0xffffffff ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --save-mark --mask 0 ; -j CONNMARK --save-mark --nfmask 0x0 --ctmask 0x0 ; OK
-j CONNMARK --set-mark 1 --mask 0xff ; -j CONNMARK --set-xmark 0x1/0xff ; OK
-j CONNMARK --set-mark 1 --nfmask 0xff ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --set-mark 1 --ctmask 0xff ; -j CONNMARK --set-xmark 0x1/0xff ; OK
-j CONNMARK --set-mark 1 --save-mark ; ; FAIL CONNMARK: only one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark may be given
-j CONNMARK --save-mark --restore-mark ; ; FAIL CONNMARK: only one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark may be given
-j CONNMARK --mask 0xff ; ; FAIL CONNMARK: one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark must be given
-j CONNMARK --mask 0xff --save-mark ; -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --save-mark --mask 0xff --nfmask 0xf ; ; FAIL CONNMARK: option --nfmask cannot be used together with --mask
-j CONNMARK --nfmask 0xff --save-mark ; -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xffffffff ; OK
-j CONNMARK --set-mark 1 --set-mark 2 ; ; FAIL CONNMARK: option --set-mark can only be used once
-j CONNMARK --set-mark 1 --set-xmark 2 ; ; FAIL CONNMARK: only one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark may be given
-j CONNMARK --set-mark x ; ; FAIL CONNMARK: bad value "x"
-j CONNMARK --set-mark 4294967296 ; ; FAIL CONNMARK: value 4294967296 is out of range 0-4294967295
-j CONNMARK ! --set-mark 1 ; ; FAIL CONNMARK: option --set-mark cannot be inverted
-j CONNMARK --set-mark 1 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 4 ; OK
-j CONNMARK --set-xmark 1 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x1/0xffffffff --left-shift-mark 4 ; OK
-j CONNMARK --set-xmark 1/0xff --right-shift-mark 4 ; -j CONNMARK --set-xmark 0x1/0xff --right-shift-mark 4 ; OK
-j CONNMARK --save-mark --left-shift-mark 4 ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 4 ; OK
-j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf0 --left-shift-mark 4 ; = ; OK
-j CONNMARK --restore-mark --right-shift-mark 4 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 4 ; OK
-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf0 --right-shift-mark 31 ; = ; OK
-j CONNMARK --restore-mark --right-shift-mark 32 ; ; FAIL CONNMARK: a shift by 32 bits is not possible
-j CONNMARK --restore-mark --left-shift-mark 0 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --restore-mark --left-shift-mark 33 ; ; FAIL CONNMARK: value 33 is out of range 0-32
-j CONNMARK --restore-mark --left-shift-mark 4 --right-shift-mark 4 ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --right-shift-mark 4 ; OK
-j CONNMARK --left-shift-mark 4 ; ; FAIL CONNMARK: one of --set-xmark, --set-mark, --and-mark, --or-mark, --xor-mark, --save-mark, --restore-mark must be given
-j CONNMARK --left-shift-mark 4 --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 4 ; OK
-j CONNMARK --and-mark 3 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x0/0xfffffffc --left-shift-mark 4 ; OK
-j CONNMARK --or-mark 3 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x3/0x3 --left-shift-mark 4 ; OK
-j CONNMARK --xor-mark 3 --left-shift-mark 4 ; -j CONNMARK --set-xmark 0x3/0x0 --left-shift-mark 4 ; OK
-j CONNMARK --save ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK
-j CONNMARK --set-mark " 1" ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --save-mark --mask x ; ; FAIL CONNMARK: bad value "x"
-j CONNMARK --save-mark --mask 4294967296 ; ; FAIL CONNMARK: value 4294967296 is out of range 0-4294967295
-j CONNMARK --mask 0xff --set-mark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --ctmask 0xff --set-mark 1 ; -j CONNMARK --set-xmark 0x1/0xffffffff ; OK
-j CONNMARK --ctmask 0xff --nfmask 0xf --or-mark 1 ; -j CONNMARK --set-xmark 0x1/0x1 ; OK
-j CONNMARK --mask 0xff --and-mark 1 ; -j CONNMARK --set-xmark 0x0/0xfffffffe ; OK
-j CONNMARK --mask 0xff --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff ; OK
-j CONNMARK --xor-mark 1 --mask 0xff ; -j CONNMARK --set-xmark 0x1/0xff ; OK
-j CONNMARK --right-shift-mark 4 --left-shift-mark 5 --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff --left-shift-mark 5 ; OK
-j CONNMARK --set-mark 1 --left-shift-mark 32 ; ; FAIL CONNMARK: a shift by 32 bits is not possible
-j CONNMARK --set-mark 1 --right-shift-mark 0x10 ; -j CONNMARK --set-xmark 0x1/0xffffffff --right-shift-mark 16 ; OK
-j CONNMARK --save-mark --mask 0xff --ctmask 1 ; ; FAIL CONNMARK: option --ctmask cannot be used together with --mask
-j CONNMARK --save-mark --mask 0xff --mask 0xff ; ; FAIL CONNMARK: option --mask can only be used once
-j CONNMARK --restore-mark --mask 0xff/0xf ; ; FAIL CONNMARK: bad value "0xff/0xf"

@iptables filter INPUT
-j CONNMARK --save-mark ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK

@iptables raw OUTPUT
-j CONNMARK --save-mark ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK

@iptables nat X
-j CONNMARK --save-mark ; -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK

@ip6tables mangle FORWARD
-j CONNMARK --restore-mark ; -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff ; OK

# packets

@iptables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x3c
@with mangle PREROUTING -j CONNMARK --set-mark 0x500
@with mangle FORWARD -j CONNMARK --restore-mark
-j CONNMARK --set-mark 1 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-j CONNMARK --set-mark 1/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x501
-j CONNMARK --set-xmark 0x5/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x505
-j CONNMARK --set-xmark 0xf1/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5f1
-j CONNMARK --and-mark 0x400 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x400
-j CONNMARK --or-mark 0x3 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x503
-j CONNMARK --xor-mark 0x501 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-j CONNMARK --set-mark 1 --left-shift-mark 4 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x10
-j CONNMARK --set-xmark 1/0xf --left-shift-mark 4 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5010
-j CONNMARK --set-xmark 1/0xf --right-shift-mark 8 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5
-j CONNMARK --save-mark ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x3c
-j CONNMARK --save-mark --mask 0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x50c
-j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf00 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xc
-j CONNMARK --save-mark --nfmask 0xff --ctmask 0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x53c
-j CONNMARK --save-mark --nfmask 0xf0 --ctmask 0xff ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x530
-j CONNMARK --save-mark --left-shift-mark 4 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x3c0
-j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf0 --left-shift-mark 4 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5c0
-j CONNMARK --save-mark --right-shift-mark 2 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xf
-j CONNMARK --save-mark --mask 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x500

@iptables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x3c
@with mangle PREROUTING -j CONNMARK --set-mark 0x503
-j CONNMARK --restore-mark ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x503
-j CONNMARK --restore-mark --mask 0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x33
-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0xf
-j CONNMARK --restore-mark --left-shift-mark 4 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5030
-j CONNMARK --restore-mark --right-shift-mark 8 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x5
-j CONNMARK --restore-mark --nfmask 0 --ctmask 0xff ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x3f
# no connection: nothing happens
-j CONNMARK --restore-mark ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; ~ MARK=0x3c

@ip6tables mangle PREROUTING
@with mangle PREROUTING -j MARK --set-mark 0x3c
@with mangle FORWARD -j CONNMARK --restore-mark --mask 0xff
-j CONNMARK --save-mark --mask 0xf ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; ~ MARK=0xc
