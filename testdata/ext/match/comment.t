@iptables filter INPUT
-m comment --comment x ; = ; OK
-m comment --comment "a b" ; = ; OK
-m comment --comment a_b-c ; = ; OK
-m comment --comment "it's" ; -m comment --comment "it\'s" ; OK
-m comment --comment "a\"b\\c" ; = ; OK
-m comment --comment a.b ; -m comment --comment "a.b" ; OK
-m comment --comment "" ; = ; OK
-m comment --comment xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ; = ; OK
-m comment --comment xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ; -m comment --comment xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ; OK
-m comment --comment x --comment y ; ; FAIL comment: option --comment can only be used once
-m comment ! --comment x ; ; FAIL comment: option --comment cannot be inverted
-m comment ; ; FAIL comment: option --comment must be given
-m comment --comment x -m comment --comment y ; = ; OK
-m comment --comment é ; -m comment --comment "é" ; OK

@ip6tables nat X
-m comment --comment z ; = ; OK

# packets

@iptables filter FORWARD
-m comment --comment x ; eth0: udp 203.0.113.5:1024 > 198.51.100.9:53 ; match
