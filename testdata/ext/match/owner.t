@iptables filter OUTPUT
-m owner ; ; FAIL one of --uid-owner, --gid-owner, --socket-exists must be given
-m owner --uid-owner 0 ; = ; OK
-m owner --uid-owner root ; -m owner --uid-owner 0 ; OK
-m owner --uid-owner nobody ; -m owner --uid-owner 65534 ; OK
-m owner --uid-owner nosuch ; ; FAIL bad value "nosuch"
-m owner --uid-owner 0-10 ; = ; OK
-m owner --uid-owner 10-0 ; ; FAIL owner: the lower number of a range comes first
-m owner --uid-owner 5-5 ; -m owner --uid-owner 5 ; OK
-m owner --uid-owner root-nobody ; ; FAIL bad value "root"
-m owner ! --uid-owner 5 ; = ; OK
-m owner --gid-owner 5 ; = ; OK
-m owner --gid-owner root ; -m owner --gid-owner 0 ; OK
-m owner ! --gid-owner 5-6 ; = ; OK
-m owner --uid-owner 1 --gid-owner 2 --socket-exists ; -m owner --socket-exists --uid-owner 1 --gid-owner 2 ; OK
-m owner ! --socket-exists ; = ; OK
-m owner --socket-exists ; = ; OK
-m owner --suppl-groups ; ; FAIL needs --gid-owner ahead of it
-m owner --gid-owner 5 --suppl-groups ; = ; OK
-m owner --suppl-groups --gid-owner 5 ; ; FAIL needs --gid-owner ahead of it
-m owner --uid-owner 5 --suppl-groups ; ; FAIL needs --gid-owner ahead of it
-m owner --uid-owner 4294967295 ; ; FAIL value 4294967295 is out of range 0-4294967294 (names of users and groups are not looked up)
-m owner --uid-owner 4294967294 ; = ; OK
-m owner --uid-owner 4294967296 ; ; FAIL value 4294967296 is out of range 0-4294967294 (names of users and groups are not looked up)
-m owner --uid-owner 0-4294967294 ; = ; OK
-m owner --uid-owner 0-4294967295 ; ; FAIL value 4294967295 is out of range 0-4294967294 (names of users and groups are not looked up)
-m owner --gid-owner 4294967295 ; ; FAIL value 4294967295 is out of range 0-4294967294 (names of users and groups are not looked up)
-m owner --uid-owner 5- ; ; FAIL bad value ""
-m owner --uid-owner -5 ; ; FAIL bad value "-5"
-m owner --uid-owner "" ; ; FAIL bad value ""
-m owner --uid-owner 0x10 ; -m owner --uid-owner 16 ; OK
-m owner --uid-owner 010 ; -m owner --uid-owner 8 ; OK
-m owner --pid-owner 1 ; ; FAIL unknown option "--pid-owner"
-m owner --uid-owner 1 --uid-owner 2 ; ; FAIL option --uid-owner can only be used once
-m owner ! --uid-owner 1 ! --gid-owner 2 ! --socket-exists --suppl-groups ; -m owner ! --socket-exists ! --uid-owner 1 ! --gid-owner 2 --suppl-groups ; OK
-m owner --uid-owner " 5" ; -m owner --uid-owner 5 ; OK
-m owner --uid-owner "5 " ; ; FAIL bad value "5 "
-m owner --uid-owner 1-2-3 ; ; FAIL bad value "2-3"
-m owner --uid-owner www-data ; -m owner --uid-owner 33 ; OK
-m owner --gid-owner www-data ; -m owner --gid-owner 33 ; OK
-m owner --gid-owner nogroup ; -m owner --gid-owner 65534 ; OK
-m owner --gid-owner adm-daemon ; ; FAIL bad value "adm"
-m owner --uid-owner 1-root ; ; FAIL bad value "root"
-m owner --socket-exists --suppl-groups --gid-owner 1 ; ; FAIL needs --gid-owner ahead of it
-m owner --uid-owner 1:2 ; -m owner --uid-owner 1-2 ; OK
-m owner --uid-owner 1- ; ; FAIL bad value ""
-m owner --uid-owner +5 ; -m owner --uid-owner 5 ; OK
-m owner --uid-owner "1- 2" ; -m owner --uid-owner 1-2 ; OK
-m owner --uid-owner 1-0x10 ; -m owner --uid-owner 1-16 ; OK
-m owner --gid-owner games ; -m owner --gid-owner 60 ; OK
-m owner --uid-owner games ; -m owner --uid-owner 5 ; OK
-m owner --gid-owner "" ; ; FAIL bad value ""

@iptables filter INPUT
-m owner --uid-owner 0 ; ; FAIL owner: only valid from OUTPUT POSTROUTING, but the rule is reached from INPUT

@iptables filter FORWARD
-m owner --uid-owner 0 ; ; FAIL owner: only valid from OUTPUT POSTROUTING, but the rule is reached from FORWARD
-m owner --uid-owner " 5" ; ; FAIL owner: only valid from OUTPUT POSTROUTING, but the rule is reached from FORWARD

@iptables mangle POSTROUTING
-m owner --uid-owner 0 ; = ; OK

@ip6tables filter OUTPUT
-m owner --uid-owner 0 ; = ; OK

@iptables raw OUTPUT
-m owner --uid-owner 5 ; = ; OK

@iptables nat OUTPUT
-m owner --uid-owner 5 ; = ; OK

@iptables filter X
-m owner --uid-owner 5 ; = ; OK

# packets

@iptables filter OUTPUT
-m owner --uid-owner 0 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m owner ! --uid-owner 0 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m owner --uid-owner 1-5 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m owner ! --uid-owner 1-5 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m owner --gid-owner root ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m owner ! --gid-owner root ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m owner --socket-exists ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m owner ! --socket-exists ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m owner --uid-owner 0 --gid-owner 1 ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no
-m owner --uid-owner 0 ! --gid-owner 1 --socket-exists ; udp 192.0.2.1:9 > 198.51.100.9:53 ; match
-m owner ! --uid-owner 1 ! --socket-exists ; udp 192.0.2.1:9 > 198.51.100.9:53 ; no

@iptables mangle POSTROUTING
-m owner --uid-owner 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m owner ! --uid-owner 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m owner --socket-exists ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m owner ! --socket-exists ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m owner ! --uid-owner 0 ! --gid-owner 0 ! --socket-exists ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m owner ! --gid-owner 0 --suppl-groups ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m owner ! --uid-owner 0 --socket-exists ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no

@ip6tables filter OUTPUT
-m owner --uid-owner 0 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:53 ; match
-m owner ! --uid-owner 0 ; udp [2001:db8:2::1]:9 > [2001:db8:100::9]:53 ; no
