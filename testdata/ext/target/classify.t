@iptables mangle FORWARD
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
-j CLASSIFY --set-class 0001:ffff ; = ; OK
-j CLASSIFY --set-class 10000:0 ; -j CLASSIFY --set-class 0000:0000 ; OK
-j CLASSIFY --set-class 1:20000 ; -j CLASSIFY --set-class 0001:0000 ; OK
-j CLASSIFY --set-class 0x10:1 ; -j CLASSIFY --set-class 0010:0001 ; OK
-j CLASSIFY --set-class 1 ; ; FAIL need major
-j CLASSIFY --set-class 1: ; ; FAIL need major
-j CLASSIFY --set-class :1 ; ; FAIL need major
-j CLASSIFY --set-class 1:2x ; -j CLASSIFY --set-class 0001:0002 ; OK
-j CLASSIFY --set-class " 1: 2" ; -j CLASSIFY --set-class 0001:0002 ; OK
-j CLASSIFY --set-class -1:2 ; -j CLASSIFY --set-class ffff:0002 ; OK
-j CLASSIFY ; ; FAIL option --set-class must be given
@iptables mangle PREROUTING
-j CLASSIFY --set-class 1:2 ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING, but the rule is
@iptables mangle INPUT
-j CLASSIFY --set-class 1:2 ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING, but the rule is
@iptables filter OUTPUT
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
@iptables filter FORWARD
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
@iptables raw OUTPUT
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
@iptables nat POSTROUTING
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
@iptables mangle FORWARD
-j CLASSIFY --set-class 1 :2 ; ; FAIL need major
-j CLASSIFY --set-class "1 :2" ; ; FAIL need major
-j CLASSIFY --set-class 100000001:ffffffffffffffffff ; -j CLASSIFY --set-class 0001:ffff ; OK
@ip6tables mangle POSTROUTING
-j CLASSIFY --set-class 1:2 ; -j CLASSIFY --set-class 0001:0002 ; OK
@iptables mangle FORWARD
-j CLASSIFY --set-class 1:2 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
