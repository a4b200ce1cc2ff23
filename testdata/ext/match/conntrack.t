@iptables filter INPUT
-m conntrack ; ; FAIL conntrack: at least one option must be given
-m conntrack --ctstate NEW ; = ; OK
-m conntrack --ctstate new,established ; -m conntrack --ctstate NEW,ESTABLISHED ; OK
-m conntrack --ctstate NEW,NEW ; -m conntrack --ctstate NEW ; OK
-m conntrack --ctstate RELATED,ESTABLISHED,NEW,INVALID,UNTRACKED,SNAT,DNAT ; -m conntrack --ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT ; OK
-m conntrack --ctstate NE ; -m conntrack --ctstate NEW ; OK
-m conntrack --ctstate E ; -m conntrack --ctstate ESTABLISHED ; OK
-m conntrack --ctstate "" ; ; FAIL conntrack: unknown word ""
-m conntrack --ctstate NEW, ; ; FAIL conntrack: unknown word ""
-m conntrack --ctstate ,NEW ; ; FAIL conntrack: unknown word ""
-m conntrack --ctstate FOO ; ; FAIL conntrack: unknown word "FOO"
-m conntrack --ctstate "NEW, RELATED" ; ; FAIL conntrack: unknown word " RELATED"
-m conntrack ! --ctstate NEW ; = ; OK
-m conntrack --ctstate NEW --ctstate RELATED ; ; FAIL conntrack: option --ctstate can only be used once
-m conntrack --ctproto tcp ; -m conntrack --ctproto 6 ; OK
-m conntrack --ctproto 6 ; = ; OK
-m conntrack --ctproto TCP ; -m conntrack --ctproto 6 ; OK
-m conntrack --ctproto 0 ; = ; OK
-m conntrack --ctproto all ; -m conntrack --ctproto 0 ; OK
-m conntrack --ctproto 253 ; = ; OK
-m conntrack --ctproto 256 ; ; FAIL conntrack: unknown protocol "256"
-m conntrack --ctproto foo ; ; FAIL conntrack: unknown protocol "foo"
-m conntrack ! --ctproto 0 ; = ; OK
-m conntrack ! --ctproto udp ; -m conntrack ! --ctproto 17 ; OK
-m conntrack --ctproto 0x11 ; -m conntrack --ctproto 17 ; OK
-m conntrack --ctorigsrc 10.0.0.1 ; = ; OK
-m conntrack --ctorigsrc 10.0.0.1/8 ; = ; OK
-m conntrack --ctorigsrc 10.0.0.1/255.0.255.0 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 0.0.0.0/0 ; = ; OK
-m conntrack --ctorigsrc 1.2.3.4/0 ; = ; OK
-m conntrack ! --ctorigsrc 0.0.0.0/0 ; = ; OK
-m conntrack --ctorigsrc 10.1 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 010.0.0.1 ; -m conntrack --ctorigsrc 8.0.0.1 ; OK
-m conntrack --ctorigsrc 10.0.0.1/33 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 10.0.0.1/0x8 ; -m conntrack --ctorigsrc 10.0.0.1/8 ; OK
-m conntrack --ctorigsrc 10.0.0.1,10.0.0.2 ; ; FAIL conntrack: bad address "10.0.0.1,10.0.0.2"
-m conntrack --ctorigsrc ::1 ; ; FAIL conntrack: bad address "::1"
-m conntrack --ctorigsrc 10.0.0.1/ ; ; FAIL conntrack: bad mask ""
-m conntrack --ctorigsrc 10.0.0.1/255 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 10.0.0.1/255.255 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc "" ; ; FAIL conntrack: bad address ""
-m conntrack --ctorigdst 10.0.0.1 ; = ; OK
-m conntrack --ctreplsrc 10.0.0.1 ; = ; OK
-m conntrack ! --ctrepldst 10.0.0.1/24 ; = ; OK
-m conntrack --ctorigsrcport 80 ; = ; OK
-m conntrack --ctorigsrcport 80:90 ; = ; OK
-m conntrack --ctorigsrcport 90:80 ; = ; OK
-m conntrack --ctorigsrcport http ; -m conntrack --ctorigsrcport 80 ; OK
-m conntrack --ctorigsrcport 010 ; -m conntrack --ctorigsrcport 10 ; OK
-m conntrack --ctorigsrcport 0x10 ; ; FAIL conntrack: invalid port or service "0x10"
-m conntrack --ctorigsrcport : ; -m conntrack --ctorigsrcport 0:65535 ; OK
-m conntrack --ctorigsrcport :5 ; -m conntrack --ctorigsrcport 0:5 ; OK
-m conntrack --ctorigsrcport 5: ; -m conntrack --ctorigsrcport 5:65535 ; OK
-m conntrack --ctorigsrcport 0:65535 ; = ; OK
-m conntrack ! --ctorigdstport 80 ; = ; OK
-m conntrack --ctreplsrcport 80 ; = ; OK
-m conntrack --ctrepldstport 80: ; -m conntrack --ctrepldstport 80:65535 ; OK
-m conntrack --ctorigsrcport 0 ; = ; OK
-m conntrack --ctorigsrcport 70000 ; -m conntrack --ctorigsrcport 4464 ; OK
-m conntrack --ctorigsrcport "" ; -m conntrack --ctorigsrcport 0 ; OK
-m conntrack --ctstatus NONE ; = ; OK
-m conntrack ! --ctstatus NONE ; = ; OK
-m conntrack --ctstatus EXPECTED,SEEN_REPLY,ASSURED,CONFIRMED ; = ; OK
-m conntrack --ctstatus CONFIRMED,ASSURED ; -m conntrack --ctstatus ASSURED,CONFIRMED ; OK
-m conntrack --ctstatus NONE,ASSURED ; -m conntrack --ctstatus ASSURED ; OK
-m conntrack --ctstatus ass ; -m conntrack --ctstatus ASSURED ; OK
-m conntrack --ctstatus s ; -m conntrack --ctstatus SEEN_REPLY ; OK
-m conntrack --ctstatus FOO ; ; FAIL conntrack: unknown word "FOO"
-m conntrack --ctstatus "" ; ; FAIL conntrack: unknown word ""
-m conntrack ! --ctstatus assured ; -m conntrack ! --ctstatus ASSURED ; OK
-m conntrack --ctexpire 5 ; = ; OK
-m conntrack --ctexpire 5:10 ; = ; OK
-m conntrack --ctexpire 10:5 ; = ; OK
-m conntrack --ctexpire :5 ; -m conntrack --ctexpire 0:5 ; OK
-m conntrack --ctexpire 5: ; -m conntrack --ctexpire 5:4294967295 ; OK
-m conntrack --ctexpire : ; -m conntrack --ctexpire 0:4294967295 ; OK
-m conntrack --ctexpire 4294967295 ; = ; OK
-m conntrack --ctexpire 4294967296 ; ; FAIL conntrack: value 4294967296 is out of range 0-4294967295
-m conntrack --ctexpire 0 ; = ; OK
-m conntrack --ctexpire 0x10 ; -m conntrack --ctexpire 16 ; OK
-m conntrack --ctexpire "" ; -m conntrack --ctexpire 0 ; OK
-m conntrack --ctexpire 1:2:3 ; ; FAIL conntrack: bad value "2:3"
-m conntrack ! --ctexpire 5 ; = ; OK
-m conntrack --ctexpire x ; ; FAIL conntrack: bad value "x"
-m conntrack --ctexpire 5:5 ; -m conntrack --ctexpire 5 ; OK
-m conntrack --ctdir ORIGINAL ; = ; OK
-m conntrack --ctdir REPLY ; = ; OK
-m conntrack --ctdir original ; -m conntrack --ctdir ORIGINAL ; OK
-m conntrack --ctdir reply ; -m conntrack --ctdir REPLY ; OK
-m conntrack --ctdir FOO ; ; FAIL conntrack: unknown word "FOO"
-m conntrack ! --ctdir ORIGINAL ; ; FAIL conntrack: option --ctdir cannot be inverted
-m conntrack --ctdir ORIG ; ; FAIL conntrack: unknown word "ORIG"
-m conntrack --ctdir "" ; ; FAIL conntrack: unknown word ""
-m conntrack --ctdir REPLY --ctexpire 5 --ctstatus ASSURED --ctrepldstport 4 --ctreplsrcport 3 --ctorigdstport 2 --ctorigsrcport 1 --ctrepldst 4.4.4.4 --ctreplsrc 3.3.3.3 --ctorigdst 2.2.2.2 --ctorigsrc 1.1.1.1 --ctproto tcp --ctstate NEW ; -m conntrack --ctstate NEW --ctproto 6 --ctorigsrc 1.1.1.1 --ctorigdst 2.2.2.2 --ctreplsrc 3.3.3.3 --ctrepldst 4.4.4.4 --ctorigsrcport 1 --ctorigdstport 2 --ctreplsrcport 3 --ctrepldstport 4 --ctstatus ASSURED --ctexpire 5 --ctdir REPLY ; OK
-m conntrack --ctproto tcp --ctproto udp ; ; FAIL conntrack: option --ctproto can only be used once
-m conntrack --ctorigsrc 10.0.0.1 --ctorigsrc 10.0.0.2 ; ; FAIL conntrack: option --ctorigsrc can only be used once
-m conntrack --state NEW ; ; FAIL unknown option "--state"
-m conntrack --ctstate NEW, ; ; FAIL conntrack: unknown word ""
-m conntrack --ctexpire :5:6 ; ; FAIL conntrack: bad value "5:6"
-m conntrack --ctproto icmp ; -m conntrack --ctproto 1 ; OK
-m conntrack --ctorigsrc 10.0.0.256 ; ; FAIL conntrack: bad address "10.0.0.256"
-m conntrack --ctorigsrc 1.2.3.4.5 ; ; FAIL conntrack: bad address "1.2.3.4.5"
-m conntrack --ctorigsrc 0x0a.1 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 167772161 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 4294967296 ; ; FAIL conntrack: bad address "4294967296"
-m conntrack --ctorigsrc 10.0.0.1/-1 ; ; FAIL conntrack: bad mask "-1"
-m conntrack --ctorigsrc 10.0.0.1/255.255.0.0 ; -m conntrack --ctorigsrc 10.0.0.1/16 ; OK
-m conntrack --ctorigsrc 10.0.0.1/32 ; -m conntrack --ctorigsrc 10.0.0.1 ; OK
-m conntrack --ctorigsrc 10.0.0.1/010 ; -m conntrack --ctorigsrc 10.0.0.1/8 ; OK
-m conntrack --ctorigsrc 10.0.0.1/8/8 ; ; FAIL conntrack: bad mask "8/8"
-m conntrack --ctorigsrc " 10.0.0.1" ; ; FAIL conntrack: bad address " 10.0.0.1"
-m conntrack --ctorigsrc "10.0.0.1 " ; ; FAIL conntrack: bad address "10.0.0.1 "

