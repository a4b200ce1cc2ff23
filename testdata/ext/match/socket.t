@iptables filter INPUT
-m socket ; = ; OK
-m socket --transparent ; = ; OK
-m socket --nowildcard ; = ; OK
-m socket --nowildcard --transparent --restore-skmark ; -m socket --transparent --nowildcard --restore-skmark ; OK
-m socket --restore-skmark ; = ; OK
-m socket ! --transparent ; ; FAIL option --transparent cannot be inverted

@iptables filter OUTPUT
-m socket ; ; FAIL socket: only valid from PREROUTING INPUT, but the rule is reached from OUTPUT

@iptables filter FORWARD
-m socket ; ; FAIL socket: only valid from PREROUTING INPUT, but the rule is reached from FORWARD

@iptables raw PREROUTING
-m socket ; = ; OK

@iptables mangle PREROUTING
-m socket --transparent ; = ; OK

@iptables mangle INPUT
-m socket ; = ; OK

@ip6tables mangle PREROUTING
-m socket --transparent --nowildcard ; = ; OK

@iptables filter X
-m socket ; = ; OK

# packets

@iptables filter INPUT
-m socket ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m socket ; eth0: tcp 203.0.113.5:1 > 192.0.2.1:2 syn ; no
-m socket ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-request payload hex:01 ; no
-m socket ; eth0: wire 450000151267000040fd697ecb007105c000020178 ; no
-m socket --nowildcard ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m socket --nowildcard ; eth0: tcp 203.0.113.5:1 > 192.0.2.1:2 syn ; no
-m socket --nowildcard ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-request payload hex:01 ; no
-m socket --nowildcard ; eth0: wire 450000151267000040fd697ecb007105c000020178 ; no
-m socket --nowildcard --transparent --restore-skmark ; eth0: udp 203.0.113.5:1 > 192.0.2.1:2 ; no
-m socket --nowildcard --transparent --restore-skmark ; eth0: tcp 203.0.113.5:1 > 192.0.2.1:2 syn ; no
-m socket --nowildcard --transparent --restore-skmark ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-request payload hex:01 ; no
-m socket --nowildcard --transparent --restore-skmark ; eth0: wire 450000151267000040fd697ecb007105c000020178 ; no

@ip6tables raw PREROUTING
-m socket --nowildcard ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; no
