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
