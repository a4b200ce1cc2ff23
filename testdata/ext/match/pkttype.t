@iptables filter FORWARD
-m pkttype --pkt-type unicast ; = ; OK
-m pkttype --pkt-type host ; -m pkttype --pkt-type unicast ; OK
-m pkttype --pkt-type HOST ; -m pkttype --pkt-type unicast ; OK
-m pkttype ! --pkt-type broadcast ; = ; OK
-m pkttype --pkt-type bcast ; -m pkttype --pkt-type broadcast ; OK
-m pkttype --pkt-type mcast ; -m pkttype --pkt-type multicast ; OK
-m pkttype --pkt-type multicast ; = ; OK
-m pkttype --pkt-type mu ; ; FAIL unknown word "mu"
-m pkttype --pkt-type us ; ; FAIL unknown word "us"
-m pkttype --pkt-type uni ; ; FAIL unknown word "uni"
-m pkttype --pkt-type other ; ; FAIL unknown word "other"
-m pkttype --pkt-type otherhost ; = ; OK
-m pkttype --pkt-type outgoing ; ; FAIL unknown word "outgoing"
-m pkttype --pkt-type loopback ; ; FAIL unknown word "loopback"
-m pkttype --pkt-type fastroute ; ; FAIL unknown word "fastroute"
-m pkttype --pkt-type kernel ; ; FAIL unknown word "kernel"
-m pkttype --pkt-type user ; ; FAIL unknown word "user"
-m pkttype --pkt-type "" ; ; FAIL unknown word ""
-m pkttype --pkt-type 0 ; ; FAIL unknown word "0"
-m pkttype ; ; FAIL option --pkt-type must be given

# packets

@iptables raw PREROUTING
-m pkttype --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m pkttype --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac ff:ff:ff:ff:ff:ff ; no
-m pkttype --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac 01:00:5e:00:00:01 ; no
-m pkttype --pkt-type broadcast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m pkttype --pkt-type broadcast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac ff:ff:ff:ff:ff:ff ; match
-m pkttype --pkt-type broadcast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac 01:00:5e:00:00:01 ; no
-m pkttype --pkt-type multicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m pkttype --pkt-type multicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac ff:ff:ff:ff:ff:ff ; no
-m pkttype --pkt-type multicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac 01:00:5e:00:00:01 ; match
-m pkttype --pkt-type otherhost ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m pkttype --pkt-type otherhost ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac ff:ff:ff:ff:ff:ff ; no
-m pkttype --pkt-type otherhost ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac 01:00:5e:00:00:01 ; no
-m pkttype ! --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m pkttype ! --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac ff:ff:ff:ff:ff:ff ; match
-m pkttype ! --pkt-type unicast ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 dmac 01:00:5e:00:00:01 ; match

@iptables filter OUTPUT
-m pkttype --pkt-type unicast ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m pkttype --pkt-type unicast ; udp 192.0.2.1:9 > 192.0.2.1:53 ; match
-m pkttype --pkt-type unicast ; udp 192.0.2.1:9 > 224.0.0.9:53 ; match
-m pkttype ! --pkt-type unicast ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m pkttype ! --pkt-type unicast ; udp 192.0.2.1:9 > 192.0.2.1:53 ; no
-m pkttype ! --pkt-type unicast ; udp 192.0.2.1:9 > 224.0.0.9:53 ; no
-m pkttype --pkt-type multicast ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m pkttype --pkt-type multicast ; udp 192.0.2.1:9 > 192.0.2.1:53 ; no
-m pkttype --pkt-type multicast ; udp 192.0.2.1:9 > 224.0.0.9:53 ; no

@ip6tables raw PREROUTING
-m pkttype --pkt-type unicast ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-m pkttype --pkt-type unicast ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 dmac 33:33:00:00:00:01 ; no
-m pkttype --pkt-type multicast ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; no
-m pkttype --pkt-type multicast ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 dmac 33:33:00:00:00:01 ; match
