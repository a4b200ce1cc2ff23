@iptables filter FORWARD
-m physdev ; ; FAIL at least one option must be given
-m physdev --physdev-in eth0 ; = ; OK
-m physdev --physdev-in eth+ ; = ; OK
-m physdev --physdev-in + ; = ; OK
-m physdev --physdev-in abcdefghijklmnop ; ; FAIL bad link name "abcdefghijklmnop": at most 15 bytes fit
-m physdev --physdev-in abcdefghijklmno ; = ; OK
-m physdev --physdev-in "a b" ; -m physdev --physdev-in a b ; OK
-m physdev --physdev-in a/b ; = ; OK
-m physdev ! --physdev-in eth0 ; = ; OK
-m physdev --physdev-out eth0 ; = ; OK
-m physdev --physdev-is-in --physdev-is-out --physdev-is-bridged ; = ; OK
-m physdev ! --physdev-is-in ! --physdev-is-out ! --physdev-is-bridged ; = ; OK
-m physdev --physdev-in a --physdev-out b ; = ; OK

@iptables filter INPUT
-m physdev --physdev-out eth0 ; = ; OK

@iptables filter OUTPUT
-m physdev --physdev-out eth0 ; ; FAIL physdev: the port that a packet leaves by is not known in OUTPUT
-m physdev --physdev-out eth0 --physdev-is-bridged ; = ; OK
-m physdev --physdev-out eth0 ! --physdev-is-bridged ; ; FAIL physdev: the port that a packet leaves by is not known in OUTPUT
-m physdev --physdev-is-out ; ; FAIL physdev: the port that a packet leaves by is not known in OUTPUT
-m physdev ! --physdev-is-out ; ; FAIL physdev: the port that a packet leaves by is not known in OUTPUT
-m physdev --physdev-is-in ; = ; OK

@iptables mangle POSTROUTING
-m physdev --physdev-out eth0 ; = ; OK

@ip6tables filter FORWARD
-m physdev --physdev-in a --physdev-out b ; = ; OK

# packets

@iptables filter FORWARD
-m physdev --physdev-in eth0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m physdev ! --physdev-in eth0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m physdev --physdev-is-in ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m physdev ! --physdev-is-in ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m physdev ! --physdev-is-bridged ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m physdev ! --physdev-is-in --physdev-is-out ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m physdev ! --physdev-in a ! --physdev-out b ! --physdev-is-in ! --physdev-is-out ! --physdev-is-bridged ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
