@iptables filter INPUT
-p tcp -j SYNPROXY ; = ; OK
-p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460 ; = ; OK
-p tcp -j SYNPROXY --mss 1460 --wscale 7 --timestamp --sack-perm ; -p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460 ; OK
-p tcp -j SYNPROXY --wscale 14 ; = ; OK
-p tcp -j SYNPROXY --wscale 15 ; = ; OK
-p tcp -j SYNPROXY --wscale 0 ; = ; OK
-p tcp -j SYNPROXY --mss 0 ; = ; OK
-p tcp -j SYNPROXY --mss 65535 ; = ; OK
-p tcp -j SYNPROXY --mss 65536 ; -p tcp -j SYNPROXY --mss 0 ; OK
-p tcp -j SYNPROXY --ecn ; = ; OK
-j SYNPROXY ; ; FAIL only valid with -p tcp
! -p tcp -j SYNPROXY ; ; FAIL only valid with -p tcp
@iptables filter FORWARD
-p tcp -j SYNPROXY ; = ; OK
@iptables filter OUTPUT
-p tcp -j SYNPROXY ; ; FAIL only valid from INPUT FORWARD, but the rule is reached from
@iptables mangle FORWARD
-p tcp -j SYNPROXY ; = ; OK
@iptables raw PREROUTING
-p tcp -j SYNPROXY ; ; FAIL only valid from INPUT FORWARD, but the rule is reached from
@iptables mangle PREROUTING
-p tcp -j SYNPROXY ; ; FAIL only valid from INPUT FORWARD, but the rule is reached from
@iptables mangle INPUT
-p tcp -j SYNPROXY --wscale 256 ; -p tcp -j SYNPROXY --wscale 0 ; OK
@iptables filter INPUT
-p tcp -j SYNPROXY --wscale 256 ; -p tcp -j SYNPROXY --wscale 0 ; OK
-p tcp -j SYNPROXY --wscale 4294967296 ; ; FAIL out of range 0-4294967295
-p tcp -j SYNPROXY --mss 4294967296 ; ; FAIL out of range 0-4294967295
@ip6tables filter INPUT
-p tcp -j SYNPROXY --sack-perm ; = ; OK
@iptables filter FORWARD
-p tcp -j SYNPROXY ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 syn,ack / eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 rst / eth0: tcp 192.0.2.9:1 > 198.51.100.9:80 fin,ack ; match / match / match
-p tcp -j SYNPROXY ; eth0: udp 192.0.2.9:1 > 198.51.100.9:80 ; no
