@iptables filter INPUT
@ipset create a hash:ip
@ipset create b hash:ip,port
-j SET --add-set a src ; = ; OK
-j SET --del-set b src,dst --exist --timeout 5 --add-set a src ; -j SET --add-set a src --exist --timeout 5 --del-set b src,dst ; OK
-j SET --add-set a src --exist --exist ; -j SET --add-set a src --exist ; OK
-j SET --add-set a src --timeout 4294967294 ; = ; OK
-j SET --add-set nosuch src ; = ; ASSUME
-j SET --add-set a src --timeout 4294967295 ; ; FAIL SET: value 4294967295 is out of range
-j SET --add-set a src --add-set b src ; ; FAIL SET: option --add-set can only be used once
-j SET --del-set a src --exist ; ; FAIL SET
-j SET --del-set a src --timeout 5 ; ; FAIL SET
-j SET --add-set a src --map-mark ; ; FAIL SET
-j SET --map-set a src --map-mark ; ; FAIL SET: --map-set is only valid in table mangle
-j SET --add-set a foo ; ; FAIL SET: bad direction "foo"
-j SET --add-set a ; ; FAIL SET
-j SET ! --add-set a src ! --exist ! --timeout 5 ; -j SET --add-set a src --exist --timeout 5 ; OK
-j SET --exist ; ; FAIL SET
-j SET ; ; FAIL SET: one of --add-set, --del-set, --map-set must be given

@iptables mangle FORWARD POSTROUTING OUTPUT X
@ipset create a hash:ip
-j SET --map-set a src --map-mark ; = ; OK
-j SET --map-queue --map-mark --map-prio --map-set a src ; -j SET --map-set a src --map-mark --map-prio --map-queue ; OK
-j SET --map-set a src ; ; FAIL SET: --map-set needs --map-mark, --map-prio or --map-queue

@iptables mangle PREROUTING INPUT
@ipset create a hash:ip
-j SET --map-set a src --map-mark --add-set a src --del-set a dst ; -j SET --add-set a src --del-set a dst --map-set a src --map-mark ; OK
-j SET --map-set a src --map-prio ; ; FAIL SET: --map-prio and --map-queue are only valid from
-j SET --map-set a src --map-queue ; ; FAIL SET: --map-prio and --map-queue are only valid from

@ip6tables raw X
@ipset create six hash:ip family inet6
-j SET --add-set six src ; = ; OK

# packets

@iptables mangle PREROUTING
@ipset create ip hash:ip skbinfo
@ipset add ip 203.0.113.5 skbmark 0x10/0xf0
-j SET --map-set ip src --map-mark ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ MARK=0x10
-j SET --map-set ip src --map-mark ; eth0: udp 203.0.113.6:1024 > 198.51.100.9:53 ; match

@iptables mangle PREROUTING
@ipset create seen hash:ip,port
@with filter FORWARD -m set --match-set seen src,dst -j DROP
@with filter FORWARD -j ACCEPT
-j SET --add-set seen src,dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; ~ filter:FORWARD:rule:1

@iptables filter FORWARD
@ipset create seen hash:ip
@ipset add seen 203.0.113.5
@with filter FORWARD -m set --match-set seen src -j DROP
-j SET --del-set seen src ; eth0: udp 203.0.113.6:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / past

@iptables mangle PREROUTING
@ipset create nets hash:net
@ipset add nets 192.0.2.0/24
@with filter FORWARD -m set --match-set nets src -j DROP
-j SET --add-set nets src ; eth0: udp 203.0.113.6:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.99:1024 > 198.51.100.9:53 ; ~ filter:FORWARD:rule:1 / ~ filter:FORWARD:rule:1
