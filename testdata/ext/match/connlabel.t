@iptables filter INPUT
-m connlabel --label 5 ; -m connlabel --label "5" ; OK
-m connlabel ! --label 5 ; -m connlabel ! --label "5" ; OK
-m connlabel --label 5 --set ; -m connlabel --label "5" --set ; OK
-m connlabel ! --label 5 --set ; -m connlabel ! --label "5" --set ; OK
-m connlabel --label 65536 ; -m connlabel --label "0" ; OK
-m connlabel --label -4294967295 ; -m connlabel --label "1" ; OK
-m connlabel --label 65664 ; ; FAIL out of range
-m connlabel --label 2147483648 ; ; FAIL bad label
-m connlabel --label -1 ; ; FAIL bad label
-m connlabel --label 127 ; -m connlabel --label "127" ; OK
-m connlabel --label 128 ; ; FAIL out of range 0-127
-m connlabel --label foo ; ; FAIL need a number
-m connlabel --label 0 ; -m connlabel --label "0" ; OK
-m connlabel --label 0x5 ; -m connlabel --label "5" ; OK
-m connlabel --label 010 ; -m connlabel --label "8" ; OK
-m connlabel --label " 5" ; -m connlabel --label "5" ; OK
-m connlabel --label 5x ; ; FAIL need a number
-m connlabel --label "" ; ; FAIL not possible
-m connlabel --set ; ; FAIL option --label must be given
-m connlabel --label 5 --label 6 ; ; FAIL option --label can only be used once
-m connlabel --label -1 ; ; FAIL need a number
-m connlabel --label +1 ; -m connlabel --label "1" ; OK
@ip6tables filter INPUT
-m connlabel --label 1 ; -m connlabel --label "1" ; OK
@iptables mangle FORWARD
-m connlabel --label "5" ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; no
-m connlabel ! --label "5" ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-m connlabel --label "5" --set ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-m connlabel ! --label "5" --set ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; no
-m connlabel --label "5" --set ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-reply payload "A" ; no
-m connlabel ! --label "5" --set ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-reply payload "A" ; match
@iptables mangle FORWARD
@with mangle PREROUTING -p udp --dport 9 -m connlabel --label 127 --set
-m connlabel --label "127" ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 / eth1: udp 198.51.100.9:9 > 192.0.2.9:1 / eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match / match / no
-m connlabel --label "126" ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 ; no
