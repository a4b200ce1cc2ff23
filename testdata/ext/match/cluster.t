@iptables filter INPUT
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0x5 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000002 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 1 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 ! --cluster-local-nodemask 1 --cluster-hash-seed 5 ; -m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 5 ; -m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 5 ; ; FAIL the node is not one of the 2 of --cluster-total-nodes
-m cluster --cluster-total-nodes 2 --cluster-local-node 0 --cluster-hash-seed 5 ; ; FAIL out of range 1-32
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 3 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000003 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 4 --cluster-hash-seed 5 ; ; FAIL the node is not one of the 2 of --cluster-total-nodes
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 0 --cluster-hash-seed 5 ; ; FAIL out of range 1-32
-m cluster --cluster-total-nodes 1 --cluster-local-nodemask 1 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 1 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 1 --cluster-local-node 1 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 1 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 32 --cluster-local-nodemask 0xffffffff --cluster-hash-seed 5 ; ; FAIL out of range 1-32
-m cluster --cluster-total-nodes 32 --cluster-local-node 32 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0x00000005 ; OK
-m cluster --cluster-total-nodes 33 --cluster-local-node 1 --cluster-hash-seed 5 ; ; FAIL out of range 1-32
-m cluster --cluster-total-nodes 0 --cluster-local-node 1 --cluster-hash-seed 5 ; ; FAIL out of range 1-32
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 ; ; FAIL option --cluster-hash-seed must be given
-m cluster --cluster-total-nodes 2 --cluster-hash-seed 1 ; ; FAIL must be given
-m cluster --cluster-local-node 1 --cluster-hash-seed 1 ; ; FAIL option --cluster-total-nodes must be given
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-local-nodemask 1 --cluster-hash-seed 5 ; ; FAIL option --cluster-local-node cannot be used together with
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 4294967295 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0xffffffff ; OK
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 4294967296 ; ; FAIL out of range 0-4294967295
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5 --cluster-total-nodes 2 ; ; FAIL option --cluster-total-nodes can only be used once
-m cluster ; ; FAIL option --cluster-total-nodes must be given
@ip6tables filter INPUT
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5 ; -m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; OK
@iptables mangle FORWARD
-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 / eth1: udp 198.51.100.9:9 > 192.0.2.9:1 / eth0: udp 192.0.2.8:1 > 198.51.100.9:9 / eth0: udp 192.0.2.7:1 > 198.51.100.9:9 / eth0: udp 192.0.2.6:1 > 198.51.100.9:9 / eth0: udp 192.0.2.5:1 > 198.51.100.9:9 / eth0: udp 192.0.2.4:1 > 198.51.100.9:9 ; no / no / no / match / no / match / no
-m cluster --cluster-local-nodemask 0x00000016 --cluster-total-nodes 7 --cluster-hash-seed 0xdeadbeef ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 / eth0: udp 192.0.2.8:1 > 198.51.100.9:9 / eth0: udp 192.0.2.7:1 > 198.51.100.9:9 / eth0: udp 192.0.2.6:1 > 198.51.100.9:9 / eth0: udp 192.0.2.5:1 > 198.51.100.9:9 / eth0: udp 192.0.2.4:1 > 198.51.100.9:9 ; no / match / no / no / no / match
-m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 / eth0: udp 192.0.2.8:1 > 198.51.100.9:9 ; match / match
-m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005 ; eth0: icmp 192.0.2.9 > 198.51.100.9 echo-reply payload "A" ; no
-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 1 --cluster-hash-seed 0x00000005 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:9 ; match
# of IPv6 addresses only the first four bytes count
@ip6tables mangle FORWARD
-m cluster --cluster-local-nodemask 0x00000005 --cluster-total-nodes 4 --cluster-hash-seed 0x00000005 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:db8:3::8]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:db9:2::7]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:dba:2::6]:1 > [2001:db8:100::9]:2 / eth0: udp [2001:dbb:2::6]:1 > [2001:db8:100::9]:2 ; no / no / match / match / no
