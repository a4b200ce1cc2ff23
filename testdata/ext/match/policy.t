@iptables filter FORWARD
-m policy ; ; FAIL --dir in or --dir out must be given
-m policy --dir in ; -m policy --dir in --pol ipsec ; OK
-m policy --dir in --pol none ; = ; OK
-m policy --dir in --pol ipsec ; = ; OK
-m policy --pol ipsec ; ; FAIL --dir in or --dir out must be given
-m policy --dir out --pol ipsec ; = ; OK
-m policy --dir fwd --pol ipsec ; ; FAIL unknown direction "fwd"
-m policy --dir in --pol none --reqid 5 ; -m policy --dir in --pol none ; OK
-m policy --dir in --pol none --strict ; ; FAIL --pol none has no transforms to look at
-m policy --dir in --pol ipsec --strict ; ; FAIL element 0 is empty: with --strict each needs a condition
-m policy --dir in --pol ipsec --strict --reqid 5 ; = ; OK
-m policy --dir in --pol ipsec --reqid 5 ; = ; OK
-m policy --dir in --pol ipsec ! --reqid 5 ; = ; OK
-m policy --dir in --pol ipsec --reqid 5 --reqid 6 ; ; FAIL an element has --reqid once
-m policy --dir in --pol ipsec --reqid 5 --next --reqid 6 ; ; FAIL option --next also needs --strict
-m policy --dir in --pol ipsec --strict --reqid 5 --next --reqid 6 ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 5 --next ; ; FAIL element 1 is empty: with --strict each needs a condition
-m policy --dir in --pol ipsec --strict --next --reqid 6 ; ; FAIL element 0 is empty: with --strict each needs a condition
-m policy --dir in --pol ipsec --spi 0x5 ; = ; OK
-m policy --dir in --pol ipsec --proto esp ; = ; OK
-m policy --dir in --pol ipsec --proto ah ; = ; OK
-m policy --dir in --pol ipsec --proto 50 ; -m policy --dir in --pol ipsec --proto esp ; OK
-m policy --dir in --pol ipsec --proto ipcomp ; = ; OK
-m policy --dir in --pol ipsec --proto tcp ; ; FAIL bad protocol "tcp"
-m policy --dir in --pol ipsec --mode tunnel ; = ; OK
-m policy --dir in --pol ipsec --mode transport ; = ; OK
-m policy --dir in --pol ipsec --mode bad ; ; FAIL unknown word "bad"
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4 ; = ; OK
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.0/24 --tunnel-dst 5.6.7.8 ; -m policy --dir in --pol ipsec --mode tunnel --tunnel-dst 5.6.7.8 --tunnel-src 1.2.3.0/24 ; OK
-m policy --dir in --pol ipsec --tunnel-src 1.2.3.4 ; ; FAIL --tunnel-src and --tunnel-dst need --mode tunnel
-m policy --dir in --pol ipsec --mode transport --tunnel-src 1.2.3.4 ; ; FAIL --tunnel-src and --tunnel-dst need --mode tunnel
-m policy --dir in --pol ipsec --strict --reqid 1 --spi 0x1 --proto ipcomp --mode tunnel --tunnel-dst 10.0.0.0/8 --tunnel-src 10.0.0.0/8 --next --reqid 2 ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 ; = ; OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 --next --reqid 5 ; ; FAIL too many elements: at most 4 fit
-m policy --dir in --pol ipsec ! --spi 1 ! --proto esp ! --mode tunnel ! --reqid 4 ; -m policy --dir in --pol ipsec ! --reqid 4 ! --spi 0x1 ! --proto esp ! --mode tunnel ; OK
-m policy --dir in --pol ipsec --mode tunnel ! --tunnel-src 1.2.3.4 ! --tunnel-dst 1.2.3.4/8 ; -m policy --dir in --pol ipsec --mode tunnel ! --tunnel-dst 1.2.3.4/8 ! --tunnel-src 1.2.3.4 ; OK
-m policy --dir in --pol ipsec ! --mode tunnel --tunnel-src 1.2.3.4 ; ; FAIL --tunnel-src and --tunnel-dst need --mode tunnel
-m policy --dir in --pol ipsec --strict --next ; ; FAIL element 0 is empty: with --strict each needs a condition
-m policy --dir in --pol bad ; ; FAIL unknown policy "bad"
-m policy --dir IN --pol ipsec ; ; FAIL unknown direction "IN"
-m policy --dir in --dir in --pol ipsec ; ; FAIL option --dir can only be used once
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4/0 ; = ; OK
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4/255.0.255.0 ; -m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4 ; OK
-m policy --dir in --pol ipsec --reqid 0 ; = ; OK
-m policy --dir in --pol ipsec --proto 0 ; ; FAIL bad protocol "0"
-m policy --dir in --pol ipsec --spi 0 ; -m policy --dir in --pol ipsec --spi 0x0 ; OK
-m policy --dir in --pol ipsec --proto ipsec-esp ; ; FAIL unknown protocol "ipsec-esp"
-m policy --dir in --pol ipsec --proto 108 ; -m policy --dir in --pol ipsec --proto ipcomp ; OK
-m policy --dir in --pol ipsec --next --strict --reqid 1 ; ; FAIL element 0 is empty: with --strict each needs a condition
-m policy --dir in --pol none --mode tunnel ; -m policy --dir in --pol none ; OK
-m policy --dir in --pol none --mode transport --tunnel-src 1.2.3.4 ; -m policy --dir in --pol none ; OK
-m policy --dir in --pol ipsec ! --mode transport --tunnel-src 1.2.3.4 ; = ; OK
-m policy --dir in --pol ipsec --reqid 1 --strict ; -m policy --dir in --pol ipsec --strict --reqid 1 ; OK
-m policy --dir in --pol none --next ; ; FAIL option --next also needs --strict
-m policy --dir in --pol none --next --strict ; ; FAIL --pol none has no transforms to look at
-m policy --dir in --pol none --reqid 1 --next --reqid 2 --next --next --next ; ; FAIL too many elements: at most 4 fit
-m policy --dir in --mode Tunnel ; ; FAIL unknown word "Tunnel"
-m policy --dir in --spi 4294967296 ; ; FAIL value 4294967296 is out of range 0-4294967295
-m policy --dir in --strict --mode tunnel --tunnel-src 1.2.3.4 --next --mode transport ; -m policy --dir in --pol ipsec --strict --mode tunnel --tunnel-src 1.2.3.4 --next --mode transport ; OK
-m policy --dir in ! --strict ; ; FAIL option --strict cannot be inverted
-m policy --dir in ! --pol none ; ; FAIL option --pol cannot be inverted
-m policy --dir in --pol ipsec --tunnel-src 1.2.3.4 --mode tunnel ; -m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4 ; OK
-m policy --dir out --pol none ; = ; OK
-m policy --dir in --pol ipsec --strict --spi 1 --next --spi 2 --proto ah --mode transport ; -m policy --dir in --pol ipsec --strict --spi 0x1 --next --spi 0x2 --proto ah --mode transport ; OK
-m policy --dir in --pol ipsec ! --proto ah --strict ; -m policy --dir in --pol ipsec --strict ! --proto ah ; OK
-m policy --dir in --pol ipsec --next ; ; FAIL option --next also needs --strict

@iptables filter OUTPUT
-m policy --dir in --pol ipsec ; ; FAIL policy: --dir in is not known in OUTPUT
-m policy --dir out --pol ipsec ; = ; OK

@iptables filter INPUT
-m policy --dir out --pol ipsec ; ; FAIL policy: --dir out is not known in INPUT

@iptables raw PREROUTING
-m policy --dir in --pol ipsec ; = ; OK

@iptables mangle POSTROUTING
-m policy --dir out --pol ipsec ; = ; OK

@ip6tables filter FORWARD
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src a::/64 --tunnel-dst b::1 ; -m policy --dir in --pol ipsec --mode tunnel --tunnel-dst b::1 --tunnel-src a::/64 ; OK
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 1.2.3.4 ; ; FAIL bad address "1.2.3.4"

@iptables filter X
-m policy --dir in ; -m policy --dir in --pol ipsec ; OK

# packets

@iptables filter FORWARD
-m policy --dir in --pol none ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m policy --dir in --pol ipsec ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m policy --dir out --pol none ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m policy --dir out --pol ipsec ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m policy --dir in --pol ipsec ! --proto esp ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m policy --dir in --pol ipsec --strict --reqid 1 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
