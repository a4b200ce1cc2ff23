@iptables filter INPUT
-m quota ; ; FAIL option --quota must be given
-m quota --quota 5 ; = ; OK
-m quota ! --quota 5 ; = ; OK
-m quota --quota 0 ; = ; OK
-m quota --quota 18446744073709551615 ; = ; OK
-m quota --quota 18446744073709551616 ; ; FAIL need a number
-m quota --quota 0x10 ; -m quota --quota 16 ; OK
-m quota --quota 1 --quota 2 ; ; FAIL option --quota can only be used once
-m quota --quota -1 ; ; FAIL need a number
@iptables mangle PREROUTING
-m quota --quota 70 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / match / no
-m quota ! --quota 28 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no / match
# a packet that does not fit uses up the rest
-m quota --quota 60 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 len 33 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no / no
-m quota --quota 0 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no
@ip6tables mangle PREROUTING
-m quota --quota 95 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:2::1]:2 / eth0: udp [2001:db8:2::9]:1 > [2001:db8:2::1]:2 ; match / no
