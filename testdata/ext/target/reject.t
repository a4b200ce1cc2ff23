@iptables filter INPUT FORWARD OUTPUT
-j REJECT ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with icmp-net-unreachable ; = ; OK
-j REJECT --reject-with icmp-host-unreachable ; = ; OK
-j REJECT --reject-with icmp-proto-unreachable ; = ; OK
-j REJECT --reject-with icmp-port-unreachable ; = ; OK
-j REJECT --reject-with icmp-net-prohibited ; = ; OK
-j REJECT --reject-with icmp-host-prohibited ; = ; OK
-j REJECT --reject-with icmp-admin-prohibited ; = ; OK
-j REJECT --reject-with tcp-reset ; ; FAIL REJECT: --reject-with tcp-reset: only valid with -p tcp
-p tcp -j REJECT --reject-with tcp-reset ; = ; OK
-p tcp -j REJECT --reject-with tcp-rst ; -p tcp -j REJECT --reject-with tcp-reset ; OK
-p tcp -j REJECT --reject-with tcp ; -p tcp -j REJECT --reject-with tcp-reset ; OK
-p tcp -j REJECT --reject-with t ; -p tcp -j REJECT --reject-with tcp-reset ; OK
! -p tcp -j REJECT --reject-with tcp-reset ; ; FAIL REJECT: --reject-with tcp-reset: only valid with -p tcp
-p udp -j REJECT --reject-with tcp-reset ; ; FAIL REJECT: --reject-with tcp-reset: only valid with -p tcp
-j REJECT --reject-with net-unreach ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with host-unreach ; -j REJECT --reject-with icmp-host-unreachable ; OK
-j REJECT --reject-with proto-unreach ; -j REJECT --reject-with icmp-proto-unreachable ; OK
-j REJECT --reject-with port-unreach ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with net-prohib ; -j REJECT --reject-with icmp-net-prohibited ; OK
-j REJECT --reject-with host-prohib ; -j REJECT --reject-with icmp-host-prohibited ; OK
-j REJECT --reject-with admin-prohib ; -j REJECT --reject-with icmp-admin-prohibited ; OK
-j REJECT --reject-with admin-prohibited ; ; FAIL REJECT: unknown reject type "admin-prohibited"
-j REJECT --reject-with icmp-net ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with icmp-net-un ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with icmp- ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with ICMP-PORT-UNREACHABLE ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with port ; -j REJECT --reject-with icmp-port-unreachable ; OK
-j REJECT --reject-with net ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with "" ; -j REJECT --reject-with icmp-net-unreachable ; OK
-j REJECT --reject-with echo-reply ; ; FAIL REJECT: unknown reject type "echo-reply"
-j REJECT --reject-with icmp-echo-reply ; ; FAIL REJECT: unknown reject type "icmp-echo-reply"
-j REJECT --reject-with foo ; ; FAIL REJECT: unknown reject type "foo"
-j REJECT --reject-with icmp-port-unreachablex ; ; FAIL REJECT: unknown reject type "icmp-port-unreachablex"
-j REJECT --reject-with icmp6-no-route ; ; FAIL REJECT: unknown reject type "icmp6-no-route"
-j REJECT --reject-with icmp-port-unreachable --reject-with icmp-net-unreachable ; ; FAIL REJECT: option --reject-with can only be used once

@ip6tables filter INPUT FORWARD OUTPUT
-j REJECT ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-j REJECT --reject-with icmp6-no-route ; = ; OK
-j REJECT --reject-with no-route ; -j REJECT --reject-with icmp6-no-route ; OK
-j REJECT --reject-with icmp6-adm-prohibited ; = ; OK
-j REJECT --reject-with adm-prohibited ; -j REJECT --reject-with icmp6-adm-prohibited ; OK
-j REJECT --reject-with icmp6-addr-unreachable ; = ; OK
-j REJECT --reject-with addr-unreach ; -j REJECT --reject-with icmp6-addr-unreachable ; OK
-j REJECT --reject-with icmp6-port-unreachable ; = ; OK
-j REJECT --reject-with port-unreach ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-j REJECT --reject-with icmp6-policy-fail ; = ; OK
-j REJECT --reject-with policy-fail ; -j REJECT --reject-with icmp6-policy-fail ; OK
-j REJECT --reject-with icmp6-reject-route ; = ; OK
-j REJECT --reject-with reject-route ; -j REJECT --reject-with icmp6-reject-route ; OK
-j REJECT --reject-with icmp6-not-neighbour ; ; FAIL REJECT: unknown reject type "icmp6-not-neighbour"
-j REJECT --reject-with not-neighbour ; ; FAIL REJECT: unknown reject type "not-neighbour"
-p tcp -j REJECT --reject-with tcp-reset ; = ; OK
-j REJECT --reject-with tcp-reset ; ; FAIL REJECT: --reject-with tcp-reset: only valid with -p tcp
-j REJECT --reject-with icmp6- ; -j REJECT --reject-with icmp6-no-route ; OK
-j REJECT --reject-with no- ; -j REJECT --reject-with icmp6-no-route ; OK
-j REJECT --reject-with n ; -j REJECT --reject-with icmp6-no-route ; OK
-j REJECT --reject-with pol ; -j REJECT --reject-with icmp6-policy-fail ; OK
-j REJECT --reject-with p ; -j REJECT --reject-with icmp6-port-unreachable ; OK
-j REJECT --reject-with icmp-port-unreachable ; ; FAIL REJECT: unknown reject type "icmp-port-unreachable"

@iptables mangle INPUT
-j REJECT ; ; FAIL REJECT: only valid in table filter, not mangle

@iptables nat OUTPUT
-j REJECT ; ; FAIL REJECT: only valid in table filter, not nat

@iptables security INPUT
-j REJECT ; ; FAIL REJECT: only valid in table filter, not security

@iptables raw OUTPUT
-j REJECT ; ; FAIL REJECT: only valid in table filter, not raw

@iptables filter X
-j REJECT ; -j REJECT --reject-with icmp-port-unreachable ; OK

@iptables mangle X
-j REJECT ; ; FAIL REJECT: only valid in table filter, not mangle

# packets

@iptables filter FORWARD
-j REJECT --reject-with icmp-net-unreachable ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-host-unreachable ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-proto-unreachable ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-port-unreachable ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-net-prohibited ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-host-prohibited ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT --reject-with icmp-admin-prohibited ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-j REJECT ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -j REJECT --reject-with tcp-reset ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -j REJECT --reject-with tcp-reset ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 ack ackno 77 ; match
-p tcp -j REJECT --reject-with tcp-reset ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 rst ; match

@iptables filter INPUT
-j REJECT ; eth0: udp 203.0.113.5:7 > 192.0.2.1:53 ; match
-j REJECT ; eth0: icmp 203.0.113.5 > 192.0.2.1 echo-request ; match

@iptables filter OUTPUT
-j REJECT ; udp 192.0.2.1:7 > 203.0.113.5:53 ; match
-p tcp -j REJECT --reject-with tcp-reset ; tcp 192.0.2.1:7 > 203.0.113.5:53 syn ; match

@ip6tables filter FORWARD
-j REJECT --reject-with icmp6-no-route ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-j REJECT --reject-with icmp6-adm-prohibited ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-j REJECT --reject-with icmp6-addr-unreachable ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-j REJECT --reject-with icmp6-port-unreachable ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-j REJECT --reject-with icmp6-policy-fail ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-j REJECT --reject-with icmp6-reject-route ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-p tcp -j REJECT --reject-with tcp-reset ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 syn ; match
