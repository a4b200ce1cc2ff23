@iptables nat PREROUTING OUTPUT
-j REDIRECT ; = ; OK
-j REDIRECT --random ; = ; OK
-j REDIRECT --random-fully ; ; FAIL unknown option "--random-fully"
-j REDIRECT --random-fully --random ; ; FAIL unknown option "--random-fully"
-j REDIRECT --rand ; -j REDIRECT --random ; OK
-p tcp -j REDIRECT --to-ports 1024-2048 ; = ; OK
-p tcp -j REDIRECT --to-ports 1024 ; = ; OK
-p tcp -j REDIRECT --to-ports 1024-2048/5 ; ; FAIL REDIRECT: a base port is possible with DNAT only
-p tcp -j REDIRECT --to-ports 1024/5 ; ; FAIL REDIRECT: unexpected "/5" behind the port: a range is written port-port
-p tcp -j REDIRECT --to-ports http ; -p tcp -j REDIRECT --to-ports 80 ; OK
-p tcp -j REDIRECT --to-ports 1-http ; ; FAIL REDIRECT: invalid port "http"
-p tcp -j REDIRECT --to-ports 1:5 ; ; FAIL REDIRECT: unexpected ":5" behind the port: a range is written port-port
-p tcp -j REDIRECT --to-ports 0 ; = ; OK
-p tcp -j REDIRECT --to-ports 5-3 ; ; FAIL REDIRECT: bad port range "5-3"
-p tcp -j REDIRECT --to-ports "" ; ; FAIL REDIRECT: invalid port or service ""
-p tcp -j REDIRECT --to-ports 65536 ; ; FAIL REDIRECT: invalid port or service "65536"
-p tcp -j REDIRECT --to-ports 0-0 ; -p tcp -j REDIRECT --to-ports 0 ; OK
-p icmp -j REDIRECT --to-ports 5 ; = ; OK
-p udplite -j REDIRECT --to-ports 5 ; ; FAIL REDIRECT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j REDIRECT --to-ports 5 ; ; FAIL REDIRECT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j REDIRECT --persistent ; ; FAIL unknown option "--persistent"
-p tcp -j REDIRECT --to-ports 5 --random ; = ; OK
-p tcp -j REDIRECT --to-ports 5 --to-ports 6 ; ; FAIL REDIRECT: option --to-ports can only be used once

@ip6tables nat PREROUTING OUTPUT
-j REDIRECT ; = ; OK
-j REDIRECT --random ; = ; OK
-j REDIRECT --random-fully ; ; FAIL unknown option "--random-fully"
-j REDIRECT --random-fully --random ; ; FAIL unknown option "--random-fully"
-j REDIRECT --rand ; -j REDIRECT --random ; OK
-p tcp -j REDIRECT --to-ports 1024-2048 ; = ; OK
-p tcp -j REDIRECT --to-ports 1024 ; = ; OK
-p tcp -j REDIRECT --to-ports 1024-2048/5 ; ; FAIL REDIRECT: a base port is possible with DNAT only
-p tcp -j REDIRECT --to-ports 1024/5 ; ; FAIL REDIRECT: unexpected "/5" behind the port: a range is written port-port
-p tcp -j REDIRECT --to-ports http ; -p tcp -j REDIRECT --to-ports 80 ; OK
-p tcp -j REDIRECT --to-ports 1-http ; ; FAIL REDIRECT: invalid port "http"
-p tcp -j REDIRECT --to-ports 1:5 ; ; FAIL REDIRECT: unexpected ":5" behind the port: a range is written port-port
-p tcp -j REDIRECT --to-ports 0 ; = ; OK
-p tcp -j REDIRECT --to-ports 5-3 ; ; FAIL REDIRECT: bad port range "5-3"
-p tcp -j REDIRECT --to-ports "" ; ; FAIL REDIRECT: invalid port or service ""
-p tcp -j REDIRECT --to-ports 65536 ; ; FAIL REDIRECT: invalid port or service "65536"
-p tcp -j REDIRECT --to-ports 0-0 ; -p tcp -j REDIRECT --to-ports 0 ; OK
-p icmpv6 -j REDIRECT --to-ports 5 ; ; FAIL REDIRECT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-p udplite -j REDIRECT --to-ports 5 ; ; FAIL REDIRECT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j REDIRECT --to-ports 5 ; ; FAIL REDIRECT: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j REDIRECT --persistent ; ; FAIL unknown option "--persistent"
-p tcp -j REDIRECT --to-ports 5 --random ; = ; OK
-p tcp -j REDIRECT --to-ports 5 --to-ports 6 ; ; FAIL REDIRECT: option --to-ports can only be used once

@iptables nat INPUT
-j REDIRECT ; ; FAIL REDIRECT: only valid from PREROUTING OUTPUT, but the rule is reached from INPUT

@iptables nat POSTROUTING
-j REDIRECT ; ; FAIL REDIRECT: only valid from PREROUTING OUTPUT, but the rule is reached from POSTROUTING

@iptables filter INPUT
-j REDIRECT ; ; FAIL REDIRECT: only valid in table nat, not filter

@iptables mangle PREROUTING
-j REDIRECT ; ; FAIL REDIRECT: only valid in table nat, not mangle

@iptables nat X
-j REDIRECT ; = ; OK

@iptables filter X
-j REDIRECT ; ; FAIL REDIRECT: only valid in table nat, not filter

# packets

@iptables nat PREROUTING
-j REDIRECT ; eth0: udp 203.0.113.5:1024 > 8.8.8.8:53 ; > udp 203.0.113.5:1024 > 192.0.2.1:53
-p udp -j REDIRECT --to-ports 5353 ; eth0: udp 203.0.113.5:1024 > 8.8.8.8:53 ; > udp 203.0.113.5:1024 > 192.0.2.1:5353
-p tcp -j REDIRECT --to-ports 1000-2000 ; eth1: tcp 198.51.100.9:5 > 8.8.8.8:53 syn ; > tcp 198.51.100.9:5 > 198.51.100.1:1000 syn

@iptables nat OUTPUT
-p udp -j REDIRECT --to-ports 5353 ; udp 192.0.2.1:1024 > 8.8.8.8:53 ; match

@ip6tables nat PREROUTING
-p udp -j REDIRECT --to-ports 5353 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:77::1]:53 ; > udp [2001:db8:9::5]:1024 > [2001:db8:2::1]:5353
