@iptables filter FORWARD
-m realm --realm 1 ; -m realm --realm 0x1 ; OK
-m realm ! --realm 0x10 ; = ; OK
-m realm --realm 1/0xff ; -m realm --realm 0x1/0xff ; OK
-m realm --realm 0 ; -m realm --realm cosmos ; OK
-m realm --realm cosmos ; = ; OK
-m realm --realm 1/ ; ; FAIL mask: bad value ""
-m realm --realm foo ; ; FAIL bad value "foo"
-m realm --realm cosmos/1 ; ; FAIL bad value "cosmos"
-m realm --realm 0x1/0xffffffff ; -m realm --realm 0x1 ; OK
-m realm --realm 5/3 ; -m realm --realm 0x5/0x3 ; OK
-m realm ; ; FAIL option --realm must be given
-m realm --realm "" ; ; FAIL bad value ""
-m realm --realm 0/0xff ; -m realm --realm 0x0/0xff ; OK
-m realm --realm 1x ; ; FAIL bad value "1x"
-m realm --realm 0x10000/0xffff0000 ; = ; OK
-m realm --realm " 1/ 1" ; -m realm --realm 0x1/0x1 ; OK
-m realm --realm COSMOS ; ; FAIL bad value "COSMOS"

@iptables raw PREROUTING
-m realm --realm 1 ; ; FAIL realm: only valid from INPUT FORWARD OUTPUT POSTROUTING, but the rule is reached from PREROUTING

@iptables filter OUTPUT
-m realm --realm 1 ; -m realm --realm 0x1 ; OK

@iptables mangle POSTROUTING
-m realm --realm 1 ; -m realm --realm 0x1 ; OK

@ip6tables filter FORWARD
-m realm --realm 1 ; ; FAIL match realm is not for IPv6

# packets

@iptables filter FORWARD
-m realm --realm 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m realm ! --realm 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m realm --realm 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m realm --realm 0/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m realm --realm 1/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m realm ! --realm 1/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match

@iptables filter OUTPUT
-m realm --realm cosmos ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
