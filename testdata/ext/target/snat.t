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
