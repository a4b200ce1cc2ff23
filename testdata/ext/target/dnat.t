@iptables nat PREROUTING OUTPUT
-p tcp -j DNAT ; ; FAIL DNAT: option --to-destination must be given
-j DNAT --to-destination 10.0.0.1 ; = ; OK
-j DNAT --to 10.0.0.1 ; -j DNAT --to-destination 10.0.0.1 ; OK
-j DNAT --to-destination 10.0.0.1-10.0.0.5 ; = ; OK
-j DNAT --to-destination 10.0.0.5-10.0.0.1 ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:80 ; = ; OK
-p tcp -j DNAT --to-destination :80 ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:80-90 ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:90-80 ; ; FAIL DNAT: bad port range "90-80"
-p tcp -j DNAT --to-destination 10.0.0.1:80-80 ; -p tcp -j DNAT --to-destination 10.0.0.1:80 ; OK
-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.3:80-90/1000 ; = ; OK
-p tcp -j DNAT --to-destination :80-90/1000 ; = ; OK
-p tcp -j DNAT --to-destination :80-90/http ; -p tcp -j DNAT --to-destination :80-90/80 ; OK
-p tcp -j DNAT --to-destination :80-90/0 ; ; FAIL DNAT: invalid base port "0"
-p tcp -j DNAT --to-destination :80-90/100x ; -p tcp -j DNAT --to-destination :80-90/100 ; OK
-p tcp -j DNAT --to-destination :80-90/ ; ; FAIL DNAT: invalid base port ""
-p tcp -j DNAT --to-destination :80/90 ; ; FAIL DNAT: unexpected "/90" behind the port: a range is written port-port
-p tcp -j DNAT --to-destination :http ; -p tcp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination :tftp ; -p tcp -j DNAT --to-destination :69 ; OK
-p udp -j DNAT --to-destination :http ; -p udp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination :http-https ; ; FAIL DNAT: invalid port or service "http-https"
-p tcp -j DNAT --to-destination :80-https ; ; FAIL DNAT: invalid port "https"
-p tcp -j DNAT --to-destination :0 ; = ; OK
-p tcp -j DNAT --to-destination :0-5 ; = ; OK
-p tcp -j DNAT --to-destination :65536 ; ; FAIL DNAT: invalid port or service "65536"
-p tcp -j DNAT --to-destination :65535 ; = ; OK
-p tcp -j DNAT --to-destination :0x50 ; -p tcp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination :080 ; ; FAIL DNAT: unexpected "80" behind the port: a range is written port-port
-p tcp -j DNAT --to-destination : ; ; FAIL DNAT: invalid port or service ""
-p tcp -j DNAT --to-destination "" ; ; FAIL DNAT: bad address ""
-p tcp -j DNAT --to-destination 10.0.0.1: ; ; FAIL DNAT: invalid port or service ""
-p tcp -j DNAT --to-destination 10.0.0.1:80:90 ; ; FAIL DNAT: bad address "10.0.0.1:80:90"
-p tcp -j DNAT --to-destination :80:90 ; ; FAIL DNAT: bad address ":80:90"
-p tcp -j DNAT --to-destination 10.1 ; ; FAIL DNAT: bad address "10.1"
-p tcp -j DNAT --to-destination 10.0.0.1/24 ; ; FAIL DNAT: bad address "10.0.0.1/24"
-p tcp -j DNAT --to-destination host.invalid ; ; FAIL DNAT: bad address "host.invalid"
-p tcp -j DNAT --to-destination [10.0.0.1]:80 ; ; FAIL DNAT: bad address format "[10.0.0.1]:80": brackets stand around IPv6 addresses
-p tcp -j DNAT --to-destination 10.0.0.1 --random ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1 --persistent --random ; -p tcp -j DNAT --to-destination 10.0.0.1 --random --persistent ; OK
-p tcp -j DNAT --to-destination 10.0.0.1 --random --random ; ; FAIL DNAT: option --random can only be used once
-p tcp -j DNAT --to-destination 10.0.0.1 --random-fully ; ; FAIL unknown option "--random-fully"
-p tcp -j DNAT --to-destination 10.0.0.1 --to-destination 10.0.0.2 ; ; FAIL DNAT: option --to-destination can only be used once
-p tcp -j DNAT --random --to-destination 10.0.0.1 ; -p tcp -j DNAT --to-destination 10.0.0.1 --random ; OK
-p tcp -j DNAT --random ; ; FAIL DNAT: option --to-destination must be given
-j DNAT --to-destination 10.0.0.1:80 ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-j DNAT -p tcp --to-destination 10.0.0.1:80 ; -p tcp -j DNAT --to-destination 10.0.0.1:80 ; OK
-j DNAT --to-destination 10.0.0.1:80 -p tcp ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
! -p tcp -j DNAT --to-destination 10.0.0.1:80 ; = ; OK
-p icmp -j DNAT --to-destination 10.0.0.1:80 ; = ; OK
-p udplite -j DNAT --to-destination 10.0.0.1:80 ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-p sctp -j DNAT --to-destination 10.0.0.1:80 ; = ; OK
-p dccp -j DNAT --to-destination 10.0.0.1:80 ; = ; OK
-p gre -j DNAT --to-destination 10.0.0.1:80 ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-j DNAT ! --to-destination 10.0.0.1 ; ; FAIL DNAT: option --to-destination cannot be inverted
-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.2-10.0.0.3 ; ; FAIL DNAT: bad address "10.0.0.2-10.0.0.3"
-p tcp -j DNAT --to-destination 10.0.0.1- ; ; FAIL DNAT: bad address ""
-p tcp -j DNAT --to-destination -10.0.0.1 ; ; FAIL DNAT: bad address ""
-p tcp -j DNAT --to-destination 0.0.0.0 ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:+80 ; -p tcp -j DNAT --to-destination 10.0.0.1:80 ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:8x ; ; FAIL DNAT: unexpected "x" behind the port: a range is written port-port
-p tcp -j DNAT --to-destination 10.0.0.1:80-90x ; ; FAIL DNAT: unexpected "x" behind the port range
-p tcp -j DNAT --to-destination 10.0.0.1:80- ; ; FAIL DNAT: invalid port ""
-p tcp -j DNAT --to-destination 10.0.0.010 ; ; FAIL DNAT: bad address "10.0.0.010"
-p tcp -j DNAT --to-destination " 10.0.0.1" ; ; FAIL DNAT: bad address " 10.0.0.1"
-p tcp -j DNAT --to-destination 10:80 ; -p tcp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination ab:80 ; -p tcp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination zip:80 ; ; FAIL DNAT: bad address "zip"
-p tcp -j DNAT --to-destination :zip ; -p tcp -j DNAT --to-destination :6 ; OK
-p tcp -j DNAT --to-destination :http-alt ; -p tcp -j DNAT --to-destination :8080 ; OK
-p tcp -j DNAT --to-destination :syslog ; -p tcp -j DNAT --to-destination :514 ; OK
-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.2:http-alt ; -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.2:8080 ; OK
-p tcp -j DNAT --to-destination 10.0.0.1:80-90/http-alt ; -p tcp -j DNAT --to-destination 10.0.0.1:80-90/8080 ; OK

