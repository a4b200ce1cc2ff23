@iptables filter FORWARD
-m devgroup --src-group 1 ; -m devgroup --src-group 0x1 ; OK
-m devgroup --src-group 0x10/0xf ; = ; OK
-m devgroup ! --src-group 1 ; -m devgroup ! --src-group 0x1 ; OK
-m devgroup --dst-group 1/1 --src-group 2 ; -m devgroup --src-group 0x2 --dst-group 0x1/0x1 ; OK
-m devgroup --src-group default ; = ; OK
-m devgroup --src-group 0 ; -m devgroup --src-group default ; OK
-m devgroup --src-group foo ; ; FAIL bad value "foo"
-m devgroup --src-group 1/ ; ; FAIL mask: bad value ""
-m devgroup --src-group 4294967296 ; ; FAIL value 4294967296 is out of range 0-4294967295 or "default"
-m devgroup --src-group 1/0xffffffff ; -m devgroup --src-group 0x1 ; OK
-m devgroup --src-group 5/0 ; -m devgroup --src-group 0x5/0x0 ; OK
-m devgroup ; ; FAIL --src-group or --dst-group must be given
-m devgroup --src-group default/1 ; ; FAIL bad value "default"
-m devgroup --src-group " 1" ; -m devgroup --src-group 0x1 ; OK
-m devgroup --src-group 0/1 ; -m devgroup --src-group 0x0/0x1 ; OK
-m devgroup --src-group 1/1/1 ; ; FAIL mask: bad value "1/1"
-m devgroup --src-group "" ; ; FAIL bad value ""
-m devgroup --src-group DEFAULT ; ; FAIL bad value "DEFAULT"
-m devgroup ! --src-group default ! --dst-group default ; = ; OK
-m devgroup --src-group default --src-group 1 ; ; FAIL option --src-group can only be used once

@iptables filter INPUT
-m devgroup --dst-group 1 ; ; FAIL devgroup: --dst-group has no link to look at in PREROUTING and INPUT

@iptables filter OUTPUT
-m devgroup --src-group 1 ; ; FAIL devgroup: --src-group has no link to look at in OUTPUT and POSTROUTING
-m devgroup --dst-group 1 ; -m devgroup --dst-group 0x1 ; OK

@iptables raw PREROUTING
-m devgroup --src-group 1 ; -m devgroup --src-group 0x1 ; OK

@iptables mangle POSTROUTING
-m devgroup --src-group 1 ; ; FAIL devgroup: --src-group has no link to look at in OUTPUT and POSTROUTING

# packets

@iptables filter FORWARD
-m devgroup --src-group 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m devgroup ! --src-group 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m devgroup --src-group 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m devgroup --src-group 2/1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m devgroup --src-group 1/2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m devgroup ! --dst-group 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m devgroup --src-group 0 --dst-group 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m devgroup --dst-group 5/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match

@ip6tables filter OUTPUT
-m devgroup --dst-group 0 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:53 ; match
-m devgroup --dst-group 7 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:53 ; no
