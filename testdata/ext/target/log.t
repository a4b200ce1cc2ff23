@iptables filter INPUT
-j LOG ; = ; OK
-j LOG --log-prefix "x: " ; = ; OK
-j LOG --log-prefix "" ; ; FAIL LOG: an empty prefix is not possible
-j LOG --log-prefix " ; ; FAIL LOG: a newline in the prefix is not possible
-j LOG --log-prefix x ; = ; OK
-j LOG --log-prefix 12345678901234567890123456789 ; = ; OK
-j LOG --log-prefix 123456789012345678901234567890 ; -j LOG --log-prefix 12345678901234567890123456789 ; OK
-j LOG --log-prefix "a\"b" ; = ; OK
-j LOG --log-level 4 ; -j LOG ; OK
-j LOG --log-level 0 ; = ; OK
-j LOG --log-level 7 ; = ; OK
-j LOG --log-level 8 ; ; FAIL LOG: unknown word "8"
-j LOG --log-level warning ; -j LOG ; OK
-j LOG --log-level warn ; ; FAIL LOG: unknown word "warn"
-j LOG --log-level error ; -j LOG --log-level 3 ; OK
-j LOG --log-level err ; ; FAIL LOG: unknown word "err"
-j LOG --log-level panic ; -j LOG --log-level 0 ; OK
-j LOG --log-level emerg ; -j LOG --log-level 0 ; OK
-j LOG --log-level alert ; -j LOG --log-level 1 ; OK
-j LOG --log-level crit ; -j LOG --log-level 2 ; OK
-j LOG --log-level notice ; -j LOG --log-level 5 ; OK
-j LOG --log-level info ; -j LOG --log-level 6 ; OK
-j LOG --log-level debug ; -j LOG --log-level 7 ; OK
-j LOG --log-level INFO ; ; FAIL LOG: unknown word "INFO"
-j LOG --log-level "" ; ; FAIL LOG: unknown word ""
-j LOG --log-level 0x4 ; -j LOG ; OK
-j LOG --log-level -1 ; ; FAIL LOG: unknown word "-1"
-j LOG --log-tcp-sequence ; = ; OK
-j LOG --log-tcp-options ; = ; OK
-j LOG --log-ip-options ; = ; OK
-j LOG --log-uid ; = ; OK
-j LOG --log-macdecode ; = ; OK
-j LOG --log-macdecode --log-uid --log-ip-options --log-tcp-options --log-tcp-sequence --log-level info --log-prefix z ; -j LOG --log-prefix z --log-level 6 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode ; OK
-j LOG --log-prefix a --log-prefix b ; ; FAIL LOG: option --log-prefix can only be used once
-j LOG --log-uid --log-uid ; ; FAIL LOG: option --log-uid can only be used once
-j LOG ! --log-uid ; ; FAIL LOG: option --log-uid cannot be inverted
-j LOG --log-prefix "a b'c" ; -j LOG --log-prefix "a b\'c" ; OK
-j LOG --log-prefix ; ; FAIL option "--log-prefix" needs a value
-p tcp -j LOG --log-tcp ; ; FAIL option "--log-tcp" is ambiguous: it may be --log-tcp-sequence or --log-tcp-options
-j LOG --log-prefix "a	b" ; = ; OK

@ip6tables nat OUTPUT
-j LOG --log-prefix "x: " --log-level 7 ; = ; OK

# packets

@iptables filter FORWARD
-j LOG ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-prefix "in: " ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-level 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-tcp-sequence ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-tcp-options ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-ip-options ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-uid ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-macdecode ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG --log-prefix x --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-j LOG ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j LOG ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request ; match

@iptables filter OUTPUT
-j LOG --log-uid ; udp 192.0.2.1:7 > 203.0.113.5:53 mark 0x5 ; match

@ip6tables filter FORWARD
-j LOG --log-prefix "six " ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
