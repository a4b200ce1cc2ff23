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
