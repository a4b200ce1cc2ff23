@iptables filter INPUT
-m state ; ; FAIL state: option --state must be given
-m state --state NEW ; = ; OK
-m state ! --state NEW ; = ; OK
-m state --state new,invalid,RELATED,ESTABLISHED,UNTRACKED ; -m state --state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED ; OK
-m state --state SNAT ; ; FAIL state: unknown word "SNAT"
-m state --state FOO ; ; FAIL state: unknown word "FOO"
-m state --state "" ; ; FAIL state: unknown word ""
-m state --state NEW --state RELATED ; ; FAIL state: option --state can only be used once
-m state --state NEW, ; ; FAIL state: unknown word ""
-m state --ctstate NEW ; ; FAIL unknown option "--ctstate"
-m state --state NE ; -m state --state NEW ; OK
-m state --state U,e ; -m state --state ESTABLISHED,UNTRACKED ; OK
-m state --state D ; ; FAIL state: unknown word "D"
-m state --state ,NEW ; ; FAIL state: unknown word ""
-m state --state NEW,NEW ; -m state --state NEW ; OK

@ip6tables mangle FORWARD
-m state --state NEW ; = ; OK

# packets

@iptables mangle FORWARD
-m state --state NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / no / no
-m state --state ESTABLISHED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match
-m state ! --state NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match
-m state --state INVALID,NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / no / no
-m state --state RELATED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no
-m state --state UNTRACKED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no
-m state --state INVALID ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; match
-m state ! --state INVALID ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no

@iptables mangle FORWARD
@with raw PREROUTING -j NOTRACK
-m state --state UNTRACKED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m state --state NEW,INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
