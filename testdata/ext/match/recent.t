@iptables filter INPUT
-m recent --set ; -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent ; ; FAIL must be given
-m recent --rcheck ; -m recent --rcheck --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update ; -m recent --update --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --remove ; -m recent --remove --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent ! --set ; -m recent ! --set --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent ! --rcheck ; -m recent ! --rcheck --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent ! --update ; -m recent ! --update --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent ! --remove ; -m recent ! --remove --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --set --rcheck ; ; FAIL option --set cannot be used together with --rcheck
-m recent --rcheck --seconds 5 ; -m recent --rcheck --seconds 5 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --seconds 0 ; ; FAIL out of range 1-4294967295
-m recent --rcheck --seconds 4294967295 ; -m recent --rcheck --seconds -1 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --seconds 4294967296 ; ; FAIL out of range 1-4294967295
-m recent --update --seconds 5 --hitcount 3 ; -m recent --update --seconds 5 --hitcount 3 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update --seconds 5 --hitcount 0 ; -m recent --update --seconds 5 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update --seconds 5 --hitcount 65535 ; -m recent --update --seconds 5 --hitcount 65535 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update --seconds 5 --hitcount 65536 ; ; FAIL at most 65535 are possible
-m recent --update --seconds 5 --hitcount 3 --rttl ; -m recent --update --seconds 5 --hitcount 3 --rttl --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update --rttl ; -m recent --update --rttl --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --update ! --rttl ; ; FAIL option --rttl cannot be inverted
-m recent --set --rttl ; ; FAIL option --rttl cannot be used together with --set
-m recent --remove --rttl ; ; FAIL option --rttl cannot be used together with --remove
-m recent --set --seconds 5 ; ; FAIL cannot be used together with --seconds, --hitcount or --reap
-m recent --set --hitcount 5 ; ; FAIL cannot be used together with --seconds, --hitcount or --reap
-m recent --remove --seconds 5 ; ; FAIL cannot be used together with --seconds, --hitcount or --reap
-m recent --remove --hitcount 5 ; ; FAIL cannot be used together with --seconds, --hitcount or --reap
-m recent --update --reap ; ; FAIL option --reap also needs --seconds
-m recent --update --reap --seconds 5 ; -m recent --update --seconds 5 --reap --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rcheck --reap --seconds 5 ; -m recent --rcheck --seconds 5 --reap --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --set --reap --seconds 5 ; ; FAIL cannot be used together with --seconds, --hitcount or --reap
-m recent --set --reap ; ; FAIL option --reap also needs --seconds
-m recent --rcheck --reap --seconds 0 ; ; FAIL out of range 1-4294967295
-m recent --set --name foo ; -m recent --set --name foo --mask 255.255.255.255 --rsource ; OK
-m recent --set --name "" ; ; FAIL must be possible as the name of a file
-m recent --set --name a/b ; ; FAIL must be possible as the name of a file
-m recent --set --name . ; ; FAIL must be possible as the name of a file
-m recent --set --name .. ; ; FAIL must be possible as the name of a file
-m recent --set --name ... ; -m recent --set --name ... --mask 255.255.255.255 --rsource ; OK
-m recent --set --name "a b" ; -m recent --set --name a b --mask 255.255.255.255 --rsource ; OK
-m recent --set --name 012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567 ; -m recent --set --name 012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567 --mask 255.255.255.255 --rsource ; OK
-m recent --set --name 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678 ; -m recent --set --name 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678 --mask 255.255.255.255 --rsource ; OK
-m recent --set --name 01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345 ; -m recent --set --name 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678 --mask 255.255.255.255 --rsource ; OK
-m recent --set --rsource ; -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --set --rdest ; -m recent --set --name DEFAULT --mask 255.255.255.255 --rdest ; OK
-m recent --set --rdest --rsource ; -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --set --mask 255.255.255.0 ; -m recent --set --name DEFAULT --mask 255.255.255.0 --rsource ; OK
-m recent --set --mask 255.0.255.0 ; -m recent --set --name DEFAULT --mask 255.0.255.0 --rsource ; OK
-m recent --set --mask 24 ; -m recent --set --name DEFAULT --mask 0.0.0.24 --rsource ; OK
-m recent --set --mask 0.0.0.0 ; -m recent --set --name DEFAULT --mask 0.0.0.0 --rsource ; OK
-m recent --set --mask 255.255.255.256 ; ; FAIL need an IPv4 address
-m recent --set --set ; ; FAIL option --set can only be used once
-m recent --name a --name b --set ; ; FAIL option --name can only be used once
-m recent --hitcount 3 --rcheck ; -m recent --rcheck --hitcount 3 --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --seconds 3 ; ; FAIL must be given
-m recent --update --seconds 5 --hitcount 3 --reap --rttl ; -m recent --update --seconds 5 --reap --hitcount 3 --rttl --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --reap --rttl --rcheck --hitcount 3 --seconds 2147483648 ; -m recent --rcheck --seconds -2147483648 --reap --hitcount 3 --rttl --name DEFAULT --mask 255.255.255.255 --rsource ; OK
-m recent --rdest --name x --mask 10.1 --set ; -m recent --set --name x --mask 10.0.0.1 --rdest ; OK
@ip6tables filter INPUT
-m recent --set --mask ffff:ffff:: ; -m recent --set --name DEFAULT --mask ffff:ffff:: --rsource ; OK
-m recent --set ; -m recent --set --name DEFAULT --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource ; OK
-m recent --set --mask 255.255.255.0 ; ; FAIL need an IPv6 address
@iptables mangle PREROUTING
-m recent --set ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / match
-m recent ! --set ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no / no
-m recent --rcheck ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no / no
-m recent ! --rcheck ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / match
-m recent ! --update ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / match
-m recent ! --remove ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match
@iptables mangle PREROUTING
@with raw PREROUTING -p udp --dport 2 -m recent --name a --set
-m recent --name a --rcheck ; eth0: udp 192.0.2.9:1 > 192.0.2.1:3 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 / eth0: udp 192.0.2.8:1 > 192.0.2.1:3 ; no / match / match / no
-m recent --name b --rcheck ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; no / no
-m recent --name a --rcheck --rdest ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.1:1 > 192.0.2.9:3 ; no / match
-m recent --name a --rcheck --hitcount 3 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; no / no / match / match
-m recent --name a ! --rcheck --hitcount 2 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match / no / no
-m recent --name a --update --hitcount 2 --seconds 100 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; no / no / match / match
-m recent --name a --remove ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; match / no
-m recent --name a ! --remove ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; no / match
-m recent --name a --rcheck --rttl ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ttl 60 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ttl 60 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ttl 61 ; match / match / no
# a time to live of 0 stands for any
-m recent --name a --rcheck --rttl ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ttl 60 / eth0: wire 4500001c1267000000112460c0000209c00002010001000300080000 ; match / match
-m recent --name a --rcheck --seconds 100 --reap ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; match / match
# the mask is that of the rule loaded first
-m recent --name a --rcheck --mask 255.255.255.0 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.8:1 > 192.0.2.1:3 ; match / no
@iptables mangle FORWARD
@with raw PREROUTING -m recent --name a --mask 255.255.255.0 --set
-m recent --name a --rcheck --rdest ; eth0: udp 192.0.2.9:1 > 192.0.2.250:3 ; match
-m recent --name a --rcheck ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
# behind forwarding the time to live counts as it was before
-m recent --name a --rcheck --rttl ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
@iptables mangle OUTPUT
@with raw OUTPUT -m recent --name a --set
-m recent --name a --rcheck --rttl ; udp 192.0.2.1:1 > 198.51.100.9:2 ; match
# only so many times are remembered: with 3 hits wanted, four
@iptables mangle PREROUTING
@with raw PREROUTING -p udp --dport 2 -m recent --name a --set
-m recent --name a --update --hitcount 5 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; no / no / no / no / match / match
@ip6tables mangle PREROUTING
@with raw PREROUTING -p udp --dport 2 -m recent --name a --mask ffff:ffff:ffff:ffff:: --set
-m recent --name a --rcheck ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:2::1]:2 / eth0: udp [2001:db8:2::8]:1 > [2001:db8:2::1]:3 / eth0: udp [2001:db8:3::8]:1 > [2001:db8:2::1]:3 ; match / match / no
# what is too long ago does not count
@iptables mangle PREROUTING
@with raw PREROUTING -p udp --dport 2 -m recent --name a --set
-m recent --name a --rcheck --seconds 1 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 / wait 900ms / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 / wait 200ms / eth0: udp 192.0.2.9:1 > 192.0.2.1:3 ; match / - / match / - / no
