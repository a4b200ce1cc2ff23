@iptables filter INPUT
-p tcp -m tcp ; = ; OK
-p tcp -m tcp --dport 80 ; = ; OK
-p tcp -m tcp --dport 0x50 ; -p tcp -m tcp --dport 80 ; OK
-p tcp -m tcp --dport 010 ; -p tcp -m tcp --dport 8 ; OK
-p tcp -m tcp --dport http ; -p tcp -m tcp --dport 80 ; OK
-p tcp -m tcp --dport HTTP ; ; FAIL tcp: invalid port or service "HTTP" for tcp
-p tcp -m tcp --dport tftp ; ; FAIL tcp: invalid port or service "tftp" for tcp
-p tcp -m tcp --dport http:https ; -p tcp -m tcp --dport 80:443 ; OK
-p tcp -m tcp --dport :80 ; -p tcp -m tcp --dport 0:80 ; OK
-p tcp -m tcp --dport 80: ; -p tcp -m tcp --dport 80:65535 ; OK
-p tcp -m tcp --dport : ; -p tcp -m tcp ; OK
-p tcp -m tcp ! --dport : ; -p tcp -m tcp ! --dport 0:65535 ; NEWER
-p tcp -m tcp --dport 0:65535 ; -p tcp -m tcp ; OK
-p tcp -m tcp ! --dport 0:65535 ; -p tcp -m tcp ! --dport 0:65535 ; NEWER
-p tcp -m tcp --dport 80:70 ; ; FAIL tcp: bad port range "80:70"
-p tcp -m tcp --dport 65536 ; ; FAIL tcp: invalid port or service "65536" for tcp
-p tcp -m tcp --dport 1:2:3 ; ; FAIL tcp: invalid port or service "2:3" for tcp
-p tcp -m tcp --dport "" ; ; FAIL tcp: invalid port or service "" for tcp
-p tcp -m tcp --dport 80-90 ; ; FAIL tcp: invalid port or service "80-90" for tcp
-p tcp -m tcp --dport nosuch ; ; FAIL tcp: invalid port or service "nosuch" for tcp
-p tcp -m tcp --dport -1 ; ; FAIL tcp: invalid port or service "-1" for tcp
-p tcp -m tcp --dport +1 ; -p tcp -m tcp --dport 1 ; OK
-p tcp -m tcp --dport " 1" ; -p tcp -m tcp --dport 1 ; OK
-p tcp -m tcp --dport "1 " ; ; FAIL tcp: invalid port or service "1 " for tcp
-p tcp -m tcp --dport 1 --dport 2 ; ; FAIL tcp: option --dport can only be used once
-p tcp -m tcp --destination-port 1 --source-port 2 ; -p tcp -m tcp --sport 2 --dport 1 ; OK
-p tcp -m tcp --dport 1 --sport 2 ; -p tcp -m tcp --sport 2 --dport 1 ; OK
-p tcp -m tcp --syn ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN ; OK
-p tcp -m tcp ! --syn ; -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN ; OK
-p tcp -m tcp --syn --tcp-flags ALL NONE ; ; FAIL tcp: option --tcp-flags cannot be used together with --syn
-p tcp -m tcp --tcp-flags ALL NONE ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE ; OK
-p tcp -m tcp --tcp-flags all none ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE ; OK
-p tcp -m tcp --tcp-flags SYN,ACK ACK ; = ; OK
-p tcp -m tcp --tcp-flags syn,ack,URG,PSH,FIN,RST ACK,urg ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG ACK,URG ; OK
-p tcp -m tcp --tcp-flags SYN ECE ; ; FAIL tcp: unknown TCP flag "ECE"
-p tcp -m tcp --tcp-flags SYN ACK ; = ; OK
-p tcp -m tcp --tcp-flags SYN ; ; FAIL tcp: option --tcp-flags needs 2 values
-p tcp -m tcp --tcp-flags "" SYN ; -p tcp -m tcp ; OK
-p tcp -m tcp --tcp-flags SYN, SYN ; -p tcp -m tcp --tcp-flags SYN SYN ; OK
-p tcp -m tcp ! --tcp-flags SYN,FIN SYN,FIN ; -p tcp -m tcp ! --tcp-flags FIN,SYN FIN,SYN ; OK
-p tcp -m tcp --tcp-flags NONE NONE ; -p tcp -m tcp ; OK
-p tcp -m tcp ! --tcp-flags NONE NONE ; = ; OK
-p tcp -m tcp --tcp-flags SYN,NONE NONE,SYN ; -p tcp -m tcp --tcp-flags SYN SYN ; OK
-p tcp -m tcp --tcp-flags ALL ALL ; -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG FIN,SYN,RST,PSH,ACK,URG ; OK
-p tcp -m tcp --tcp-flags SYN!ACK SYN ; ; FAIL tcp: unknown TCP flag "SYN!ACK"
-p tcp -m tcp --tcp-flags SYN,ACK ! SYN ; ; FAIL tcp: option --tcp-flags needs 2 values
-p tcp -m tcp --tcp-option 8 ; = ; OK
-p tcp -m tcp ! --tcp-option 8 ; = ; OK
-p tcp -m tcp --tcp-option 0 ; ; FAIL tcp: value 0 is out of range 1-255
-p tcp -m tcp --tcp-option 256 ; ; FAIL tcp: value 256 is out of range 1-255
-p tcp -m tcp --tcp-option 255 ; = ; OK
-p tcp -m tcp --tcp-option 0x8 ; -p tcp -m tcp --tcp-option 8 ; OK
-p tcp -m tcp --tcp-option x ; ; FAIL tcp: bad value "x"
-p tcp -m tcp --tcp-option 8 --tcp-option 9 ; ; FAIL tcp: option --tcp-option can only be used once
-p tcp -m tcp --tcp-option 3 --tcp-flags SYN SYN --dport 3 --sport 4 ; -p tcp -m tcp --sport 4 --dport 3 --tcp-option 3 --tcp-flags SYN SYN ; OK
! -p tcp -m tcp --dport 80 ; ; FAIL tcp: only valid with -p tcp
-m tcp --dport 80 ; ; FAIL tcp: only valid with -p tcp
-p udp -m tcp --dport 80 ; ; FAIL tcp: only valid with -p tcp
-m tcp ; ; FAIL tcp: only valid with -p tcp
-p tcp --dport 80 ; -p tcp -m tcp --dport 80 ; OK
-p 6 --sport 80 ; -p tcp -m tcp --sport 80 ; OK
-p tcp -m tcp --sport 80:80 ; -p tcp -m tcp --sport 80 ; OK
-p tcp -m tcp --sport http:81 ; -p tcp -m tcp --sport 80:81 ; OK
-p tcp -m tcp --sport domain-s ; -p tcp -m tcp --sport 853 ; OK

