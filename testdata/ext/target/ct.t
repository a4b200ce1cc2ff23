@iptables raw PREROUTING OUTPUT
-j CT ; = ; OK
-j CT --notrack ; = ; OK
-j CT --zone 5 ; = ; OK
-j CT --zone 0 ; -j CT ; OK
-j CT --zone 65535 ; = ; OK
-j CT --zone 65536 ; ; FAIL CT: bad zone
-j CT --zone mark ; = ; OK
-j CT --zone MARK ; -j CT --zone mark ; OK
-j CT --zone x ; ; FAIL CT: bad zone
-j CT --zone 0x10 ; -j CT --zone 16 ; OK
-j CT --zone "" ; ; FAIL CT: bad zone
-j CT --zone-orig 5 ; = ; OK
-j CT --zone-reply 5 ; = ; OK
-j CT --zone-orig 0 ; -j CT ; OK
-j CT --zone-orig mark ; = ; OK
-j CT --zone-reply mark ; = ; OK
-j CT --zone-orig 5 --zone-reply 6 ; -j CT --zone 6 ; OK
-j CT --zone-reply 5 --zone-orig 6 ; -j CT --zone 6 ; OK
-j CT --zone 5 --zone-orig 6 ; -j CT --zone-orig 6 ; OK
-j CT --zone-orig mark --zone 7 ; -j CT --zone-orig mark ; OK
-j CT --zone 7 --zone-orig mark ; -j CT --zone-orig mark ; OK
-j CT --zone 5 --zone 6 ; ; FAIL CT: option --zone can only be used once
-j CT --notrack --zone 5 ; = ; OK
-j CT --notrack --helper ftp ; = ; OK
-p tcp -j CT --helper ftp ; = ; OK
-p tcp -m tcp --dport 21 -j CT --helper ftp ; = ; OK
-j CT --helper ftp ; ; FAIL CT: --helper needs a protocol: -p tcp or udp
-p udp -j CT --helper ftp ; ; FAIL CT: no helper "ftp" for udp over IPv4
! -p tcp -j CT --helper ftp ; ; FAIL CT: --helper needs a protocol: -p tcp or udp
-p udp -j CT --helper tftp ; = ; OK
-p tcp -j CT --helper "" ; -p tcp -j CT ; OK
-p udp -j CT --helper amanda ; = ; OK
-p tcp -j CT --helper amanda ; ; FAIL CT: no helper "amanda" for tcp over IPv4
-p udp -j CT --helper sip ; = ; OK
-p tcp -j CT --helper sip ; = ; OK
-p tcp -j CT --helper irc ; = ; OK
-p tcp -j CT --helper sane ; = ; OK
-p tcp -j CT --helper pptp ; = ; OK
-p udp -j CT --helper RAS ; = ; OK
-p tcp -j CT --helper Q.931 ; = ; OK
-p udp -j CT --helper H.245 ; = ; OK
-p udp -j CT --helper netbios-ns ; = ; OK
-p udp -j CT --helper snmp ; = ; OK
-p udp -j CT --helper snmp_trap ; = ; OK
-j CT --ctevents new ; = ; OK
-j CT --ctevents new,related,destroy,reply,assured,protoinfo,helper,mark,natseqinfo,secmark ; = ; OK
-j CT --ctevents destroy,new ; -j CT --ctevents new,destroy ; OK
-j CT --ctevents NEW ; ; FAIL CT: unknown word "NEW"
-j CT --ctevents foo ; ; FAIL CT: unknown word "foo"
-j CT --ctevents "" ; ; FAIL CT: unknown word ""
-j CT --ctevents new, ; ; FAIL CT: unknown word ""
-j CT --expevents new ; = ; OK
-j CT --expevents foo ; ; FAIL CT: unknown word "foo"
-j CT --ctevents new --expevents new --zone 3 ; = ; OK
-j CT --ctevents label ; ; FAIL CT: unknown word "label"
-j CT --notrack --notrack ; ; FAIL CT: option --notrack can only be used once
-j CT --notrack --ctevents new ; = ; OK
-p udp -j CT --helper irc ; ; FAIL CT: no helper "irc" for udp over IPv4
-p udp -j CT --helper tftp --zone 3 --ctevents new ; -p udp -j CT --helper tftp --ctevents new --zone 3 ; OK

@ip6tables raw PREROUTING OUTPUT
-j CT --notrack ; = ; OK
-p tcp -j CT --helper ftp ; = ; OK
-p udp -j CT --helper ftp ; ; FAIL CT: no helper "ftp" for udp over IPv6
-p tcp -j CT --helper irc ; ; FAIL CT: no helper "irc" for tcp over IPv6
-p udp -j CT --helper snmp ; ; FAIL CT: no helper "snmp" for udp over IPv6
-p tcp -j CT --helper pptp ; ; FAIL CT: no helper "pptp" for tcp over IPv6
-p udp -j CT --helper H.245 ; = ; OK
-p tcp -j CT --helper Q.931 ; = ; OK
-p udp -j CT --helper netbios-ns ; ; FAIL CT: no helper "netbios-ns" for udp over IPv6

@iptables filter INPUT
-j CT --notrack ; ; FAIL CT: only valid in table raw, not filter

@iptables mangle PREROUTING
-j CT --notrack ; ; FAIL CT: only valid in table raw, not mangle

@iptables nat X
-j CT --notrack ; ; FAIL CT: only valid in table raw, not nat

@iptables raw X
-j CT --notrack ; = ; OK

# a timeout policy, or a helper of a program's own, is taken to be there
@iptables raw PREROUTING
-j CT --timeout foo ; = ; ASSUME
-p tcp -j CT --timeout 1234567890123456789012345678901 ; = ; ASSUME
-p tcp -j CT --timeout 12345678901234567890123456789012 ; -p tcp -j CT --timeout 1234567890123456789012345678901 ; ASSUME
-p udp -j CT --helper mine --timeout foo --zone 3 ; = ; ASSUME
-p udp -j CT --helper 1234567890123456 ; -p udp -j CT --helper 123456789012345 ; ASSUME
-j CT --helper mine ; ; FAIL --helper needs a protocol

# packets

@iptables raw PREROUTING
@with mangle PREROUTING -m conntrack --ctstate UNTRACKED -j MARK --set-mark 0x1
@with mangle PREROUTING -m conntrack --ctstate NEW -j MARK --set-mark 0x2
@with mangle PREROUTING -m conntrack --ctstate ESTABLISHED -j MARK --set-mark 0x3
-j CT --notrack ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-j CT --notrack --zone 5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x1
-j CT ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; ~ MARK=0x2  / ~ MARK=0x3
-j CT --zone 5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; ~ MARK=0x2  / ~ MARK=0x3
-p udp -m udp --dport 53 -j CT --zone 5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x2  / no ~ MARK=0x2  / ~ MARK=0x2
-p udp -m udp --dport 53 -j CT --zone-orig 5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x2  / no ~ MARK=0x3  / ~ MARK=0x3
-p udp -m udp --dport 53 -j CT --zone-reply 5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x2  / ~ MARK=0x2
-p tcp -j CT --helper ftp ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; ~ MARK=0x2
-j CT --ctevents new ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x2
