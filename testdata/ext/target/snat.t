@iptables nat POSTROUTING INPUT
-p tcp -j SNAT ; ; FAIL SNAT: option --to-source must be given
-j SNAT --to-source 10.0.0.1 ; = ; OK
-j SNAT --to-s 10.0.0.1 ; -j SNAT --to-source 10.0.0.1 ; OK
-j SNAT --to-source 10.0.0.1-10.0.0.5 ; = ; OK
-j SNAT --to-source 10.0.0.5-10.0.0.1 ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1:80 ; = ; OK
-p tcp -j SNAT --to-source :80 ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1:80-90 ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1:90-80 ; ; FAIL SNAT: bad port range "90-80"
-p tcp -j SNAT --to-source 10.0.0.1:80-80 ; -p tcp -j SNAT --to-source 10.0.0.1:80 ; OK
-p tcp -j SNAT --to-source 10.0.0.1-10.0.0.3:80-90/1000 ; -p tcp -j SNAT --to-source 10.0.0.1-10.0.0.3:80-90/0 ; OK
-p tcp -j SNAT --to-source :80-90/1000 ; -p tcp -j SNAT --to-source :80-90/0 ; OK
-p tcp -j SNAT --to-source :80-90/http ; -p tcp -j SNAT --to-source :80-90/0 ; OK
-p tcp -j SNAT --to-source :80-90/0 ; ; FAIL SNAT: invalid base port "0"
-p tcp -j SNAT --to-source :80-90/100x ; -p tcp -j SNAT --to-source :80-90/0 ; OK
-p tcp -j SNAT --to-source :80-90/ ; ; FAIL SNAT: invalid base port ""
-p tcp -j SNAT --to-source :80/90 ; ; FAIL SNAT: unexpected "/90" behind the port: a range is written port-port
-p tcp -j SNAT --to-source :http ; -p tcp -j SNAT --to-source :80 ; OK
-p tcp -j SNAT --to-source :tftp ; -p tcp -j SNAT --to-source :69 ; OK
-p udp -j SNAT --to-source :http ; -p udp -j SNAT --to-source :80 ; OK
-p tcp -j SNAT --to-source :http-https ; ; FAIL SNAT: invalid port or service "http-https"
-p tcp -j SNAT --to-source :80-https ; ; FAIL SNAT: invalid port "https"
-p tcp -j SNAT --to-source :0 ; = ; OK
-p tcp -j SNAT --to-source :0-5 ; = ; OK
-p tcp -j SNAT --to-source :65536 ; ; FAIL SNAT: invalid port or service "65536"
-p tcp -j SNAT --to-source :65535 ; = ; OK
-p tcp -j SNAT --to-source :0x50 ; -p tcp -j SNAT --to-source :80 ; OK
-p tcp -j SNAT --to-source :080 ; ; FAIL SNAT: unexpected "80" behind the port: a range is written port-port
-p tcp -j SNAT --to-source : ; ; FAIL SNAT: invalid port or service ""
-p tcp -j SNAT --to-source "" ; ; FAIL SNAT: bad address ""
-p tcp -j SNAT --to-source 10.0.0.1: ; ; FAIL SNAT: invalid port or service ""
-p tcp -j SNAT --to-source 10.0.0.1:80:90 ; ; FAIL SNAT: bad address "10.0.0.1:80:90"
-p tcp -j SNAT --to-source :80:90 ; ; FAIL SNAT: bad address ":80:90"
-p tcp -j SNAT --to-source 10.1 ; ; FAIL SNAT: bad address "10.1"
-p tcp -j SNAT --to-source 10.0.0.1/24 ; ; FAIL SNAT: bad address "10.0.0.1/24"
-p tcp -j SNAT --to-source host.invalid ; ; FAIL SNAT: bad address "host.invalid"
-p tcp -j SNAT --to-source [10.0.0.1]:80 ; ; FAIL SNAT: bad address format "[10.0.0.1]:80": brackets stand around IPv6 addresses
-p tcp -j SNAT --to-source 10.0.0.1 --random ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1 --persistent --random ; -p tcp -j SNAT --to-source 10.0.0.1 --random --persistent ; OK
-p tcp -j SNAT --to-source 10.0.0.1 --random --random ; ; FAIL SNAT: option --random can only be used once
-p tcp -j SNAT --to-source 10.0.0.1 --random-fully ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1 --to-source 10.0.0.2 ; ; FAIL SNAT: option --to-source can only be used once
-p tcp -j SNAT --random --to-source 10.0.0.1 ; -p tcp -j SNAT --to-source 10.0.0.1 --random ; OK
-p tcp -j SNAT --random ; ; FAIL SNAT: option --to-source must be given
-j SNAT --to-source 10.0.0.1:80 ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-j SNAT -p tcp --to-source 10.0.0.1:80 ; -p tcp -j SNAT --to-source 10.0.0.1:80 ; OK
-j SNAT --to-source 10.0.0.1:80 -p tcp ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
! -p tcp -j SNAT --to-source 10.0.0.1:80 ; = ; OK
-p icmp -j SNAT --to-source 10.0.0.1:80 ; = ; OK
-p udplite -j SNAT --to-source 10.0.0.1:80 ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-p sctp -j SNAT --to-source 10.0.0.1:80 ; = ; OK
-p dccp -j SNAT --to-source 10.0.0.1:80 ; = ; OK
-p gre -j SNAT --to-source 10.0.0.1:80 ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-j SNAT ! --to-source 10.0.0.1 ; ; FAIL SNAT: option --to-source cannot be inverted
-p tcp -j SNAT --to-source 10.0.0.1-10.0.0.2-10.0.0.3 ; ; FAIL SNAT: bad address "10.0.0.2-10.0.0.3"
-p tcp -j SNAT --to-source 10.0.0.1- ; ; FAIL SNAT: bad address ""
-p tcp -j SNAT --to-source -10.0.0.1 ; ; FAIL SNAT: bad address ""
-p tcp -j SNAT --to-source 0.0.0.0 ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1:+80 ; -p tcp -j SNAT --to-source 10.0.0.1:80 ; OK
-p tcp -j SNAT --to-source 10.0.0.1:8x ; ; FAIL SNAT: unexpected "x" behind the port: a range is written port-port
-p tcp -j SNAT --to-source 10.0.0.1:80-90x ; ; FAIL SNAT: unexpected "x" behind the port range
-p tcp -j SNAT --to-source 10.0.0.1:80- ; ; FAIL SNAT: invalid port ""
-p tcp -j SNAT --to-source 10.0.0.010 ; ; FAIL SNAT: bad address "10.0.0.010"
-p tcp -j SNAT --to-source " 10.0.0.1" ; ; FAIL SNAT: bad address " 10.0.0.1"
-j SNAT --to-source 10.0.0.1 --random-fully ; = ; OK
-j SNAT --to-source 10.0.0.1 --random-fully --random --persistent ; -j SNAT --to-source 10.0.0.1 --random --random-fully --persistent ; OK
-j SNAT --to-source 10.0.0.1 --rand ; ; FAIL option "--rand" is ambiguous: it may be --random or --random-fully

