@iptables mangle INPUT
-j CHECKSUM --checksum-fill ; = ; OK
-j CHECKSUM ; ; FAIL option --checksum-fill must be given
@iptables filter INPUT
-j CHECKSUM --checksum-fill ; ; FAIL only valid in table mangle, not filter
@iptables mangle POSTROUTING
-p tcp -j CHECKSUM --checksum-fill ; = ; OK
@ip6tables mangle PREROUTING
-p udp -j CHECKSUM --checksum-fill ; = ; OK
@iptables mangle FORWARD
-j CHECKSUM --checksum-fill ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
