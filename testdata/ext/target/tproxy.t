@iptables mangle PREROUTING
-p tcp -j TPROXY --on-port 80 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p udp -j TPROXY --on-port 80 ; -p udp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-j TPROXY --on-port 80 ; ; FAIL only valid with -p tcp or -p udp, not inverted
-p sctp -j TPROXY --on-port 80 ; ; FAIL only valid with -p tcp or -p udp, not inverted
! -p tcp -j TPROXY --on-port 80 ; ; FAIL only valid with -p tcp or -p udp, not inverted
-p tcp -j TPROXY ; ; FAIL option --on-port must be given
-p tcp -j TPROXY --on-port 0 ; -p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 65536 ; -p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port http ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 0x50 ; ; FAIL need a decimal number or a service name
-p tcp -j TPROXY --on-port 80 --on-ip 1.2.3.4 ; -p tcp -j TPROXY --on-port 80 --on-ip 1.2.3.4 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 80 --on-ip 10 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.10 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 80 --tproxy-mark 1 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff ; OK
-p tcp -j TPROXY --on-port 80 --tproxy-mark 1/1 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1 ; OK
-p tcp -j TPROXY --on-port 80 --tproxy-mark 0x10/0xff --on-ip 1.2.3.4 ; -p tcp -j TPROXY --on-port 80 --on-ip 1.2.3.4 --tproxy-mark 0x10/0xff ; OK
-p tcp -j TPROXY --on-port 80 --tproxy-mark 0 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0xffffffff ; OK
-p tcp -j TPROXY --on-port 80 --on-port 81 ; ; FAIL option --on-port can only be used once
@iptables mangle INPUT
-p tcp -j TPROXY --on-port 80 ; ; FAIL only valid from PREROUTING, but the rule is reached from
@iptables mangle FOO
-p tcp -j TPROXY --on-port 80 ; -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; OK
@iptables filter INPUT
-p tcp -j TPROXY --on-port 80 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle PREROUTING
-p tcp -j TPROXY --on-port 80 ; -p tcp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 80 --on-ip ::1 ; -p tcp -j TPROXY --on-port 80 --on-ip ::1 --tproxy-mark 0x0/0x0 ; OK
-p tcp -j TPROXY --on-port 80 --on-ip 1.2.3.4 ; ; FAIL need an IPv6 address
@iptables mangle PREROUTING
-p udp -j TPROXY --on-port 80 --tproxy-mark 1 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:80 / eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 syn ; match / no
-p tcp -j TPROXY --on-port 80 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 syn / eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 ack ; match / match
@ip6tables mangle PREROUTING
-p udp -j TPROXY --on-port 80 --on-ip ::1 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:80 ; match
