@iptables mangle PREROUTING
-j CONNSECMARK --save ; = ; OK
-j CONNSECMARK --restore ; = ; OK
-j CONNSECMARK ; ; FAIL must be given
-j CONNSECMARK --save --restore ; ; FAIL option --save cannot be used together with --restore
@iptables security INPUT
-j CONNSECMARK --save ; = ; OK
@iptables filter INPUT
-j CONNSECMARK --save ; ; FAIL only valid in table mangle or security, not filter
@ip6tables mangle PREROUTING
-j CONNSECMARK --save ; = ; OK
@iptables mangle FORWARD
-j CONNSECMARK --save ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
