@iptables filter FORWARD
-m length --length 5 ; = ; OK
-m length --length 5:6 ; = ; OK
-m length --length :6 ; -m length --length 0:6 ; OK
-m length --length 5: ; -m length --length 5:65535 ; OK
-m length --length : ; -m length --length 0:65535 ; OK
-m length --length 0:65535 ; = ; OK
-m length --length 6:5 ; = ; OK
-m length --length 65536 ; ; FAIL value 65536 is out of range 0-65535
-m length ! --length 5 ; = ; OK
-m length ! --length 5:10 ; = ; OK
-m length --length "" ; -m length --length 0 ; OK
-m length --length 1:2:3 ; ; FAIL bad value "2:3"
-m length ; ; FAIL option --length must be given

# packets

@iptables filter FORWARD
-m length --length 40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m length --length 40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn len 1 ; no
-m length --length 41: ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m length --length 41: ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn len 1 ; match
-m length --length :40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m length --length :40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn len 1 ; no
-m length ! --length 40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m length ! --length 40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn len 1 ; match
-m length --length 50:40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m length --length 50:40 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn len 1 ; no

@iptables filter FORWARD
-m length --length 28 ; eth0: wire 4500001c126720004011e227cb007105c63364090400003500080000 ; match
-m length --length 28 ; eth0: wire 4500001c1267000540110223cb007105c63364090400003500080000 ; match
-m length --length 28 ; eth0: wire 450000141267000040110230cb007105c6336409 ; no

@ip6tables filter FORWARD
-m length --length 60 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m length --length 60 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn len 1 ; no
-m length --length 20 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m length --length 20 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn len 1 ; no
-m length --length 61:65535 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m length --length 61:65535 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn len 1 ; match