@ip6tables filter INPUT
-p tcp -m tcp --dport 80 ; = ; OK
-p tcp -m tcp --dport 0x50 ; -p tcp -m tcp --dport 80 ; OK
-p tcp -m tcp --dport 010 ; -p tcp -m tcp --dport 8 ; OK
-p tcp -m tcp --dport http ; -p tcp -m tcp --dport 80 ; OK
-p tcp -m tcp --dport HTTP ; ; FAIL tcp: invalid port or service "HTTP" for tcp
-p tcp -m tcp --dport tftp ; ; FAIL tcp: invalid port or service "tftp" for tcp
-p tcp -m tcp --dport http:https ; -p tcp -m tcp --dport 80:443 ; OK
-p tcp -m tcp --dport :80 ; -p tcp -m tcp --dport 0:80 ; OK
-p tcp -m tcp --dport 80: ; -p tcp -m tcp --dport 80:65535 ; OK
-p tcp -m tcp --dport : ; -p tcp -m tcp ; OK
-p tcp -m tcp ! --dport : ; -p tcp -m tcp ! --dport 0:65535 ; NEWER
@iptables mangle X
-p tcp -m tcp --dport 80 ; = ; OK
-m tcp --dport 80 ; ; FAIL tcp: only valid with -p tcp

# packets

