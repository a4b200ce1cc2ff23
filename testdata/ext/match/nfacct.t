@iptables filter INPUT
# the machine has no accounting objects
-m nfacct --nfacct-name  x ; = ; ASSUME
-m nfacct --nfacct-name x ; -m nfacct --nfacct-name  x ; ASSUME
-m nfacct --nfacct-name "a b" ; -m nfacct --nfacct-name  "a b" ; ASSUME
-m nfacct --nfacct-name 0123456789012345678901234567890 ; -m nfacct --nfacct-name  0123456789012345678901234567890 ; ASSUME
-m nfacct --nfacct-name 01234567890123456789012345678901 ; -m nfacct --nfacct-name  0123456789012345678901234567890 ; ASSUME
-m nfacct ; ; FAIL option --nfacct-name must be given
-m nfacct --nfacct-name "" ; ; FAIL an empty name is not possible
-m nfacct ! --nfacct-name x ; ; FAIL option --nfacct-name cannot be inverted
-m nfacct --nfacct-name x --nfacct-name y ; ; FAIL option --nfacct-name can only be used once
@iptables nat OUTPUT
-m nfacct --nfacct-name x ; -m nfacct --nfacct-name  x ; ASSUME
@ip6tables raw PREROUTING
-m nfacct --nfacct-name x -j ACCEPT ; -m nfacct --nfacct-name  x -j ACCEPT ; ASSUME
