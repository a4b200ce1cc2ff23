@iptables filter INPUT
-m nfacct --nfacct-name  x ; = ; OK
-m nfacct --nfacct-name x ; -m nfacct --nfacct-name  x ; OK
-m nfacct --nfacct-name "a b" ; -m nfacct --nfacct-name  "a b" ; OK
-m nfacct --nfacct-name 0123456789012345678901234567890 ; -m nfacct --nfacct-name  0123456789012345678901234567890 ; OK
-m nfacct --nfacct-name 01234567890123456789012345678901 ; -m nfacct --nfacct-name  0123456789012345678901234567890 ; OK
-m nfacct ; ; FAIL option --nfacct-name must be given
-m nfacct --nfacct-name "" ; ; FAIL an empty name is not possible
-m nfacct ! --nfacct-name x ; ; FAIL option --nfacct-name cannot be inverted
-m nfacct --nfacct-name x --nfacct-name y ; ; FAIL option --nfacct-name can only be used once
@iptables nat OUTPUT
-m nfacct --nfacct-name x ; -m nfacct --nfacct-name  x ; OK
@ip6tables raw PREROUTING
-m nfacct --nfacct-name x -j ACCEPT ; -m nfacct --nfacct-name  x -j ACCEPT ; OK
@iptables filter INPUT
-m nfacct --nfacct-name x ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / match
-m nfacct --nfacct-name x -m udp -p udp --dport 3 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no
@ip6tables filter FORWARD
-m nfacct --nfacct-name "a b" ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; match