@iptables filter FORWARD
-p tcp -m tcp --dport 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --dport 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:81 syn ; no
-p tcp -m tcp ! --dport 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp ! --dport 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:81 syn ; match
-p tcp -m tcp --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:90 syn ; match
-p tcp -m tcp --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:79 syn ; no
-p tcp -m tcp --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:91 syn ; no
-p tcp -m tcp --dport :79 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:79 syn ; match
-p tcp -m tcp --dport 80: ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:65535 syn ; match
-p tcp -m tcp ! --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:85 syn ; no
-p tcp -m tcp ! --dport 80:90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:91 syn ; match
-p tcp -m tcp --sport 1024 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --sport 1025 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp --sport 1024 --dport 81 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp ! --dport : ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp --dport : ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --dport 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:0 syn ; match
-p tcp -m tcp ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:5 syn ; match
-p tcp -m tcp --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ack ; no
-p tcp -m tcp --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,psh ; match
-p tcp -m tcp --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; match
-p tcp -m tcp ! --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp ! --syn ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 ack ; match
-p tcp -m tcp --tcp-flags ALL NONE ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 ece ; match
-p tcp -m tcp --tcp-flags ALL SYN,ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ack ; match
-p tcp -m tcp --tcp-flags ALL SYN,ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ack,urg ; no
-p tcp -m tcp --tcp-flags SYN,ACK ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 psh,ack ; match
-p tcp -m tcp --tcp-flags SYN ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp --tcp-flags SYN ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 ack ; no
-p tcp -m tcp ! --tcp-flags SYN ACK ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 ack ; match
-p tcp -m tcp --tcp-flags RST,FIN FIN ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,ack ; match
-p tcp -m tcp ! --tcp-flags NONE NONE ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp --tcp-flags NONE NONE ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin ; match
-p tcp -m tcp --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-p tcp -m tcp --tcp-option 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; no
-p tcp -m tcp ! --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; no
-p tcp -m tcp ! --tcp-option 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:020405b4 ; match
-p tcp -m tcp --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m tcp ! --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m tcp --tcp-option 8 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:0101080a0000000100000000 ; match
-p tcp -m tcp --tcp-option 7 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:01030307 ; no
-p tcp -m tcp --tcp-option 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:01030307 ; match
-p tcp -m tcp --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:00020405 ; match
-p tcp -m tcp --tcp-option 2 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:fe000203 ; match
# the last option has no length byte
-p tcp -m tcp --tcp-option 9 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tcpopt hex:01010108 ; no
# headers cut short: 19 bytes, 12 bytes, none
-p tcp -m tcp --dport 80 ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e8000000005002faf0000000 ; drop
-p tcp -m tcp ! --dport 80 ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e8000000005002faf0000000 ; drop
-p tcp -m tcp --dport 80 ; eth0: wire 45000020126700004006022fcb007105c633640904000050000003e800000000 ; drop
-p tcp -m tcp ! --dport 80 ; eth0: wire 45000020126700004006022fcb007105c633640904000050000003e800000000 ; drop
-p tcp -m tcp --dport 80 ; eth0: wire 45000014126700004006023bcb007105c6336409 ; drop
-p tcp -m tcp ! --dport 80 ; eth0: wire 45000014126700004006023bcb007105c6336409 ; drop
# options beyond the end, and a header said to be shorter than itself
-p tcp -m tcp --dport 80 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000006002faf000000000 ; match
-p tcp -m tcp --dport 80 --tcp-option 2 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000006002faf000000000 ; drop
-p tcp -m tcp --dport 80 ! --tcp-option 2 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000006002faf000000000 ; drop
-p tcp -m tcp --dport 81 --tcp-option 2 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000006002faf000000000 ; no
-p tcp -m tcp --tcp-option 2 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000004002faf000000000 ; drop
-p tcp -m tcp --dport 80 ; eth0: wire 450000281267000040060227cb007105c633640904000050000003e8000000004002faf000000000 ; match
# fragments: the first, one that begins inside the header, later ones
-p tcp -m tcp --dport 80 ; eth0: wire 4500002c126720004006e222cb007105c633640904000050000003e8000000005002faf00000000078787878 ; match
-p tcp -m tcp --dport 80 ; eth0: wire 4500002c1267000140060222cb007105c6336409000000000000000000000000000000000000000000000000 ; drop
-p tcp -m tcp ! --dport 80 ; eth0: wire 4500002c126720014006e221cb007105c6336409000000000000000000000000000000000000000000000000 ; drop
-p tcp -m tcp --dport 80 ; eth0: wire 4500002c1267000240060221cb007105c6336409000000000000000000000000000000000000000000000000 ; no
-p tcp -m tcp ! --dport 80 ; eth0: wire 4500002c1267000240060221cb007105c6336409000000000000000000000000000000000000000000000000 ; no
-p tcp -m tcp ; eth0: wire 4500002c12670064400601bfcb007105c6336409000000000000000000000000000000000000000000000000 ; no
# behind IP options
-p tcp -m tcp --dport 80 ; eth0: wire 4600002c126700004006ff21cb007105c63364090101010004000050000003e8000000005002faf000000000 ; match
-p tcp -m tcp --dport 80 ; eth0: wire 46000028126700004006ff25cb007105c63364090101010004000050000003e8000000005002faf0 ; drop

@ip6tables filter FORWARD
-p tcp -m tcp --dport 80 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-p tcp -m tcp --dport 81 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-p tcp -m tcp --syn ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
# behind destination options, and cut short
-p tcp -m tcp --dport 80 ; eth0: wire 60001267001c3c4020010db800090000000000000000000520010db8010000000000000000000009060001040000000004000050000003e8000000005002faf000000000 ; match
-p tcp -m tcp --dport 80 ; eth0: wire 60001267001b3c4020010db800090000000000000000000520010db8010000000000000000000009060001040000000004000050000003e8000000005002faf0000000 ; drop
-p tcp -m tcp --dport 80 ; eth0: wire 600012670008064020010db800090000000000000000000520010db801000000000000000000000904000050000003e8 ; drop
# fragments: offsets count in bytes, so none begins at 1
-p tcp -m tcp --dport 80 ; eth0: wire 6000126700202c4020010db800090000000000000000000520010db8010000000000000000000009060000010000004d04000050000003e8000000005002faf00000000078787878 ; match
-p tcp -m tcp --dport 80 ; eth0: wire 6000126700202c4020010db800090000000000000000000520010db8010000000000000000000009060000080000004d000000000000000000000000000000000000000000000000 ; no
-p tcp -m tcp ! --dport 80 ; eth0: wire 6000126700202c4020010db800090000000000000000000520010db8010000000000000000000009060000080000004d000000000000000000000000000000000000000000000000 ; no
