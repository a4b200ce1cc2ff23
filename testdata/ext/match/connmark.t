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

# packets

@iptables mangle FORWARD
@with mangle PREROUTING -m conntrack --ctstate NEW -j CONNMARK --set-mark 0x15
-m connmark --mark 0x15 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m connmark --mark 0x5/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m connmark --mark 0x15/0xf ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m connmark ! --mark 0x15 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m connmark ! --mark 0x5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m connmark --mark 0x0/0x2 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m connmark --mark 0x0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
# no connection, no match, not even inverted
-m connmark --mark 0x0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m connmark ! --mark 0x1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no

@iptables mangle FORWARD
@with raw PREROUTING -j NOTRACK
-m connmark --mark 0x0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no

@ip6tables mangle FORWARD
-m connmark --mark 0x0 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / match