@ip6tables filter INPUT
-m conntrack --ctstate NEW ; = ; OK
-m conntrack --ctorigsrc 2001:db8::1 ; = ; OK
-m conntrack --ctorigsrc 2001:DB8::1 ; -m conntrack --ctorigsrc 2001:db8::1 ; OK
-m conntrack --ctorigsrc 2001:db8::1/64 ; = ; OK
-m conntrack --ctorigsrc 2001:db8::1/128 ; -m conntrack --ctorigsrc 2001:db8::1 ; OK
-m conntrack --ctorigsrc ::/0 ; = ; OK
-m conntrack ! --ctorigsrc ::/0 ; = ; OK
-m conntrack --ctorigsrc ::/129 ; ; FAIL conntrack: bad mask "129"
-m conntrack --ctorigsrc 2001:db8::1/ffff::ffff ; -m conntrack --ctorigsrc 2001:db8::1 ; OK
-m conntrack --ctorigsrc 2001:db8::1/ffff:ffff:: ; -m conntrack --ctorigsrc 2001:db8::1/32 ; OK
-m conntrack --ctorigsrc 10.0.0.1 ; ; FAIL conntrack: bad address "10.0.0.1"
-m conntrack --ctorigsrc fe80::1%lo ; -m conntrack --ctorigsrc fe80::1 ; OK
-m conntrack --ctorigsrc fe::1%lo ; ; FAIL bad address
-m conntrack --ctorigsrc fe::1%7 ; -m conntrack --ctorigsrc fe::1 ; OK
-m conntrack --ctorigsrc ::ffff:1.2.3.4 ; = ; OK
-m conntrack --ctorigsrc ::1.2.3.4 ; = ; OK
-m conntrack --ctorigsrc ::5:1 ; -m conntrack --ctorigsrc ::0.5.0.1 ; OK
-m conntrack --ctorigsrc ::5:0 ; -m conntrack --ctorigsrc ::0.5.0.0 ; OK
-m conntrack --ctorigsrc ::5 ; = ; OK
-m conntrack --ctorigsrc ::5:0:1 ; = ; OK
-m conntrack --ctorigsrc 1:0:2:0:3:0:0:4 ; -m conntrack --ctorigsrc 1:0:2:0:3::4 ; OK
-m conntrack --ctorigsrc 1:2:3:4:5:6:0:8 ; = ; OK
-m conntrack --ctproto icmpv6 ; -m conntrack --ctproto 58 ; OK
-m conntrack --ctproto mh ; -m conntrack --ctproto 135 ; OK
-m conntrack --ctorigsrc 2001:db8::1 ! --ctorigdst 2001:db8::2/64 --ctreplsrc ::1 --ctrepldst ::2 ; = ; OK

