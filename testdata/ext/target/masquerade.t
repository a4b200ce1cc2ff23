@iptables nat POSTROUTING
-j MASQUERADE ; = ; OK
-j MASQUERADE --random ; = ; OK
-j MASQUERADE --random-fully ; = ; OK
-j MASQUERADE --random-fully --random ; -j MASQUERADE --random --random-fully ; OK
-j MASQUERADE --rand ; ; FAIL option "--rand" is ambiguous: it may be --random or --random-fully
-p tcp -j MASQUERADE --to-ports 1024-2048 ; = ; OK
-p tcp -j MASQUERADE --to-ports 1024 ; = ; OK
-p tcp -j MASQUERADE --to-ports 1024-2048/5 ; -p tcp -j MASQUERADE --to-ports 1024-2048/0 ; OK
-p tcp -j MASQUERADE --to-ports 1024/5 ; ; FAIL MASQUERADE: unexpected "/5" behind the port: a range is written port-port
-p tcp -j MASQUERADE --to-ports http ; -p tcp -j MASQUERADE --to-ports 80 ; OK
-p tcp -j MASQUERADE --to-ports 1-http ; ; FAIL MASQUERADE: invalid port "http"
-p tcp -j MASQUERADE --to-ports 1:5 ; ; FAIL MASQUERADE: unexpected ":5" behind the port: a range is written port-port
-p tcp -j MASQUERADE --to-ports 0 ; = ; OK
-p tcp -j MASQUERADE --to-ports 5-3 ; ; FAIL MASQUERADE: bad port range "5-3"
-p tcp -j MASQUERADE --to-ports "" ; ; FAIL MASQUERADE: invalid port or service ""
-p tcp -j MASQUERADE --to-ports 65536 ; ; FAIL MASQUERADE: invalid port or service "65536"
-p tcp -j MASQUERADE --to-ports 0-0 ; -p tcp -j MASQUERADE --to-ports 0 ; OK
-p icmp -j MASQUERADE --to-ports 5 ; = ; OK
-p udplite -j MASQUERADE --to-ports 5 ; ; FAIL MASQUERADE: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j MASQUERADE --to-ports 5 ; ; FAIL MASQUERADE: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j MASQUERADE --persistent ; ; FAIL unknown option "--persistent"
-p tcp -j MASQUERADE --to-ports 5 --random ; = ; OK
-p tcp -j MASQUERADE --to-ports 5 --to-ports 6 ; ; FAIL MASQUERADE: option --to-ports can only be used once

@ip6tables nat POSTROUTING
-j MASQUERADE ; = ; OK
-j MASQUERADE --random ; = ; OK
-j MASQUERADE --random-fully ; = ; OK
-j MASQUERADE --random-fully --random ; -j MASQUERADE --random --random-fully ; OK
-j MASQUERADE --rand ; ; FAIL option "--rand" is ambiguous: it may be --random or --random-fully
-p tcp -j MASQUERADE --to-ports 1024-2048 ; = ; OK
-p tcp -j MASQUERADE --to-ports 1024 ; = ; OK
-p tcp -j MASQUERADE --to-ports 1024-2048/5 ; -p tcp -j MASQUERADE --to-ports 1024-2048/0 ; OK
-p tcp -j MASQUERADE --to-ports 1024/5 ; ; FAIL MASQUERADE: unexpected "/5" behind the port: a range is written port-port
-p tcp -j MASQUERADE --to-ports http ; -p tcp -j MASQUERADE --to-ports 80 ; OK
-p tcp -j MASQUERADE --to-ports 1-http ; ; FAIL MASQUERADE: invalid port "http"
-p tcp -j MASQUERADE --to-ports 1:5 ; ; FAIL MASQUERADE: unexpected ":5" behind the port: a range is written port-port
-p tcp -j MASQUERADE --to-ports 0 ; = ; OK
-p tcp -j MASQUERADE --to-ports 5-3 ; ; FAIL MASQUERADE: bad port range "5-3"
-p tcp -j MASQUERADE --to-ports "" ; ; FAIL MASQUERADE: invalid port or service ""
-p tcp -j MASQUERADE --to-ports 65536 ; ; FAIL MASQUERADE: invalid port or service "65536"
-p tcp -j MASQUERADE --to-ports 0-0 ; -p tcp -j MASQUERADE --to-ports 0 ; OK
-p icmpv6 -j MASQUERADE --to-ports 5 ; ; FAIL MASQUERADE: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-p udplite -j MASQUERADE --to-ports 5 ; ; FAIL MASQUERADE: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j MASQUERADE --to-ports 5 ; ; FAIL MASQUERADE: a port needs -p tcp, udp, sctp, dccp or icmp ahead of it, got "5"
-j MASQUERADE --persistent ; ; FAIL unknown option "--persistent"
-p tcp -j MASQUERADE --to-ports 5 --random ; = ; OK
-p tcp -j MASQUERADE --to-ports 5 --to-ports 6 ; ; FAIL MASQUERADE: option --to-ports can only be used once

@iptables nat OUTPUT
-j MASQUERADE ; ; FAIL MASQUERADE: only valid from POSTROUTING, but the rule is reached from OUTPUT

@iptables nat INPUT
-j MASQUERADE ; ; FAIL MASQUERADE: only valid from POSTROUTING, but the rule is reached from INPUT

@iptables nat PREROUTING
-j MASQUERADE ; ; FAIL MASQUERADE: only valid from POSTROUTING, but the rule is reached from PREROUTING

@iptables filter INPUT
-j MASQUERADE ; ; FAIL MASQUERADE: only valid in table nat, not filter

@iptables mangle POSTROUTING
-j MASQUERADE ; ; FAIL MASQUERADE: only valid in table nat, not mangle

@iptables nat X
-j MASQUERADE ; = ; OK

@iptables filter X
-j MASQUERADE ; ; FAIL MASQUERADE: only valid in table nat, not filter

# packets

@iptables nat POSTROUTING
-j MASQUERADE ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 / eth0: udp 203.0.113.5:53 > 192.0.2.1:1024 ; > eth0: udp 192.0.2.1:1024 > 203.0.113.5:53 ttl 63 / past > eth1: udp 203.0.113.5:53 > 198.51.100.9:1024 ttl 63
-p udp -j MASQUERADE --to-ports 5000 ; eth1: udp 198.51.100.9:1024 > 203.0.113.5:53 ; > eth0: udp 192.0.2.1:5000 > 203.0.113.5:53 ttl 63
-p tcp -j MASQUERADE --to-ports 1000-2000 ; eth1: tcp 198.51.100.9:1024 > 203.0.113.5:80 syn ; > eth0: tcp 192.0.2.1:1024 > 203.0.113.5:80 syn ttl 63
-j MASQUERADE ; udp 198.51.100.1:1024 > 203.0.113.5:53 ; > eth0: udp 192.0.2.1:1024 > 203.0.113.5:53

@ip6tables nat POSTROUTING
-j MASQUERADE ; eth1: udp [2001:db8:100::9]:1024 > [2001:db8:9::5]:53 ; > eth0: udp [2001:db8:2::1]:1024 > [2001:db8:9::5]:53 ttl 63
