@iptables filter INPUT
-p tcp -m multiport ; ; FAIL multiport: one of --sports, --dports, --ports must be given
-p tcp -m multiport --dports 80 ; = ; OK
-p tcp -m multiport --dports 80,443 ; = ; OK
-p tcp -m multiport --dports 80,443:450 ; = ; OK
-p tcp -m multiport --dports http,https ; -p tcp -m multiport --dports 80,443 ; OK
-p udp -m multiport --dports tftp,domain ; -p udp -m multiport --dports 69,53 ; OK
-p udp -m multiport --dports http ; ; FAIL multiport: invalid port or service "http" for udp
-p tcp -m multiport --dports 0x50,010 ; -p tcp -m multiport --dports 80,8 ; OK
-p tcp -m multiport --destination-ports 80 ; -p tcp -m multiport --dports 80 ; OK
-p tcp -m multiport --source-ports 80 ; -p tcp -m multiport --sports 80 ; OK
-p tcp -m multiport --destination-port 80 ; -p tcp -m multiport --dports 80 ; OK
-p tcp -m multiport --sports 80 ; = ; OK
-p tcp -m multiport --sport 80 ; -p tcp -m multiport --sports 80 ; OK
-p tcp -m multiport --dport 80 ; -p tcp -m multiport --dports 80 ; OK
-p tcp -m multiport --port 80 ; -p tcp -m multiport --ports 80 ; OK
-p tcp -m multiport --ports 80 ; = ; OK
-p tcp -m multiport ! --ports 80 ; = ; OK
-p tcp -m multiport ! --dports 80,90 ; = ; OK
-p tcp -m multiport --dports 80 --sports 80 ; ; FAIL multiport: only one of --sports, --dports, --ports may be given
-p tcp -m multiport --dports 80 --dports 80 ; ; FAIL multiport: option --dports can only be used once
-p tcp -m multiport --dports 80 --ports 80 ; ; FAIL multiport: only one of --sports, --dports, --ports may be given
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 ; = ; OK
-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 ; ; FAIL multiport: too many ports: 16 given, a range counting as two, at most 15 fit
-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15 ; = ; OK
-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15:16 ; ; FAIL multiport: too many ports: 16 given, a range counting as two, at most 15 fit
-p tcp -m multiport --dports 80:80 ; ; FAIL multiport: bad port range "80:80"
-p tcp -m multiport --dports 80:70 ; ; FAIL multiport: bad port range "80:70"
-p tcp -m multiport --dports :70 ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports 70: ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports : ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports "" ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports 80, ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports ,80 ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports 80,,90 ; ; FAIL multiport: invalid port or service "" for tcp
-p tcp -m multiport --dports 1:2:3 ; ; FAIL multiport: invalid port or service "2:3" for tcp
-p tcp -m multiport --dports 65536 ; ; FAIL multiport: invalid port or service "65536" for tcp
-p tcp -m multiport --dports 0 ; = ; OK
-p tcp -m multiport --dports " 1, 2" ; -p tcp -m multiport --dports 1,2 ; OK
-p tcp -m multiport --dports foo ; ; FAIL multiport: invalid port or service "foo" for tcp
-p sctp -m multiport --dports 1,http ; ; FAIL multiport: invalid port or service "http" for sctp
-p sctp -m multiport --dports amqp ; -p sctp -m multiport --dports 5672 ; OK
-p dccp -m multiport --dports 1 ; = ; OK
-p dccp -m multiport --dports http ; ; FAIL multiport: invalid port or service "http" for dccp
-p udplite -m multiport --dports 1,2 ; = ; OK
-p udplite -m multiport --dports domain ; ; FAIL multiport: invalid port or service "domain" for udplite
-p icmp -m multiport --dports 1 ; ; FAIL multiport
-m multiport --dports 1 ; ; FAIL multiport
! -p tcp -m multiport --dports 1 ; ; FAIL multiport
-m multiport -p tcp --dports 1 ; -p tcp -m multiport --dports 1 ; OK
-m multiport --dports 1 -p tcp ; ; FAIL multiport
-m multiport --dports http -p tcp ; ; FAIL multiport
-p tcp -m multiport --dports 1 -m multiport --sports 2 ; = ; OK
-p tcp -m tcp -m multiport --dports 80 ; = ; OK
-p tcp -m multiport --dport 80,90 -m tcp --dport 3 ; -p tcp -m multiport --dports 80,90 -m tcp --dport 3 ; OK
-p tcp -m multiport --dports http:90 ; -p tcp -m multiport --dports 80:90 ; OK
-p tcp -m multiport ! --source-ports 5 ; -p tcp -m multiport ! --sports 5 ; OK

@ip6tables filter INPUT
-p tcp -m multiport --dports 80,90:95 ; = ; OK
-p udp -m multiport ! --ports 80 ; = ; OK

@iptables mangle X
-p tcp -m multiport --dports 80 ; = ; OK
-m multiport --dports 80 ; ; FAIL multiport

# packets

@iptables filter FORWARD
-p tcp -m multiport --dports 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m multiport --dports 80,443 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:443 syn ; match
-p tcp -m multiport --dports 80,443 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:444 syn ; no
-p tcp -m multiport --dports 80,440:450 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:445 syn ; match
-p tcp -m multiport --dports 80,440:450 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:440 syn ; match
-p tcp -m multiport --dports 80,440:450 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:450 syn ; match
-p tcp -m multiport --dports 80,440:450 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:451 syn ; no
-p tcp -m multiport ! --dports 80,90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m multiport ! --dports 80,90 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:85 syn ; match
-p tcp -m multiport --sports 1024 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m multiport --sports 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m multiport --ports 1024 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m multiport --ports 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m multiport --ports 5 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m multiport ! --ports 1024 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m multiport ! --ports 5:6 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m multiport --dports 1:2,3:4,5:6,7:8,9:10,11:12,13:14,15 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:15 syn ; match
-p udp -m multiport --dports 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-p udplite -m multiport --dports 53 ; eth0: udplite 203.0.113.5:1024 > 198.51.100.9:53 ; match
-p sctp -m multiport --dports 53 ; eth0: sctp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-p dccp -m multiport --dports 53 ; eth0: dccp 203.0.113.5:1024 > 198.51.100.9:53 ; match
# four bytes are enough; fragments
-p tcp -m multiport --dports 80 ; eth0: wire 450000181267000040060237cb007105c633640904000050 ; match
-p tcp -m multiport --dports 80 ; eth0: wire 450000171267000040060238cb007105c6336409040000 ; drop
-p tcp -m multiport ! --dports 80 ; eth0: wire 450000171267000040060238cb007105c6336409040000 ; drop
-p tcp -m multiport --dports 80 ; eth0: wire 450000281267000140060226cb007105c633640904000050000003e8000000005002faf000000000 ; no
-p tcp -m multiport ! --dports 80 ; eth0: wire 450000281267000140060226cb007105c633640904000050000003e8000000005002faf000000000 ; no
-p tcp -m multiport --dports 80 ; eth0: wire 4500002c126720004006e222cb007105c633640904000050000003e8000000005002faf00000000061626364 ; match

@ip6tables filter FORWARD
-p tcp -m multiport --dports 80,90 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-p udp -m multiport --dports 53 ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009110000100000004d0400003500080000 ; no
-p udp -m multiport --dports 53 ; eth0: wire 600012670003114020010db800090000000000000000000520010db8010000000000000000000009040000 ; drop
