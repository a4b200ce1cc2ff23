@iptables filter FORWARD
-m dscp --dscp 0x3f ; = ; OK
-m dscp --dscp 64 ; ; FAIL value 64 is out of range 0-63
-m dscp ! --dscp 10 ; -m dscp ! --dscp 0x0a ; OK
-m dscp --dscp-class EF ; -m dscp --dscp 0x2e ; OK
-m dscp --dscp-class ef ; -m dscp --dscp 0x2e ; OK
-m dscp --dscp-class CS1 ; -m dscp --dscp 0x08 ; OK
-m dscp --dscp-class be ; -m dscp --dscp 0x00 ; OK
-m dscp --dscp-class AF11 ; -m dscp --dscp 0x0a ; OK
-m dscp --dscp-class cs08 ; -m dscp --dscp 0x00 ; OK
-m dscp --dscp-class af11: ; -m dscp --dscp 0x0a ; OK
-m dscp --dscp-class CS ; ; FAIL need one of
-m dscp --dscp-class af4 ; ; FAIL unknown word "af4"
-m dscp --dscp-class VA ; ; FAIL unknown word "VA"
-m dscp --dscp-class LE ; ; FAIL unknown word "LE"
-m dscp --dscp-class va ; ; FAIL unknown word "va"
-m dscp ! --dscp-class CS7 ; -m dscp ! --dscp 0x38 ; OK
-m dscp --dscp-class E ; ; FAIL unknown word "E"
-m dscp ; ; FAIL one of --dscp, --dscp-class must be given
-m dscp --dscp 1 --dscp-class EF ; ; FAIL option --dscp cannot be used together with --dscp-class
-m dscp --dscp-class cs8 ; ; FAIL unknown word "cs8"
-m dscp --dscp-class AF44 ; ; FAIL unknown word "AF44"
-m dscp --dscp-class DF ; ; FAIL unknown word "DF"
-m dscp --dscp-class "" ; ; FAIL unknown word ""

# packets

@iptables filter FORWARD
-m dscp --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m dscp --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb8 ; match
-m dscp --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xbb ; match
-m dscp ! --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m dscp ! --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb8 ; no
-m dscp ! --dscp 0x2e ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xbb ; no
-m dscp --dscp-class CS0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m dscp --dscp-class CS0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb8 ; no
-m dscp --dscp-class CS0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xbb ; no

@ip6tables filter FORWARD
-m dscp --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m dscp --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb8 ; match
-m dscp --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xbb ; match
-m dscp ! --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m dscp ! --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb8 ; no
-m dscp ! --dscp 0x2e ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xbb ; no
-m dscp --dscp-class CS0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m dscp --dscp-class CS0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb8 ; no
-m dscp --dscp-class CS0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xbb ; no
