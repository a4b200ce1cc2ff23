@iptables filter INPUT
-p udp -m udp ; = ; OK
-p udp -m udp --dport 53 ; = ; OK
-p udp -m udp --dport 010 ; -p udp -m udp --dport 10 ; OK
-p udp -m udp --dport 0x50 ; ; FAIL udp: invalid port or service "0x50"
-p udp -m udp --dport domain ; -p udp -m udp --dport 53 ; OK
-p udp -m udp --dport tftp ; -p udp -m udp --dport 69 ; OK
-p udp -m udp --dport ssh ; -p udp -m udp --dport 22 ; OK
-p udp -m udp --dport DOMAIN ; ; FAIL udp: invalid port or service "DOMAIN"
-p udp -m udp --dport biff ; -p udp -m udp --dport 512 ; OK
-p udp -m udp --dport 70000 ; -p udp -m udp --dport 4464 ; OK
-p udp -m udp --dport 65536 ; -p udp -m udp --dport 0 ; OK
-p udp -m udp --dport 4294967295 ; ; FAIL udp: invalid port or service "4294967295"
-p udp -m udp --dport 4294967296 ; -p udp -m udp --dport 0 ; OK
-p udp -m udp --dport 4294967297 ; -p udp -m udp --dport 1 ; OK
-p udp -m udp --dport 99999999999999999999999 ; ; FAIL udp: invalid port or service "99999999999999999999999"
-p udp -m udp --dport -1 ; ; FAIL udp: invalid port or service "-1"
-p udp -m udp --dport -2 ; ; FAIL udp: invalid port or service "-2"
-p udp -m udp --dport +5 ; -p udp -m udp --dport 5 ; OK
-p udp -m udp --dport " 5" ; -p udp -m udp --dport 5 ; OK
-p udp -m udp --dport "5 " ; ; FAIL udp: invalid port or service "5 "
-p udp -m udp --dport "" ; -p udp -m udp --dport 0 ; OK
-p udp -m udp --dport : ; -p udp -m udp ; OK
-p udp -m udp ! --dport : ; -p udp -m udp ! --dport 0:65535 ; NEWER
-p udp -m udp ! --dport 0:65535 ; -p udp -m udp ! --dport 0:65535 ; NEWER
-p udp -m udp --dport :5 ; -p udp -m udp --dport 0:5 ; OK
-p udp -m udp --dport 5: ; -p udp -m udp --dport 5:65535 ; OK
-p udp -m udp --dport 5:4 ; = ; OK
-p udp -m udp --dport 1:2:3 ; ; FAIL udp: too many ports in "1:2:3"
-p udp -m udp --dport 1:: ; ; FAIL udp: too many ports in "1::"
-p udp -m udp --dport domain:80 ; -p udp -m udp --dport 53:80 ; OK
-p udp -m udp --dport 53 --sport 54 ; -p udp -m udp --sport 54 --dport 53 ; OK
-p udp -m udp --source-port 1 ! --destination-port 2 ; -p udp -m udp --sport 1 ! --dport 2 ; OK
-p udp -m udp --dport 1 --dport 2 ; ; FAIL udp: option --dport can only be used once
-p udp -m udp --dport 1 --destination-port 2 ; ; FAIL udp: option --dport can only be used once
-p udp -m udp --dport amqp ; -p udp -m udp --dport 5672 ; OK
-p udp -m udp --dport x11-3 ; -p udp -m udp --dport 6003 ; OK
-p udp -m udp --dport rtmp ; ; FAIL udp: invalid port or service "rtmp"
-p udp -m udp --dport zip ; ; FAIL udp: invalid port or service "zip"
-p tcp -m udp --dport 1 ; ; FAIL udp: only valid with -p udp
-p udplite -m udp --dport 1 ; ; FAIL udp: only valid with -p udp
-p udplite --dport 1 ; ; FAIL unknown option "--dport"
! -p udp -m udp ; ; FAIL udp: only valid with -p udp
-p udp -m udp --dport 80-90 ; ; FAIL udp: invalid port or service "80-90"
-p tcp -m udp ; ; FAIL udp: only valid with -p udp

@ip6tables filter INPUT
-p udp -m udp ; = ; OK
-p udp -m udp --dport 53 ; = ; OK
-p udp -m udp --dport 010 ; -p udp -m udp --dport 10 ; OK
-p udp -m udp --dport 0x50 ; ; FAIL udp: invalid port or service "0x50"
-p udp -m udp --dport domain ; -p udp -m udp --dport 53 ; OK
-p udp -m udp --dport tftp ; -p udp -m udp --dport 69 ; OK
-p udp -m udp --dport ssh ; -p udp -m udp --dport 22 ; OK
-p udp -m udp --dport DOMAIN ; ; FAIL udp: invalid port or service "DOMAIN"
-p udp -m udp --dport biff ; -p udp -m udp --dport 512 ; OK

# packets

@iptables filter FORWARD
-p udp -m udp --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-p udp -m udp --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:54 ; no
-p udp -m udp ! --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-p udp -m udp ! --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:54 ; match
-p udp -m udp --dport 50:60 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:60 ; match
-p udp -m udp --dport 50:60 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:61 ; no
-p udp -m udp --dport 60:50 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:55 ; no
-p udp -m udp ! --dport 60:50 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:55 ; match
-p udp -m udp --sport 1024 --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-p udp -m udp --sport 1 --dport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-p udp -m udp ! --dport : ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:5 ; no
-p udp -m udp ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:5 ; match
# cut short; the length in the header does not count; fragments
-p udp -m udp --dport 53 ; eth0: wire 4500001b1267000040110229cb007105c633640904000035000800 ; drop
-p udp -m udp ! --dport 53 ; eth0: wire 45000018126700004011022ccb007105c633640904000035 ; drop
-p udp -m udp --dport 53 ; eth0: wire 4500001c1267000040110228cb007105c63364090001003503e70000 ; match
-p udp -m udp --dport 53 ; eth0: wire 45000024126720004011e21fcb007105c633640904000035001000007878787878787878 ; match
-p udp -m udp --dport 53 ; eth0: wire 4500001c1267000140110227cb007105c63364090400003500080000 ; no
-p udp -m udp ! --dport 53 ; eth0: wire 4500001c1267000340110225cb007105c63364090400003500080000 ; no

@ip6tables filter FORWARD
-p udp -m udp --dport 53 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 ; match
-p udp -m udp --dport 53 ; eth0: wire 600012670007114020010db800090000000000000000000520010db801000000000000000000000904000035000800 ; drop
-p udp -m udp --dport 53 ; eth0: wire 6000126700182c4020010db800090000000000000000000520010db8010000000000000000000009110000010000004d04000035001000007878787878787878 ; match
-p udp -m udp --dport 53 ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009110000100000004d0400003500080000 ; no
