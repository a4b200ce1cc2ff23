@iptables filter INPUT
-j AUDIT --type accept ; = ; OK
-j AUDIT --type ACCEPT ; -j AUDIT --type accept ; OK
-j AUDIT --type drop ; = ; OK
-j AUDIT --type DROP ; -j AUDIT --type drop ; OK
-j AUDIT --type reject ; = ; OK
-j AUDIT --type REJECT ; -j AUDIT --type reject ; OK
-j AUDIT --type Reject ; -j AUDIT --type reject ; OK
-j AUDIT --type foo ; ; FAIL need one of accept, drop, reject
-j AUDIT ; ; FAIL option --type must be given
-j AUDIT --type drop --type drop ; ; FAIL option --type can only be used once
@ip6tables nat PREROUTING
-j AUDIT --type accept ; = ; OK
@iptables filter FORWARD
-j AUDIT --type drop ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
