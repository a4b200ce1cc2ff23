@iptables filter INPUT
-j NFQUEUE ; -j NFQUEUE --queue-num 0 ; OK
-j NFQUEUE --queue-num 0 ; = ; OK
-j NFQUEUE --queue-num 65535 ; = ; OK
-j NFQUEUE --queue-num 65536 ; ; FAIL out of range 0-65535
-j NFQUEUE --queue-balance 1:3 ; = ; OK
-j NFQUEUE --queue-balance 3:1 ; ; FAIL must be lower than the last
-j NFQUEUE --queue-balance 1:1 ; ; FAIL must be lower than the last
-j NFQUEUE --queue-balance 1 ; ; FAIL need first
-j NFQUEUE --queue-balance 0:65534 ; = ; OK
-j NFQUEUE --queue-balance 0:65535 ; ; FAIL at most 65535 queues are possible
-j NFQUEUE --queue-balance 1:65535 ; = ; OK
-j NFQUEUE --queue-balance 2:65535 ; = ; OK
-j NFQUEUE --queue-balance :3 ; -j NFQUEUE --queue-balance 0:3 ; OK
-j NFQUEUE --queue-balance 3: ; -j NFQUEUE --queue-balance 3:65535 ; OK
-j NFQUEUE --queue-balance 1:2:3 ; ; FAIL need first
-j NFQUEUE --queue-balance 1:3 --queue-cpu-fanout ; = ; OK
-j NFQUEUE --queue-num 3 --queue-cpu-fanout ; ; FAIL option --queue-cpu-fanout also needs --queue-balance
-j NFQUEUE --queue-cpu-fanout ; ; FAIL option --queue-cpu-fanout also needs --queue-balance
-j NFQUEUE --queue-num 3 --queue-bypass ; = ; OK
-j NFQUEUE --queue-bypass ; -j NFQUEUE --queue-num 0 --queue-bypass ; OK
-j NFQUEUE --queue-balance 1:3 --queue-bypass --queue-cpu-fanout ; = ; OK
-j NFQUEUE --queue-num 1 --queue-balance 1:3 ; ; FAIL option --queue-num cannot be used together with
@iptables nat PREROUTING
-j NFQUEUE --queue-num 7 ; = ; OK
@ip6tables raw PREROUTING
-j NFQUEUE --queue-num 7 ; = ; OK
@iptables filter FORWARD
-j NFQUEUE ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-j NFQUEUE --queue-balance 1:3 --queue-bypass ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
@iptables filter FORWARD
@with filter FORWARD -m comment --comment before
-j NFQUEUE --queue-num 7 --queue-bypass ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
@iptables filter OUTPUT
-j NFQUEUE --queue-num 7 ; udp 192.0.2.1:1 > 198.51.100.9:2 ; match
@ip6tables mangle OUTPUT
-j NFQUEUE --queue-num 7 --queue-bypass ; udp [2001:db8:2::1]:1 > [2001:db8:100::9]:2 ; > eth1: udp [2001:db8:2::1]:1 > [2001:db8:100::9]:2
