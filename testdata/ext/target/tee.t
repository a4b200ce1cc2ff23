@iptables mangle PREROUTING
-j TEE --gateway 10.0.0.1 ; = ; OK
-j TEE --gateway 10.0.0.1 --oif eth0 ; = ; OK
@iptables filter INPUT
-j TEE --gateway 10.0.0.1 ; = ; OK
@iptables mangle PREROUTING
-j TEE --gateway 0.0.0.0 ; ; FAIL a gateway is needed
-j TEE --gateway 10 ; -j TEE --gateway 0.0.0.10 ; OK
-j TEE ; ; FAIL option --gateway must be given
-j TEE --oif eth0 ; ; FAIL option --gateway must be given
-j TEE --gateway 10.0.0.1 --oif 0123456789012345 ; -j TEE --gateway 10.0.0.1 --oif 012345678901234 ; OK
-j TEE --gateway 10.0.0.1 --oif "" ; -j TEE --gateway 10.0.0.1 ; OK
-j TEE --gateway 10.0.0.1 --oif eth+ ; = ; OK
-j TEE --gateway fe80::1 ; ; FAIL need an IPv4 address
-j TEE --gateway 10.0.0.1 --gateway 10.0.0.2 ; ; FAIL option --gateway can only be used once
@ip6tables mangle PREROUTING
-j TEE --gateway fe80::1 ; = ; OK
-j TEE --gateway fe80::1 --oif eth0 ; = ; OK
-j TEE --gateway :: ; ; FAIL a gateway is needed
-j TEE --gateway 10.0.0.1 ; ; FAIL need an IPv6 address
# The copies end in OUTPUT: behind that the kernel prints a MAC address from
# memory that nobody has written. The test of copies looks at what leaves.
@iptables mangle PREROUTING
@with filter OUTPUT -j DROP
-j TEE --gateway 192.0.2.77 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; > eth1: udp 192.0.2.9:1 > 198.51.100.9:2 ttl 63
-j TEE --gateway 198.51.100.77 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ttl 1 ; match
-j TEE --gateway 192.0.2.77 --oif eth0 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 tos 0x10 ; match
-j TEE --gateway 192.0.2.77 --oif none0 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
-j TEE --gateway 192.0.2.77 --oif eth1 ; eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ; match
@iptables mangle FORWARD
@with filter OUTPUT -j DROP
-j TEE --gateway 192.0.2.77 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
@iptables mangle POSTROUTING
@with filter OUTPUT -m mark --mark 7 -j DROP
@with raw OUTPUT -m comment --comment seen
@with filter FORWARD -j MARK --set-mark 7
-j TEE --gateway 192.0.2.77 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
# a copy is not tracked, and not copied again
@iptables mangle PREROUTING
@with raw OUTPUT -j TEE --gateway 192.0.2.78
@with filter OUTPUT -m conntrack ! --ctstate UNTRACKED -m comment --comment never
@with filter OUTPUT -j DROP
-j TEE --gateway 192.0.2.77 ; eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ; match
@iptables mangle POSTROUTING
@with filter OUTPUT -m conntrack --ctstate UNTRACKED -j DROP
-j TEE --gateway 192.0.2.77 ; udp 192.0.2.1:1 > 198.51.100.9:2 ; match
@ip6tables mangle PREROUTING
@with filter OUTPUT -j DROP
-j TEE --gateway 2001:db8:2::77 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ; > eth1: udp [2001:db8:2::9]:1 > [2001:db8:100::9]:2 ttl 63
@ip6tables filter INPUT
@with filter OUTPUT -j DROP
-j TEE --gateway 2001:db8:100::77 ; eth0: udp [2001:db8:2::9]:1 > [2001:db8:2::1]:2 ; match
