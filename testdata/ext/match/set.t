@iptables filter INPUT
@ipset create a hash:ip counters
@ipset create p bitmap:port range 0-100
@ipset create six hash:ip family inet6
-m set --match-set a src ; = ; OK
-m set ! --match-set a src,dst,src,dst,src,dst ; = ; OK
-m set --match-set a srcc,dst0 ; -m set --match-set a src,dst ; OK
-m set --set a src ; -m set --match-set a src ; OK
-m set --match-set p src ; = ; OK
-m set ! --match-set a src --return-nomatch ! --update-counters ! --update-subcounters --packets-eq 3 --bytes-lt 9 ; = ; OK
-m set --match-set a src ! --packets-eq 0x3 ! --bytes-eq 9 ; -m set --match-set a src ! --packets-eq 3 ! --bytes-eq 9 ; OK
-m set --match-set a src --packets-gt 3 --bytes-gt 18446744073709551615 ; = ; OK
-m set --bytes-lt 3 --packets-lt 3 --match-set a src ; -m set --match-set a src --packets-lt 3 --bytes-lt 3 ; OK
-m set --match-set a src --update-counters --update-subcounters ; -m set --match-set a src ; OK
-m set --return-nomatch --match-set a src --return-nomatch ; -m set --match-set a src --return-nomatch ; OK
-m set --match-set nosuch src ; = ; ASSUME
-m set --match-set six src ; = ; ASSUME
-m set --match-set a src,dst,src,dst,src,dst,src ; ; FAIL set: at most 6 directions
-m set --match-set a SRC ; ; FAIL set: bad direction "SRC"
-m set --match-set a src,,dst ; ; FAIL set: bad direction ""
-m set --match-set a "" ; ; FAIL set: bad direction ""
-m set --match-set abcdefghijklmnopqrstuvwxyz0123456 src ; ; FAIL set: name of a set
-m set --match-set a ; ; FAIL set
-m set --match-set a src --match-set p src ; ; FAIL set: option --match-set can only be used once
-m set --match-set a src ! --packets-gt 3 ; ; FAIL set: option --packets-gt cannot be inverted
-m set --match-set a src --packets-gt 3 --packets-lt 5 ; ; FAIL set: only one of the conditions
-m set --match-set a src --packets-eq 18446744073709551616 ; ; FAIL set: bad value
-m set --match-set a src ! --return-nomatch ; ; FAIL set: option --return-nomatch cannot be inverted
-m set ; ; FAIL set: option --match-set must be given

@ip6tables mangle X
@ipset create six hash:ip family inet6
-m set --match-set six src ; = ; OK

# packets

@iptables filter FORWARD
@ipset create ip hash:ip counters
@ipset add ip 203.0.113.5
@ipset create net hash:net
@ipset add net 203.0.113.0/24
@ipset add net 203.0.113.5 nomatch
@ipset add net 203.0.113.64/26
@ipset create ipport hash:ip,port
@ipset add ipport 198.51.100.9,udp:53
@ipset add ipport 198.51.100.9,icmp:ping
@ipset add ipport 198.51.100.9,gre:0
@ipset create port bitmap:port range 50-60
@ipset add port 53
@ipset create three hash:ip,port,net
@ipset add three 198.51.100.9,53,203.0.113.0/24
@ipset add three 198.51.100.9,udp:53,203.0.113.0/28 nomatch
@ipset add three 198.51.100.9,udp:53,203.0.0.0/16
@ipset create iface hash:net,iface
@ipset add iface 203.0.113.0/24,eth0
@ipset add iface 203.0.0.0/16,eth wildcard
@ipset create mac bitmap:ip,mac range 203.0.113.0/24
@ipset add mac 203.0.113.5,02:ff:00:00:00:01
@ipset add mac 203.0.113.6,02:ff:00:00:00:09
@ipset add mac 203.0.113.7
@ipset create six hash:ip family inet6
@ipset create all list:set
@ipset add all six
@ipset add all net
@ipset add all port
-m set --match-set ip src ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m set --match-set ip dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m set ! --match-set ip dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m set --match-set ip src --packets-gt 1 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match
-m set ! --match-set ip src --packets-gt 1 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / no
-m set --match-set ip src ! --update-counters --packets-eq 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match
-m set --match-set net src ; eth0: udp 203.0.113.4:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.114.5:1 > 198.51.100.9:53 ; match / no / no
-m set --match-set net src --return-nomatch ; eth0: udp 203.0.113.4:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.114.5:1 > 198.51.100.9:53 ; no / match / no
-m set --match-set ipport dst,dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:1024 > 198.51.100.9:53 syn / eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth0: proto 47 203.0.113.5 > 198.51.100.9 len 2 ; match / no / match / match
-m set --match-set ipport dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m set --match-set ipport dst,dst,src ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m set --match-set port dst ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:53 > 198.51.100.9:54 syn / eth0: sctp 203.0.113.5:1 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:53 > 198.51.100.9:99 syn ; match / no / no / no
-m set --match-set three dst,dst,src ; eth0: udp 203.0.113.5:1 > 198.51.100.9:53 / eth0: udp 203.0.113.55:1 > 198.51.100.9:53 / eth0: tcp 203.0.113.5:1 > 198.51.100.9:53 syn / eth0: tcp 203.0.114.5:1 > 198.51.100.9:53 syn ; no / match / match / no
-m set --match-set iface src,src ; eth0: udp 203.0.113.5:1 > 198.51.100.9:53 / eth1: udp 203.0.113.5:1 > 198.51.100.9:53 / eth1: udp 203.0.114.5:1 > 198.51.100.9:53 ; match / no / match
-m set --match-set mac src,src ; eth0: udp 203.0.113.5:1 > 198.51.100.9:53 / eth0: udp 203.0.113.6:1 > 198.51.100.9:53 / eth0: udp 203.0.113.8:1 > 198.51.100.9:53 ; match / no / no
-m set --match-set mac src,src ; eth0: udp 203.0.113.7:1 > 198.51.100.9:53 smac 02:aa:00:00:00:01 / eth0: udp 203.0.113.7:1 > 198.51.100.9:53 ; match / no
-m set --match-set all dst ; eth0: udp 203.0.113.5:1 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1 > 198.51.100.9:54 ; match / no
-m set --match-set all src ; eth0: udp 203.0.113.5:1 > 198.51.100.9:53 / eth0: udp 203.0.113.4:53 > 198.51.100.9:54 ; no / match

@ip6tables filter OUTPUT
@ipset create nets hash:net family inet6
@ipset add nets 2001:db8:100::/64
@ipset create ports hash:ip,port family inet6
@ipset add ports 2001:db8:100::9,udp:9
-m set --match-set nets dst ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 ; match
-m set --match-set nets src ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 ; no
-m set --match-set ports dst,dst ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:9 / udp [2001:db8:2::1]:9 > [2001:db8:100::9]:10 ; match / no
