@iptables mangle FORWARD
-p tcp --syn -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags ALL SYN,ACK -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG SYN,ACK -j TCPMSS --set-mss 1000 ; OK
-p tcp --tcp-flags SYN NONE -j TCPMSS --set-mss 1000 ; ; FAIL 2
-p tcp --tcp-flags NONE SYN -j TCPMSS --set-mss 1000 ; -p tcp -m tcp -j TCPMSS --set-mss 1000 ; OK
-p tcp ! --syn -j TCPMSS --set-mss 1000 ; ; FAIL 2
-p tcp ! --tcp-flags SYN NONE -j TCPMSS --set-mss 1000 ; ; FAIL 2
-p tcp ! --tcp-flags RST SYN -j TCPMSS --set-mss 1000 ; ; FAIL 2
-p tcp -m tcp ! --sport 5 --tcp-flags SYN SYN -j TCPMSS --set-mss 1000 ; = ; OK
-p tcp -j TCPMSS --set-mss 1000 ; ; FAIL 2
-p udp -j TCPMSS --set-mss 1000 ; ; FAIL only valid with -p tcp
! -p tcp -m mark --mark 1 -j TCPMSS --set-mss 1000 ; ; FAIL only valid with -p tcp
-p tcp --syn -j TCPMSS --set-mss 0 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 0 ; OK
-p tcp --syn -j TCPMSS --set-mss 65535 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --set-mss 65495 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65495 ; OK
-p tcp --syn -j TCPMSS --set-mss 65496 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65496 ; OK
-p tcp --syn -j TCPMSS --set-mss 65536 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu --set-mss 3 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 3 ; OK
-p tcp --syn -j TCPMSS ; ; FAIL must be given
@iptables mangle INPUT
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING
@iptables mangle PREROUTING
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL only valid from FORWARD OUTPUT POSTROUTING
-p tcp --syn -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1000 ; OK
@iptables mangle FOO
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp -j TCPMSS --clamp-mss-to-pmtu ; ; FAIL 3
@iptables filter FORWARD
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
@iptables nat PREROUTING
-p tcp --syn -j TCPMSS --set-mss 1 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1 ; OK
@iptables raw PREROUTING
-p tcp --syn -j TCPMSS --set-mss 1 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1 ; OK
@iptables mangle FORWARD
-m tcp -p tcp --syn -m tcp --dport 1 -j TCPMSS --set-mss 1000 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m tcp --dport 1 -j TCPMSS --set-mss 1000 ; OK
-p tcp --syn -j TCPMSS --set-mss 65515 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65515 ; OK
-p tcp --syn -j TCPMSS --set-mss 65516 ; ; FAIL out of range 0-65515
-p tcp --syn -j TCPMSS --set-mss 3 --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --set-mss 3 --set-mss 4 ; ; FAIL option --set-mss can only be used once
@ip6tables mangle FORWARD
-p tcp --syn -j TCPMSS --set-mss 65475 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65475 ; OK
-p tcp --syn -j TCPMSS --set-mss 65476 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65476 ; OK
-p tcp --syn -j TCPMSS --set-mss 65495 ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 65495 ; OK
-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu ; OK
-p tcp --syn -j TCPMSS --set-mss 65496 ; ; FAIL out of range 0-65495
-p tcp --syn -j TCPMSS --set-mss 65515 ; ; FAIL out of range 0-65495
-p tcp --syn -j TCPMSS --set-mss 65516 ; ; FAIL out of range 0-65495
