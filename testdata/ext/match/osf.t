@iptables filter FORWARD
-p tcp -m osf --genre Linux ; = ; OK
-p tcp -m osf --genre Linux --ttl 2 --log 1 ; = ; OK
-p tcp -m osf ! --genre Linux ; = ; OK
-p tcp -m osf --genre "Some OS" ; -p tcp -m osf --genre Some OS ; OK
-p tcp -m osf ; ; FAIL option --genre must be given
-p tcp -m osf --ttl 3 --genre x ; ; FAIL value 3 is out of range 0-2
-p tcp -m osf --log 3 --genre x ; ; FAIL value 3 is out of range 0-2
-p tcp -m osf --genre x --ttl 0 --log 0 ; = ; OK
-p tcp -m osf --genre 0123456789012345678901234567890 ; = ; OK
-p tcp -m osf --genre 01234567890123456789012345678901 ; -p tcp -m osf --genre 0123456789012345678901234567890 ; OK
-m osf --genre x ; ; FAIL osf: only valid with -p tcp
-p tcp -m osf --genre "a\"b" ; -p tcp -m osf --genre a"b ; OK

@ip6tables filter FORWARD
-p tcp -m osf --genre x ; ; FAIL match osf is not for IPv6

@iptables filter OUTPUT
-p tcp -m osf --genre x ; ; FAIL osf: only valid from PREROUTING INPUT FORWARD, but the rule is reached from OUTPUT

@iptables filter INPUT
-p tcp -m osf --genre x ; = ; OK

@iptables raw PREROUTING
-p tcp -m osf --genre x ; = ; OK

@iptables mangle POSTROUTING
-p tcp -m osf --genre x ; ; FAIL osf: only valid from PREROUTING INPUT FORWARD, but the rule is reached from POSTROUTING

# packets

@iptables filter FORWARD
-p tcp -m osf --genre Linux ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m osf ! --genre Linux ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
