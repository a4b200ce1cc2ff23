@iptables raw PREROUTING
-m rpfilter ; = ; OK
-m rpfilter --loose --validmark --accept-local --invert ; = ; OK
-m rpfilter --invert ; = ; OK
-m rpfilter ! --loose ; ; FAIL option --loose cannot be inverted

@iptables raw OUTPUT
-m rpfilter ; ; FAIL rpfilter: only valid from PREROUTING, but the rule is reached from OUTPUT

@iptables mangle PREROUTING
-m rpfilter --accept-local --loose ; -m rpfilter --loose --accept-local ; OK

@iptables nat PREROUTING
-m rpfilter ; ; FAIL rpfilter: only valid in table raw or mangle, not nat

@iptables mangle FORWARD
-m rpfilter ; ; FAIL rpfilter: only valid from PREROUTING, but the rule is reached from FORWARD

@iptables filter INPUT
-m rpfilter ; ; FAIL rpfilter: only valid in table raw or mangle, not filter

@ip6tables raw PREROUTING
-m rpfilter --validmark ; = ; OK

@iptables raw X
-m rpfilter ; = ; OK

@iptables filter X
-m rpfilter ; ; FAIL rpfilter: only valid in table raw or mangle, not filter

# packets

@iptables raw PREROUTING
-m rpfilter ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m rpfilter ; eth1: udp 198.51.100.7:1 > 192.0.2.1:2 ; match
-m rpfilter ; eth0: udp 192.0.2.1:1 > 192.0.2.1:2 ; no
-m rpfilter ; eth0: udp 0.0.0.0:68 > 255.255.255.255:67 ; match
-m rpfilter ; eth0: udp 0.0.0.0:68 > 192.0.2.1:67 ; match
-m rpfilter ; eth0: udp 192.0.2.7:1 > 224.0.0.5:2 ; match
-m rpfilter ; udp 127.0.0.1:1 > 127.0.0.1:2 ; match
-m rpfilter --invert ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m rpfilter --invert ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match
-m rpfilter --invert ; eth1: udp 198.51.100.7:1 > 192.0.2.1:2 ; no
-m rpfilter --invert ; eth0: udp 192.0.2.1:1 > 192.0.2.1:2 ; match
-m rpfilter --invert ; eth0: udp 0.0.0.0:68 > 255.255.255.255:67 ; no
-m rpfilter --invert ; eth0: udp 0.0.0.0:68 > 192.0.2.1:67 ; no
-m rpfilter --invert ; eth0: udp 192.0.2.7:1 > 224.0.0.5:2 ; no
-m rpfilter --invert ; udp 127.0.0.1:1 > 127.0.0.1:2 ; no
-m rpfilter --loose ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --loose ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match
-m rpfilter --loose ; eth1: udp 198.51.100.7:1 > 192.0.2.1:2 ; match
-m rpfilter --loose ; eth0: udp 192.0.2.1:1 > 192.0.2.1:2 ; no
-m rpfilter --loose ; eth0: udp 0.0.0.0:68 > 255.255.255.255:67 ; match
-m rpfilter --loose ; eth0: udp 0.0.0.0:68 > 192.0.2.1:67 ; match
-m rpfilter --loose ; eth0: udp 192.0.2.7:1 > 224.0.0.5:2 ; match
-m rpfilter --loose ; udp 127.0.0.1:1 > 127.0.0.1:2 ; match
-m rpfilter --accept-local ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --accept-local ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m rpfilter --accept-local ; eth1: udp 198.51.100.7:1 > 192.0.2.1:2 ; match
-m rpfilter --accept-local ; eth0: udp 192.0.2.1:1 > 192.0.2.1:2 ; match
-m rpfilter --accept-local ; eth0: udp 0.0.0.0:68 > 255.255.255.255:67 ; match
-m rpfilter --accept-local ; eth0: udp 0.0.0.0:68 > 192.0.2.1:67 ; match
-m rpfilter --accept-local ; eth0: udp 192.0.2.7:1 > 224.0.0.5:2 ; match
-m rpfilter --accept-local ; udp 127.0.0.1:1 > 127.0.0.1:2 ; match
-m rpfilter --loose --accept-local ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --loose --accept-local ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match
-m rpfilter --loose --accept-local ; eth1: udp 198.51.100.7:1 > 192.0.2.1:2 ; match
-m rpfilter --loose --accept-local ; eth0: udp 192.0.2.1:1 > 192.0.2.1:2 ; match
-m rpfilter --loose --accept-local ; eth0: udp 0.0.0.0:68 > 255.255.255.255:67 ; match
-m rpfilter --loose --accept-local ; eth0: udp 0.0.0.0:68 > 192.0.2.1:67 ; match
-m rpfilter --loose --accept-local ; eth0: udp 192.0.2.7:1 > 224.0.0.5:2 ; match
-m rpfilter --loose --accept-local ; udp 127.0.0.1:1 > 127.0.0.1:2 ; match

@iptables mangle PREROUTING
-m rpfilter ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m rpfilter --invert ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m rpfilter --invert ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match
-m rpfilter --loose ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --loose ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match
-m rpfilter --accept-local ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --accept-local ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m rpfilter --loose --accept-local ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m rpfilter --loose --accept-local ; eth1: udp 203.0.113.5:1 > 192.0.2.1:2 ; match

@ip6tables raw PREROUTING
-m rpfilter ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m rpfilter ; eth1: udp [2001:db8:9::5]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter ; eth1: udp [2001:db8:100::7]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter ; eth0: udp [2001:db8:2::1]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter ; eth0: udp [::]:1 > [ff02::1]:2 ; match
-m rpfilter ; eth0: udp [fe80::9]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter ; udp [::1]:1 > [::1]:2 ; match
-m rpfilter --invert ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m rpfilter --invert ; eth1: udp [2001:db8:9::5]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --invert ; eth1: udp [2001:db8:100::7]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter --invert ; eth0: udp [2001:db8:2::1]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --invert ; eth0: udp [::]:1 > [ff02::1]:2 ; no
-m rpfilter --invert ; eth0: udp [fe80::9]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter --invert ; udp [::1]:1 > [::1]:2 ; no
-m rpfilter --loose ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m rpfilter --loose ; eth1: udp [2001:db8:9::5]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose ; eth1: udp [2001:db8:100::7]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose ; eth0: udp [2001:db8:2::1]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter --loose ; eth0: udp [::]:1 > [ff02::1]:2 ; match
-m rpfilter --loose ; eth0: udp [fe80::9]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose ; udp [::1]:1 > [::1]:2 ; match
-m rpfilter --accept-local ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m rpfilter --accept-local ; eth1: udp [2001:db8:9::5]:1 > [2001:db8:2::1]:2 ; no
-m rpfilter --accept-local ; eth1: udp [2001:db8:100::7]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --accept-local ; eth0: udp [2001:db8:2::1]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --accept-local ; eth0: udp [::]:1 > [ff02::1]:2 ; match
-m rpfilter --accept-local ; eth0: udp [fe80::9]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --accept-local ; udp [::1]:1 > [::1]:2 ; match
-m rpfilter --loose --accept-local ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m rpfilter --loose --accept-local ; eth1: udp [2001:db8:9::5]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose --accept-local ; eth1: udp [2001:db8:100::7]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose --accept-local ; eth0: udp [2001:db8:2::1]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose --accept-local ; eth0: udp [::]:1 > [ff02::1]:2 ; match
-m rpfilter --loose --accept-local ; eth0: udp [fe80::9]:1 > [2001:db8:2::1]:2 ; match
-m rpfilter --loose --accept-local ; udp [::1]:1 > [::1]:2 ; match
