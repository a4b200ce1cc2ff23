@iptables filter FORWARD
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK
-m mac --mac-source 0:1:2:3:4:ff ; -m mac --mac-source 00:01:02:03:04:ff ; OK
-m mac --mac-source AA:bb:CC:dd:EE:ff ; -m mac --mac-source aa:bb:cc:dd:ee:ff ; OK
-m mac ! --mac-source 00:11:22:33:44:55 ; = ; OK
-m mac --mac-source 00:11:22:33:44 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 00:11:22:33:44:55:66 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 00-11-22-33-44-55 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 001122334455 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 00:11:22:33:44:155 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 0:0:0:0:0:g ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source 000:0:0:0:0:0 ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source " 1:0:0:0:0:0" ; -m mac --mac-source 01:00:00:00:00:00 ; OK
-m mac ; ; FAIL option --mac-source must be given
-m mac --mac-source ::::: ; -m mac --mac-source 00:00:00:00:00:00 ; OK
-m mac --mac-source -1:0:0:0:0:0 ; -m mac --mac-source ff:00:00:00:00:00 ; OK
-m mac --mac-source +1:0:0:0:0:0 ; -m mac --mac-source 01:00:00:00:00:00 ; OK
-m mac --mac-source 1:0:0:0:0: ; -m mac --mac-source 01:00:00:00:00:00 ; OK
-m mac --mac-source 1:0:0:0:0:0x ; ; FAIL a MAC address is six hex numbers joined by colons
-m mac --mac-source "" ; ; FAIL a MAC address is six hex numbers joined by colons

@iptables filter OUTPUT
-m mac --mac-source 00:11:22:33:44:55 ; ; FAIL mac: only valid from PREROUTING INPUT FORWARD, but the rule is reached from OUTPUT

@iptables filter INPUT
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK

@iptables mangle POSTROUTING
-m mac --mac-source 00:11:22:33:44:55 ; ; FAIL mac: only valid from PREROUTING INPUT FORWARD, but the rule is reached from POSTROUTING

@iptables raw PREROUTING
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK

@iptables filter X
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK

# packets

@iptables filter FORWARD
-m mac --mac-source 02:11:22:33:44:55 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m mac --mac-source 02:11:22:33:44:55 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn smac 02:11:22:33:44:55 ; match
-m mac ! --mac-source 02:11:22:33:44:55 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m mac ! --mac-source 02:11:22:33:44:55 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn smac 02:11:22:33:44:55 ; no

@iptables filter INPUT
-m mac --mac-source 02:11:22:33:44:55 ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 smac 02:11:22:33:44:55 ; match
-m mac ! --mac-source 02:11:22:33:44:55 ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 smac 02:11:22:33:44:55 ; no

@ip6tables filter FORWARD
-m mac --mac-source 02:11:22:33:44:55 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m mac --mac-source 02:11:22:33:44:55 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn smac 02:11:22:33:44:55 ; match
-m mac ! --mac-source 02:11:22:33:44:55 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m mac ! --mac-source 02:11:22:33:44:55 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn smac 02:11:22:33:44:55 ; no

@iptables raw PREROUTING
-m mac --mac-source 00:00:00:00:00:00 ; udp 127.0.0.1:1 > 127.0.0.1:2 ; no
-m mac ! --mac-source 00:00:00:00:00:01 ; udp 127.0.0.1:1 > 127.0.0.1:2 ; no