@ip6tables nat POSTROUTING INPUT
-j SNAT --to-source 2001:db8::1 ; = ; OK
-j SNAT --to-source 2001:db8::1-2001:db8::5 ; = ; OK
-j SNAT --to-source [2001:db8::1] ; -j SNAT --to-source 2001:db8::1 ; OK
-j SNAT --to-source [2001:db8::1-2001:db8::5] ; -j SNAT --to-source 2001:db8::1-2001:db8::5 ; OK
-j SNAT --to-source [2001:db8::1]-[2001:db8::5] ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "db8::5]"
-p tcp -j SNAT --to-source [2001:db8::1]:80 ; = ; OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::5]:80-90 ; = ; OK
-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::5]:80-90/1000 ; -p tcp -j SNAT --to-source [2001:db8::1-2001:db8::5]:80-90/0 ; OK
-p tcp -j SNAT --to-source :80 ; = ; OK
-p tcp -j SNAT --to-source []:80 ; -p tcp -j SNAT --to-source :80 ; OK
-p tcp -j SNAT --to-source [:80 ; ; FAIL SNAT: bad address format "[:80": brackets stand around IPv6 addresses
-p tcp -j SNAT --to-source 2001:db8::1:80 ; = ; OK
-p tcp -j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: bad address "10.0.0.1"
-p tcp -j SNAT --to-source :: ; = ; OK
-p tcp -j SNAT --to-source [2001:db8::1]80 ; -p tcp -j SNAT --to-source 2001:db8::1 ; OK
-p tcp -j SNAT --to-source x[2001:db8::1]:80 ; -p tcp -j SNAT --to-source [2001:db8::1]:80 ; OK
-p icmpv6 -j SNAT --to-source [2001:db8::1]:80 ; ; FAIL SNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-p icmp -j SNAT --to-source [2001:db8::1]:80 ; = ; OK
-p tcp -j SNAT --to-source ::ffff:10.0.0.1 ; = ; OK
-p tcp -j SNAT --to-source [2001:db8::1]: ; ; FAIL SNAT: invalid port or service ""
-p tcp -j SNAT --to-source [2001:db8::1]:80-http ; ; FAIL SNAT: invalid port "http"
-j SNAT --to-source fe80::1%lo ; ; FAIL SNAT: bad address "fe80::1%lo"
-j SNAT --to-source 2001:DB8:0:0:0:0:0:1 ; -j SNAT --to-source 2001:db8::1 ; OK
-p tcp -j SNAT --to-source abcd:80 ; ; FAIL SNAT: bad address "abcd"

@iptables nat OUTPUT
-j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: only valid from INPUT POSTROUTING, but the rule is reached from OUTPUT

@iptables nat PREROUTING
-j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: only valid from INPUT POSTROUTING, but the rule is reached from PREROUTING

@iptables filter INPUT
-j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: only valid in table nat, not filter

@iptables mangle POSTROUTING
-j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: only valid in table nat, not mangle

@iptables nat X
-j SNAT --to-source 10.0.0.1 ; = ; OK

@iptables filter X
-j SNAT --to-source 10.0.0.1 ; ; FAIL SNAT: only valid in table nat, not filter

# packets

@iptables nat POSTROUTING
-j SNAT --to-source 192.0.2.77 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 / eth0: udp 203.0.113.5:53 > 192.0.2.77:1024 ; > eth0: udp 192.0.2.77:1024 > 203.0.113.5:53 ttl 63 / past > eth1: udp 203.0.113.5:53 > 198.51.100.9:1024 ttl 63
-p udp -j SNAT --to-source 192.0.2.77:5000 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; > eth0: udp 192.0.2.77:5000 > 203.0.113.5:53 ttl 63
-p udp -j SNAT --to-source :5000 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; > eth0: udp 198.51.100.9:5000 > 203.0.113.5:53 ttl 63
-p udp -j SNAT --to-source 192.0.2.77:1000-2000 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; > eth0: udp 192.0.2.77:1024 > 203.0.113.5:53 ttl 63
-p tcp -j SNAT --to-source 192.0.2.77 ; eth1: tcp 198.51.100.9:1024 > 203.0.113.5:80 syn ; > eth0: tcp 192.0.2.77:1024 > 203.0.113.5:80 syn ttl 63
-j SNAT --to-source 192.0.2.70-192.0.2.77 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; match
-j SNAT --to-source 192.0.2.70-192.0.2.77 --persistent ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; match
-p icmp -j SNAT --to-source 192.0.2.77 ; eth1: icmp 198.51.100.9 > 203.0.113.5 echo-request ; > eth0: icmp 192.0.2.77 > 203.0.113.5 echo-request ttl 63

@iptables nat INPUT
-j SNAT --to-source 198.51.100.77 ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-reply ; past
-j SNAT --to-source 198.51.100.77 ; eth0: udp 203.0.113.5:7 > 192.0.2.1:53 ; > udp 198.51.100.77:7 > 192.0.2.1:53

@ip6tables nat POSTROUTING
-p udp -j SNAT --to-source [2001:db8:2::77]:5000 ; eth1: udp [2001:db8:100::9]:1024 > [2001:db8:9::5]:53 ; > eth0: udp [2001:db8:2::77]:5000 > [2001:db8:9::5]:53 ttl 63
