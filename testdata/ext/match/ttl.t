@iptables filter FORWARD
-m ttl --ttl-eq 5 ; = ; OK
-m ttl ! --ttl-eq 5 ; = ; OK
-m ttl --ttl 5 ; -m ttl --ttl-eq 5 ; OK
-m ttl ! --ttl 5 ; -m ttl ! --ttl-eq 5 ; OK
-m ttl --ttl 5 --ttl-eq 6 ; ; FAIL option --ttl-eq can only be used once
-m ttl --ttl-lt 5 ; = ; OK
-m ttl --ttl-lt 0 ; = ; OK
-m ttl --ttl-gt 255 ; = ; OK
-m ttl --ttl-gt 256 ; ; FAIL value 256 is out of range 0-255
-m ttl --ttl-eq 0x10 ; -m ttl --ttl-eq 16 ; OK
-m ttl --ttl-lt 5 --ttl-gt 3 ; ; FAIL option --ttl-lt cannot be used together with --ttl-gt
-m ttl ; ; FAIL one of --ttl-eq, --ttl-lt, --ttl-gt must be given
-m ttl --ttl-gt "" ; ; FAIL bad value ""

@ip6tables filter FORWARD
-m ttl --ttl-eq 5 ; ; FAIL match ttl is not for IPv6

# packets

@iptables filter FORWARD
-m ttl --ttl-eq 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m ttl --ttl-eq 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; no
-m ttl ! --ttl-eq 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m ttl ! --ttl-eq 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; match
-m ttl --ttl-lt 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m ttl --ttl-lt 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; no
-m ttl --ttl-lt 64 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m ttl --ttl-lt 64 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; no
-m ttl --ttl-gt 62 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m ttl --ttl-gt 62 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; match
-m ttl --ttl-gt 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m ttl --ttl-gt 63 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 255 ; match

@iptables mangle PREROUTING
-m ttl --ttl-eq 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 1 ; match
-m ttl --ttl-lt 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 1 ; no
-m ttl --ttl-gt 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ttl 1 ; match
