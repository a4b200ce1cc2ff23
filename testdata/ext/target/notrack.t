@iptables raw PREROUTING
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@ip6tables raw OUTPUT
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables raw X
-j NOTRACK ; = ; OK
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables filter INPUT
-j NOTRACK ; ; FAIL NOTRACK: only valid in table raw, not filter
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"
@iptables mangle X
-j NOTRACK ; ; FAIL NOTRACK: only valid in table raw, not mangle
-j NOTRACK --zone 5 ; ; FAIL unknown option "--zone"

# packets

@iptables raw PREROUTING
@with mangle PREROUTING -m conntrack --ctstate UNTRACKED -j MARK --set-mark 0x1
@with mangle PREROUTING -m conntrack --ctstate NEW -j MARK --set-mark 0x2
-j NOTRACK ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-p tcp -j NOTRACK ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no ~ MARK=0x2
