@iptables filter FORWARD
# the kernel of the machine may have no IPVS
-m ipvs --ipvs ; = ; ASSUME
-m ipvs ! --ipvs ; = ; ASSUME
-m ipvs --vproto tcp ; -m ipvs --vproto 6 ; ASSUME
-m ipvs --vproto 6 --ipvs ; -m ipvs --vproto 6 ; ASSUME
-m ipvs --vaddr 1.2.3.4 ; = ; ASSUME
-m ipvs ! --vaddr 1.2.3.0/24 ; = ; ASSUME
-m ipvs --vport 80 ; = ; ASSUME
-m ipvs --vport http ; -m ipvs --vport 80 ; ASSUME
-m ipvs ! --vport 80 ; = ; ASSUME
-m ipvs --vdir ORIGINAL ; = ; ASSUME
-m ipvs --vdir reply ; -m ipvs --vdir REPLY ; ASSUME
-m ipvs --vmethod GATE ; = ; ASSUME
-m ipvs ! --vmethod masq ; -m ipvs ! --vmethod MASQ ; ASSUME
-m ipvs --vmethod IPIP ; = ; ASSUME
-m ipvs --vportctl 21 ; = ; ASSUME
-m ipvs --vportctl 21 --vmethod MASQ --vdir ORIGINAL --vport 80 --vaddr 1.2.3.4 --vproto tcp ; -m ipvs --vproto 6 --vaddr 1.2.3.4 --vport 80 --vdir ORIGINAL --vmethod MASQ --vportctl 21 ; ASSUME
-m ipvs ; ; FAIL at least one option must be given
-m ipvs ! --ipvs --vport 80 ; ; FAIL ! --ipvs cannot be used together with other options
-m ipvs --vmethod FOO ; ; FAIL unknown word "FOO"
-m ipvs --vdir FOO ; ; FAIL unknown word "FOO"
-m ipvs ! --vdir REPLY ; ; FAIL option --vdir cannot be inverted
-m ipvs --vport 80:90 ; ; FAIL bad port "80:90"
-m ipvs --vport 80 --vport 81 ; ; FAIL option --vport can only be used once

@ip6tables filter FORWARD
-m ipvs --vaddr 2001:db8::1 ; = ; ASSUME
-m ipvs --vaddr 2001:db8::/32 --vproto udp ; -m ipvs --vproto 17 --vaddr 2001:db8::/32 ; ASSUME
