@ip6tables filter FORWARD
-p mh -m mh ; -p mobility-header -m mh ; OK
-p mh --mh-type 5 ; -p mobility-header -m mh --mh-type 5 ; OK
-p mh -m mh --mh-type 1:3 ; -p mobility-header -m mh --mh-type 1:3 ; OK
-p mh -m mh --mh-type cot ; -p mobility-header -m mh --mh-type 4 ; OK
-p mh -m mh --mh-type binding-refresh-request ; -p mobility-header -m mh --mh-type 0 ; OK
-p mh -m mh --mh-type brr ; -p mobility-header -m mh --mh-type 0 ; OK
-p mh -m mh --mh-type home-test-init ; -p mobility-header -m mh --mh-type 1 ; OK
-p mh -m mh --mh-type hoti ; -p mobility-header -m mh --mh-type 1 ; OK
-p mh -m mh --mh-type coti ; -p mobility-header -m mh --mh-type 2 ; OK
-p mh -m mh --mh-type careof-test-init ; -p mobility-header -m mh --mh-type 2 ; OK
-p mh -m mh --mh-type hot ; -p mobility-header -m mh --mh-type 3 ; OK
-p mh -m mh --mh-type home-test ; -p mobility-header -m mh --mh-type 3 ; OK
-p mh -m mh --mh-type careof-test ; -p mobility-header -m mh --mh-type 4 ; OK
-p mh -m mh --mh-type binding-update ; -p mobility-header -m mh --mh-type 5 ; OK
-p mh -m mh --mh-type bu ; -p mobility-header -m mh --mh-type 5 ; OK
-p mh -m mh --mh-type binding-acknowledgement ; -p mobility-header -m mh --mh-type 6 ; OK
-p mh -m mh --mh-type ba ; -p mobility-header -m mh --mh-type 6 ; OK
-p mh -m mh --mh-type binding-error ; -p mobility-header -m mh --mh-type 7 ; OK
-p mh -m mh --mh-type be ; -p mobility-header -m mh --mh-type 7 ; OK
-p mh -m mh --mh-type binding ; -p mobility-header -m mh --mh-type 0 ; OK
-p mh -m mh --mh-type binding-u ; -p mobility-header -m mh --mh-type 5 ; OK
-p mh -m mh --mh-type BU ; -p mobility-header -m mh --mh-type 5 ; OK
-p mh -m mh --mh-type b ; -p mobility-header -m mh --mh-type 0 ; OK
-p mh -m mh --mh-type hot:cot ; -p mobility-header -m mh --mh-type 3:4 ; OK
-p mh -m mh --mh-type :3 ; -p mobility-header -m mh --mh-type 0:3 ; OK
-p mh -m mh --mh-type 3: ; -p mobility-header -m mh --mh-type 3:255 ; OK
-p mh -m mh --mh-type : ; -p mobility-header -m mh ; OK
-p mh -m mh --mh-type 3:1 ; ; FAIL bad range "3:1": the lower type comes first
-p mh -m mh --mh-type 256 ; ; FAIL unknown type "256"
-p mh -m mh --mh-type 255 ; -p mobility-header -m mh --mh-type 255 ; OK
-p mh -m mh --mh-type "" ; -p mobility-header -m mh --mh-type 0 ; OK
-p mh -m mh ! --mh-type 5 ; -p mobility-header -m mh ! --mh-type 5 ; OK
-p mh -m mh ! --mh-type : ; -p mobility-header -m mh ! --mh-type 0:255 ; NEWER
-p mh -m mh --mh-type 0:255 ; -p mobility-header -m mh ; OK
-p mh -m mh --mh-type 1:2:3 ; ; FAIL unknown type "2:3"
-p 135 -m mh --mh-type 1 ; -p mobility-header -m mh --mh-type 1 ; OK
-m mh --mh-type 1 ; ; FAIL mh: only valid with -p mobility-header
! -p mh -m mh --mh-type 1 ; ; FAIL mh: only valid with -p mobility-header

@iptables filter FORWARD
-p mh -m mh --mh-type 1 ; ; FAIL match mh is not for IPv4

# packets

@ip6tables filter FORWARD
-p mh -m mh ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000093b00050000000000 ; match
-p mh -m mh ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000090600050000000000 ; drop
-p mh -m mh ; eth0: wire 600012670005874020010db800090000000000000000000520010db80100000000000000000000093b00050000 ; drop
-p mh -m mh ; eth0: wire 600012670006874020010db800090000000000000000000520010db80100000000000000000000093b0005000000 ; match
-p mh -m mh ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000080000004d3b00050000000000 ; no
-p mh -m mh ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000010000004d3b00050000000000 ; match
-p mh -m mh --mh-type bu ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000093b00050000000000 ; match
-p mh -m mh --mh-type bu ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000090600050000000000 ; drop
-p mh -m mh --mh-type bu ; eth0: wire 600012670005874020010db800090000000000000000000520010db80100000000000000000000093b00050000 ; drop
-p mh -m mh --mh-type bu ; eth0: wire 600012670006874020010db800090000000000000000000520010db80100000000000000000000093b0005000000 ; match
-p mh -m mh --mh-type bu ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000080000004d3b00050000000000 ; no
-p mh -m mh --mh-type bu ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000010000004d3b00050000000000 ; match
-p mh -m mh ! --mh-type bu ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000093b00050000000000 ; no
-p mh -m mh ! --mh-type bu ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000090600050000000000 ; drop
-p mh -m mh ! --mh-type bu ; eth0: wire 600012670005874020010db800090000000000000000000520010db80100000000000000000000093b00050000 ; drop
-p mh -m mh ! --mh-type bu ; eth0: wire 600012670006874020010db800090000000000000000000520010db80100000000000000000000093b0005000000 ; no
-p mh -m mh ! --mh-type bu ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000080000004d3b00050000000000 ; no
-p mh -m mh ! --mh-type bu ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000010000004d3b00050000000000 ; no
-p mh -m mh --mh-type 6: ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000093b00050000000000 ; no
-p mh -m mh --mh-type 6: ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000090600050000000000 ; drop
-p mh -m mh --mh-type 6: ; eth0: wire 600012670005874020010db800090000000000000000000520010db80100000000000000000000093b00050000 ; drop
-p mh -m mh --mh-type 6: ; eth0: wire 600012670006874020010db800090000000000000000000520010db80100000000000000000000093b0005000000 ; no
-p mh -m mh --mh-type 6: ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000080000004d3b00050000000000 ; no
-p mh -m mh --mh-type 6: ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000010000004d3b00050000000000 ; no
-p mh -m mh ! --mh-type : ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000093b00050000000000 ; no
-p mh -m mh ! --mh-type : ; eth0: wire 600012670008874020010db800090000000000000000000520010db80100000000000000000000090600050000000000 ; drop
-p mh -m mh ! --mh-type : ; eth0: wire 600012670005874020010db800090000000000000000000520010db80100000000000000000000093b00050000 ; drop
-p mh -m mh ! --mh-type : ; eth0: wire 600012670006874020010db800090000000000000000000520010db80100000000000000000000093b0005000000 ; no
-p mh -m mh ! --mh-type : ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000080000004d3b00050000000000 ; no
-p mh -m mh ! --mh-type : ; eth0: wire 6000126700102c4020010db800090000000000000000000520010db8010000000000000000000009870000010000004d3b00050000000000 ; no

@ip6tables filter FORWARD
-p mh -m mh --mh-type bu ; eth0: wire 6000126700103c4020010db800090000000000000000000520010db801000000000000000000000987000104000000003b00050000000000 ; match
-p mh -m mh --mh-type bu ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