@ip6tables nat PREROUTING OUTPUT
-j DNAT --to-destination 2001:db8::1 ; = ; OK
-j DNAT --to-destination 2001:db8::1-2001:db8::5 ; = ; OK
-j DNAT --to-destination [2001:db8::1] ; -j DNAT --to-destination 2001:db8::1 ; OK
-j DNAT --to-destination [2001:db8::1-2001:db8::5] ; -j DNAT --to-destination 2001:db8::1-2001:db8::5 ; OK
-j DNAT --to-destination [2001:db8::1]-[2001:db8::5] ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "db8::5]"
-p tcp -j DNAT --to-destination [2001:db8::1]:80 ; = ; OK
-p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::5]:80-90 ; = ; OK
-p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::5]:80-90/1000 ; = ; OK
-p tcp -j DNAT --to-destination :80 ; = ; OK
-p tcp -j DNAT --to-destination []:80 ; -p tcp -j DNAT --to-destination :80 ; OK
-p tcp -j DNAT --to-destination [:80 ; ; FAIL DNAT: bad address format "[:80": brackets stand around IPv6 addresses
-p tcp -j DNAT --to-destination 2001:db8::1:80 ; = ; OK
-p tcp -j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: bad address "10.0.0.1"
-p tcp -j DNAT --to-destination :: ; = ; OK
-p tcp -j DNAT --to-destination [2001:db8::1]80 ; -p tcp -j DNAT --to-destination 2001:db8::1 ; OK
-p tcp -j DNAT --to-destination x[2001:db8::1]:80 ; -p tcp -j DNAT --to-destination [2001:db8::1]:80 ; OK
-p icmpv6 -j DNAT --to-destination [2001:db8::1]:80 ; ; FAIL DNAT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "80"
-p icmp -j DNAT --to-destination [2001:db8::1]:80 ; = ; OK
-p tcp -j DNAT --to-destination ::ffff:10.0.0.1 ; = ; OK
-p tcp -j DNAT --to-destination [2001:db8::1]: ; ; FAIL DNAT: invalid port or service ""
-p tcp -j DNAT --to-destination [2001:db8::1]:80-http ; ; FAIL DNAT: invalid port "http"
-j DNAT --to-destination fe80::1%lo ; ; FAIL DNAT: bad address "fe80::1%lo"
-j DNAT --to-destination 2001:DB8:0:0:0:0:0:1 ; -j DNAT --to-destination 2001:db8::1 ; OK
-p tcp -j DNAT --to-destination abcd:80 ; ; FAIL DNAT: bad address "abcd"

@iptables nat INPUT
-j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: only valid from PREROUTING OUTPUT, but the rule is reached from INPUT

@iptables nat POSTROUTING
-j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: only valid from PREROUTING OUTPUT, but the rule is reached from POSTROUTING

@iptables filter INPUT
-j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: only valid in table nat, not filter

@iptables mangle PREROUTING
-j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: only valid in table nat, not mangle

@iptables nat X
-j DNAT --to-destination 10.0.0.1 ; = ; OK

@iptables filter X
-j DNAT --to-destination 10.0.0.1 ; ; FAIL DNAT: only valid in table nat, not filter

# packets

@iptables nat PREROUTING
-j DNAT --to-destination 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:53 ttl 63 / past > eth0: udp 192.0.2.1:53 > 203.0.113.5:1024 ttl 63
-p udp -j DNAT --to-destination 198.51.100.9:5353 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 203.0.113.5:1024 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:5353 ttl 63 / past > eth0: udp 192.0.2.1:53 > 203.0.113.5:1024 ttl 63
-p udp -j DNAT --to-destination :5353 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:5353 ttl 63
-p tcp -j DNAT --to-destination 198.51.100.9:8080 ; eth0: tcp 203.0.113.5:1024 > 192.0.2.1:80 syn ; > eth1: tcp 203.0.113.5:1024 > 198.51.100.9:8080 syn ttl 63
-p udp -j DNAT --to-destination 198.51.100.9:1000-1010 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:1000 ttl 63
-p udp -j DNAT --to-destination 198.51.100.9:50-60 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:53 ttl 63
-p udp -j DNAT --to-destination 198.51.100.9:1000-1010/50 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 ; > eth1: udp 203.0.113.5:1024 > 198.51.100.9:1003 ttl 63
-p icmp -j DNAT --to-destination 198.51.100.9 ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-request ; > eth1: icmp 203.0.113.5 > 198.51.100.9 echo-request ttl 63
-p gre -j DNAT --to-destination 198.51.100.9 ; eth0: proto 47 203.0.113.5 > 192.0.2.1 payload hex:0000080001020304 ; > eth1: proto 47 203.0.113.5 > 198.51.100.9 ttl 63 payload hex:0000080001020304
-j DNAT --to-destination 198.51.100.9-198.51.100.12 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 ; match
-j DNAT --to-destination 198.51.100.9-198.51.100.12 --persistent ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 ; match
# not tracked: the table is passed by
-j DNAT --to-destination 198.51.100.9 ; eth0: tcp 203.0.113.5:1024 > 192.0.2.1:80 fin,syn ; past

@iptables nat OUTPUT
-p udp -j DNAT --to-destination 198.51.100.9:5353 ; udp 192.0.2.1:1024 > 8.8.8.8:53 ; > eth1: udp 192.0.2.1:1024 > 198.51.100.9:5353

@ip6tables nat PREROUTING
-p udp -j DNAT --to-destination [2001:db8:100::9]:5353 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:2::1]:53 ; > eth1: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:5353 ttl 63
-j DNAT --to-destination 2001:db8:100::9-2001:db8:100::c ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:2::1]:53 ; match
