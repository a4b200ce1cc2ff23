@iptables filter FORWARD
-m helper --helper ftp ; = ; OK
-m helper --helper "" ; = ; OK
-m helper ! --helper ftp-21 ; = ; OK
-m helper --helper "a b" ; = ; OK
-m helper --helper 01234567890123456789012345678 ; = ; OK
-m helper --helper 012345678901234567890123456789 ; -m helper --helper 01234567890123456789012345678 ; OK
-m helper ; ; FAIL option --helper must be given
-m helper --helper "it's" ; -m helper --helper "it\'s" ; OK

@ip6tables filter FORWARD
-m helper --helper ftp ; = ; OK

# packets

@iptables filter FORWARD
-m helper --helper ftp ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m helper ! --helper ftp ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m helper --helper "" ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m helper ! --helper "" ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
