@iptables filter FORWARD
-m iprange --src-range 1.1.1.1-2.2.2.2 ; = ; OK
-m iprange --src-range 1.1.1.1 ; -m iprange --src-range 1.1.1.1-1.1.1.1 ; OK
-m iprange --dst-range 1.1.1.1-1.1.1.1 ; = ; OK
-m iprange ! --src-range 1.1.1.1-2.2.2.2 ! --dst-range 3.3.3.3-4.4.4.4 ; = ; OK
-m iprange --src-range 2.2.2.2-1.1.1.1 ; = ; OK
-m iprange --src-range 1.1-2.2 ; -m iprange --src-range 1.1.0.0-2.2.0.0 ; OK
-m iprange --src-range 1.1.1.1- ; ; FAIL bad address ""
-m iprange --src-range -1.1.1.1 ; ; FAIL bad address ""
-m iprange --src-range 1.1.1.1:2.2.2.2 ; ; FAIL bad address "1.1.1.1:2.2.2.2"
-m iprange --src-range 1.1.1.1-2.2.2.2-3.3.3.3 ; ; FAIL bad address "2.2.2.2-3.3.3.3"
-m iprange --src-range 010.1.1.1-2.2.2.2 ; -m iprange --src-range 8.1.1.1-2.2.2.2 ; OK
-m iprange --src-range 0x10.1.1.1-2.2.2.2 ; -m iprange --src-range 16.1.1.1-2.2.2.2 ; OK
-m iprange --src-range ::1-::2 ; ; FAIL bad address "::1"
-m iprange ; ; FAIL --src-range or --dst-range must be given
-m iprange --src-range a-b ; ; FAIL bad address "a"
-m iprange --src-range localhost-1.1.1.1 ; ; FAIL bad address "localhost"

@ip6tables filter FORWARD
-m iprange --src-range ::1-::2 ; = ; OK
-m iprange --src-range ::1 ; -m iprange --src-range ::1-::1 ; OK
-m iprange --src-range ::2-::1 ; = ; OK
-m iprange --src-range fe80::1%lo-fe80::2 ; ; FAIL bad address "fe80::1%lo"
-m iprange --src-range 1.1.1.1-2.2.2.2 ; ; FAIL bad address "1.1.1.1"
-m iprange ! --dst-range 2001:db8::1-2001:db8::ffff ; = ; OK

# packets

@iptables filter FORWARD
-m iprange --src-range 203.0.113.5-203.0.113.9 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m iprange --src-range 203.0.113.4-203.0.113.5 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m iprange --src-range 203.0.113.6-203.0.113.9 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m iprange ! --src-range 203.0.113.6-203.0.113.9 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m iprange --src-range 203.0.113.9-203.0.113.1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m iprange ! --src-range 203.0.113.9-203.0.113.1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m iprange --dst-range 198.51.100.9 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m iprange --src-range 0.0.0.0-255.255.255.255 --dst-range 198.51.100.10-255.255.255.255 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m iprange ! --src-range 0.0.0.0-1.1.1.1 ! --dst-range 0.0.0.0-1.1.1.1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match

@ip6tables filter FORWARD
-m iprange --src-range 2001:db8:9::-2001:db8:9::ffff ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m iprange --src-range 2001:db8:9::6-ffff:: ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m iprange ! --dst-range 2001:db8:100::9 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