# packets

@iptables mangle FORWARD
-m conntrack --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / no / no
-m conntrack --ctstate ESTABLISHED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / match
-m conntrack ! --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / match
-m conntrack --ctstate NEW,ESTABLISHED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctstate INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstate UNTRACKED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstate RELATED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstate SNAT,DNAT ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack ! --ctstate SNAT ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctproto 17 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctproto 6 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack ! --ctproto 6 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack ! --ctproto 17 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctproto 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigsrc 203.0.113.5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctorigsrc 203.0.113.6 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigsrc 203.0.113.6/24 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack ! --ctorigsrc 203.0.113.5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigsrc 0.0.0.0/0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack ! --ctorigsrc 0.0.0.0/0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigsrc 203.0.113.5/255.0.255.0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctorigsrc 203.9.113.5/255.0.255.0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigdst 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctreplsrc 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctrepldst 203.0.113.5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctrepldst 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigsrcport 1024 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctorigsrcport 1000:1023 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack ! --ctorigsrcport 1000:1023 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctorigsrcport 1030:1000 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctorigdstport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctreplsrcport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctrepldstport 1024 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctrepldstport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstatus NONE ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack ! --ctstatus NONE ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / match / match
-m conntrack --ctstatus SEEN_REPLY ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / match
-m conntrack --ctstatus CONFIRMED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match / match
-m conntrack ! --ctstatus CONFIRMED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / no / no / no
-m conntrack --ctstatus ASSURED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstatus EXPECTED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstatus SEEN_REPLY,CONFIRMED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match / match
-m conntrack --ctdir ORIGINAL ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match / match / no / match
-m conntrack --ctdir REPLY ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / no
-m conntrack --ctstatus CONFIRMED --ctexpire 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstatus CONFIRMED --ctexpire 28:30 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match / match
-m conntrack --ctstatus CONFIRMED ! --ctexpire 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / match / match / match
-m conntrack --ctstatus CONFIRMED --ctexpire 31: ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctstate ESTABLISHED --ctdir REPLY ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / no
-m conntrack --ctstate NEW --ctproto 6 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / no / no
-m conntrack --ctproto 17 --ctorigdstport 53 ! --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 / eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no / no / match / match
# no connection: the state alone decides
-m conntrack --ctstate INVALID ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; match
-m conntrack ! --ctstate INVALID ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m conntrack --ctstate NEW ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m conntrack ! --ctstate NEW ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; match
-m conntrack --ctproto 6 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m conntrack ! --ctproto 6 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m conntrack --ctstate INVALID --ctproto 17 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; match
-m conntrack --ctstate INVALID ! --ctproto 6 --ctdir REPLY ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; match
-m conntrack ! --ctstatus NONE ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
-m conntrack --ctdir ORIGINAL ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 fin,syn ; no
# TCP
-m conntrack --ctstate NEW ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn / eth1: tcp 198.51.100.9:80 > 203.0.113.5:1024 syn,ack ackno 1 ; match / no
-m conntrack --ctstate ESTABLISHED ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn / eth1: tcp 198.51.100.9:80 > 203.0.113.5:1024 syn,ack ackno 1 ; no / match
-m conntrack --ctorigdstport 80 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn / eth1: tcp 198.51.100.9:80 > 203.0.113.5:1024 syn,ack ackno 1 ; match / match
# ICMP: the identifier is the source port, type and code are the destination port
-m conntrack --ctorigsrcport 0 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / match
-m conntrack --ctorigdstport 2048 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / match
-m conntrack --ctreplsrcport 0 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / match
-m conntrack --ctrepldstport 0 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / match
-m conntrack --ctproto 1 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / match
-m conntrack --ctstate NEW ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match / no
-m conntrack --ctorigdstport 0:100 ; eth0: icmp 203.0.113.5 > 198.51.100.9 echo-request / eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; no / no
-m conntrack --ctstate INVALID ; eth1: icmp 198.51.100.9 > 203.0.113.5 echo-reply ; match

