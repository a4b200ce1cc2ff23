@iptables filter OUTPUT
-m cgroup ; ; FAIL cgroup: one of --path and --cgroup must be given, and only one
-m cgroup --cgroup 1 ; = ; OK
-m cgroup ! --cgroup 1 ; = ; OK
-m cgroup --cgroup 4294967295 ; = ; OK
-m cgroup --path / ; -m cgroup --path "/" ; OK
-m cgroup --path "" ; = ; OK
-m cgroup --path nosuch ; = ; ASSUME
-m cgroup --path / --cgroup 1 ; ; FAIL cgroup: one of --path and --cgroup must be given, and only one
-m cgroup --cgroup 0 ; = ; OK
-m cgroup --cgroup 1 --path "" ; ; FAIL cgroup: one of --path and --cgroup must be given, and only one
-m cgroup --path "a b" ; = ; ASSUME
-m cgroup ! --path / ; -m cgroup ! --path "/" ; OK
-m cgroup --cgroup 0x10 ; -m cgroup --cgroup 16 ; OK
-m cgroup --cgroup 4294967296 ; ; FAIL value 4294967296 is out of range 0-4294967295
-m cgroup --cgroup x ; ; FAIL bad value "x"

@iptables filter INPUT
-m cgroup --cgroup 1 ; = ; OK

@iptables filter FORWARD
-m cgroup --cgroup 1 ; ; FAIL cgroup: only valid from INPUT OUTPUT POSTROUTING, but the rule is reached from FORWARD

@iptables mangle POSTROUTING
-m cgroup --cgroup 1 ; = ; OK

@iptables raw PREROUTING
-m cgroup --cgroup 1 ; ; FAIL cgroup: only valid from INPUT OUTPUT POSTROUTING, but the rule is reached from PREROUTING

@ip6tables filter OUTPUT
-m cgroup --cgroup 1 ; = ; OK

@iptables filter X
-m cgroup --cgroup 5 ; = ; OK

# packets

@iptables filter INPUT
-m cgroup --cgroup 0 ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m cgroup ! --cgroup 0 ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m cgroup ! --cgroup 5 ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m cgroup --path / ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no

@iptables filter OUTPUT
-m cgroup --cgroup 0 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m cgroup ! --cgroup 0 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m cgroup --cgroup 5 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m cgroup ! --cgroup 5 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m cgroup --path / ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m cgroup ! --path / ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m cgroup --path "" ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match

@iptables mangle POSTROUTING
-m cgroup ! --cgroup 5 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m cgroup ! --cgroup 5 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m cgroup --cgroup 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m cgroup --cgroup 0 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
