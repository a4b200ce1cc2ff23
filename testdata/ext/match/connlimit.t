@iptables filter INPUT
-m connlimit --connlimit-above 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit ! --connlimit-above 5 ; -m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-upto 5 ; -m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit ! --connlimit-upto 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-upto 5 ; ; FAIL option --connlimit-upto cannot be used together with
-m connlimit ; ; FAIL must be given
-m connlimit --connlimit-mask 24 ; ; FAIL must be given
-m connlimit --connlimit-above 5 --connlimit-mask 24 ; -m connlimit --connlimit-above 5 --connlimit-mask 24 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 0 ; -m connlimit --connlimit-above 5 --connlimit-mask 0 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 255.255.0.0 ; -m connlimit --connlimit-above 5 --connlimit-mask 16 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 255.0.255.0 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 33 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-saddr ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-daddr ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-daddr ; OK
-m connlimit --connlimit-above 5 --connlimit-daddr --connlimit-saddr ; ; FAIL option --connlimit-saddr cannot be used together with
-m connlimit --connlimit-above 0 ; -m connlimit --connlimit-above 0 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 4294967295 ; -m connlimit --connlimit-above 4294967295 --connlimit-mask 32 --connlimit-saddr ; OK
-m connlimit --connlimit-above 4294967296 ; ; FAIL out of range 0-4294967295
-m connlimit --connlimit-above 0x5 ; -m connlimit --connlimit-above 5 --connlimit-mask 32 --connlimit-saddr ; OK
@ip6tables filter INPUT
-m connlimit --connlimit-above 5 --connlimit-mask 33 ; -m connlimit --connlimit-above 5 --connlimit-mask 33 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask ffff:: ; -m connlimit --connlimit-above 5 --connlimit-mask 16 --connlimit-saddr ; OK
-m connlimit --connlimit-above 5 --connlimit-mask 129 ; ; FAIL need a length of 0-128 or an IPv6 mask
-m connlimit --connlimit-above 5 ; -m connlimit --connlimit-above 5 --connlimit-mask 128 --connlimit-saddr ; OK
@iptables mangle PREROUTING
-m connlimit --connlimit-above 1 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:2 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.8:1 > 192.0.2.1:2 ; no / no / match / match / no
-m connlimit --connlimit-upto 1 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:2 > 192.0.2.1:2 / eth0: udp 192.0.2.8:1 > 192.0.2.1:2 ; match / no / match
-m connlimit --connlimit-above 1 --connlimit-mask 24 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.8:1 > 192.0.2.1:2 / eth0: udp 192.0.3.8:1 > 192.0.2.1:2 ; no / match / no
-m connlimit --connlimit-above 1 --connlimit-mask 0 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 203.0.113.8:1 > 192.0.2.1:2 ; no / match
-m connlimit --connlimit-above 1 --connlimit-daddr ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 / eth0: udp 192.0.2.9:1 > 198.51.100.9:3 ; no / match / no
-m connlimit --connlimit-above 0 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match
# what cannot be counted is dropped; what is not tracked counts by its own addresses
-m connlimit --connlimit-above 0 ; eth0: wire 45000016126700004011e465c0000209c00002010001 ; drop
-m connlimit --connlimit-above 0 ; eth0: icmp 192.0.2.9 > 192.0.2.1 echo-reply payload "A" ; match
@iptables mangle PREROUTING
@with raw PREROUTING -p udp --dport 9 -j NOTRACK
-m connlimit --connlimit-above 1 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:9 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:3 > 192.0.2.1:2 ; no / match / match / match
@iptables mangle FORWARD
# a closed connection no longer counts; a packet of one that was assured finds itself gone and is dropped
-m connlimit --connlimit-above 0 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 syn seq 100 / wait 10ms / eth1: tcp 198.51.100.9:9 > 192.0.2.9:1 syn,ack seq 200 ackno 101 / wait 10ms / eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 ack seq 101 ackno 201 / wait 10ms / eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 rst seq 101 ; match / - / match / - / match / - / drop
-m connlimit --connlimit-above 1 ; eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 syn seq 100 / wait 10ms / eth0: udp 192.0.2.9:1 > 198.51.100.9:9 / wait 10ms / eth1: tcp 198.51.100.9:9 > 192.0.2.9:1 syn,ack seq 200 ackno 101 / wait 10ms / eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 ack seq 101 ackno 201 / wait 10ms / eth0: tcp 192.0.2.9:1 > 198.51.100.9:9 rst seq 101 ; no / - / match / - / no / - / match / - / no
@iptables raw PREROUTING
# ahead of connection tracking the connection is looked up
-m connlimit --connlimit-above 1 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 / eth0: udp 192.0.2.9:1 > 198.51.100.9:2 / eth0: udp 192.0.2.9:2 > 198.51.100.9:2 / eth1: udp 198.51.100.9:2 > 192.0.2.9:1 ; no / no / match / no
@ip6tables mangle PREROUTING
-m connlimit --connlimit-above 1 --connlimit-mask 64 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:2::1]:2 / eth0: udp [2001:db8:2::8]:1 > [2001:db8:2::1]:2 / eth0: udp [2001:db8:3::8]:1 > [2001:db8:2::1]:2 ; no / match / no