@iptables mangle FORWARD
@with raw PREROUTING -j NOTRACK
-m conntrack --ctstate UNTRACKED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m conntrack ! --ctstate UNTRACKED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m conntrack --ctstate INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m conntrack --ctstate NEW,ESTABLISHED,RELATED,INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m conntrack --ctproto 17 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m conntrack ! --ctproto 17 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / no
-m conntrack --ctstate UNTRACKED --ctproto 6 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match
-m conntrack ! --ctstate INVALID ! --ctproto 17 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / match

@iptables mangle FORWARD
@with nat PREROUTING -p udp -j DNAT --to-destination 198.51.100.9:5353
@with nat POSTROUTING -j SNAT --to-source 198.51.100.1
-m conntrack --ctstate DNAT ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack ! --ctstate DNAT ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; no / no
-m conntrack --ctstate SNAT ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; no / match
-m conntrack --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / no
-m conntrack --ctorigdst 192.0.2.1 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack --ctreplsrc 198.51.100.9 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack --ctrepldst 203.0.113.5 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / no
-m conntrack --ctrepldst 198.51.100.1 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; no / match
-m conntrack --ctreplsrcport 5353 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack --ctorigdstport 53 ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack --ctstate SNAT,DNAT ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; match / match
-m conntrack --ctstate ESTABLISHED,SNAT ; eth0: udp 203.0.113.5:1024 > 192.0.2.1:53 / eth1: udp 198.51.100.9:5353 > 198.51.100.1:1024 ; no / match

@ip6tables mangle FORWARD
-m conntrack --ctstate NEW ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / no
-m conntrack --ctorigsrc 2001:db8:9::5 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / match
-m conntrack --ctorigsrc 2001:db8:9::/48 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / match
-m conntrack ! --ctorigdst 2001:db8:100::/64 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; no / no
-m conntrack --ctorigdst 2001:db8:100::77 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; no / no
-m conntrack --ctproto 17 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / match
-m conntrack --ctorigsrc ::/0 ; eth0: udp [2001:db8:9::5]:1024 > [2001:db8:100::9]:53 / eth1: udp [2001:db8:100::9]:53 > [2001:db8:9::5]:1024 ; match / match

@iptables filter INPUT
# over the loopback link the state is the one of OUTPUT
-m conntrack --ctstate NEW ; udp 127.0.0.1:9 > 127.0.0.1:10 ; match

# The first word about tracking holds.
@iptables filter FORWARD
@with raw PREROUTING -p udp --dport 53 -j CT --zone 1
@with raw PREROUTING -p udp --dport 53 -j CT --zone 2
@with raw PREROUTING -p udp --dport 53 -j CT --notrack
@with raw PREROUTING -p udp --sport 53 -j CT --zone 1
-m conntrack --ctstate ESTABLISHED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; no / match
-m conntrack --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 / eth1: udp 198.51.100.9:53 > 203.0.113.5:1024 ; match / no

# Between CT and tracking.
@iptables raw PREROUTING
@with raw PREROUTING -p udp --dport 53 -j CT --zone 1
-m conntrack --ctstate NEW ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctstate INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m conntrack --ctstate INVALID ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:54 ; match
-m conntrack --ctproto 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctstatus CONFIRMED ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctstatus NONE ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m conntrack --ctdir ORIGINAL ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctexpire 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctorigsrc 203.0.113.5 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m conntrack --ctorigsrc 0.0.0.0/8 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
-m conntrack --ctorigdstport 53 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; no
-m connmark --mark 0 ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
