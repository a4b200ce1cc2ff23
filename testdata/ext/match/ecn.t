@iptables filter FORWARD
-m ecn --ecn-ip-ect 2 ; = ; OK
-m ecn ! --ecn-ip-ect 3 ; = ; OK
-m ecn --ecn-ip-ect 4 ; ; FAIL value 4 is out of range 0-3
-m ecn --ecn-tcp-cwr ; ; FAIL ecn: only valid with -p tcp
-p tcp -m ecn --ecn-tcp-cwr ; = ; OK
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 0 ; = ; OK
-p tcp -m ecn ; ; FAIL at least one option must be given
! -p tcp -m ecn --ecn-tcp-ece ; ; FAIL ecn: only valid with -p tcp

@ip6tables filter FORWARD
-p tcp -m ecn --ecn-tcp-cwr --ecn-tcp-ece --ecn-ip-ect 1 ; -p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 1 ; OK

# packets

@iptables filter FORWARD
-m ecn --ecn-ip-ect 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m ecn --ecn-ip-ect 0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb3 ; no
-m ecn --ecn-ip-ect 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m ecn --ecn-ip-ect 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb3 ; match
-m ecn ! --ecn-ip-ect 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m ecn ! --ecn-ip-ect 3 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0xb3 ; no

@iptables filter FORWARD
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece ; match
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-cwr ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece ; match
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: wire 450000271267000040060228cb007105c633640904000050000003e80000000050c2faf0000000 ; no

@ip6tables filter FORWARD
-m ecn --ecn-ip-ect 0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m ecn --ecn-ip-ect 0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb3 ; no
-m ecn --ecn-ip-ect 3 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m ecn --ecn-ip-ect 3 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb3 ; match
-m ecn ! --ecn-ip-ect 3 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m ecn ! --ecn-ip-ect 3 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0xb3 ; no

@ip6tables filter FORWARD
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece ; match
-p tcp -m ecn --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 600012670013064020010db800090000000000000000000520010db801000000000000000000000904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece,cwr ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 600012670013064020010db800090000000000000000000520010db801000000000000000000000904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece ; no
-p tcp -m ecn --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-cwr ; eth0: wire 600012670013064020010db800090000000000000000000520010db801000000000000000000000904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece ; match
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece,cwr ; no
-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ; eth0: wire 600012670013064020010db800090000000000000000000520010db801000000000000000000000904000050000003e80000000050c2faf0000000 ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece ; no
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn,ece,cwr ; match
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr ; eth0: wire 600012670013064020010db800090000000000000000000520010db801000000000000000000000904000050000003e80000000050c2faf0000000 ; no

@iptables filter FORWARD
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 450000281267000340060224cb007105c633640904000050000003e8000000005042faf000000000 ; match
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 4500002c126720014006e221cb007105c6336409ffffffffffffffffffffffffffffffffffffffffffffffff ; match
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 450000281267000340060224cb007105c633640904000050000003e8000000005042faf000000000 ; no
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 4500002c126720014006e221cb007105c6336409ffffffffffffffffffffffffffffffffffffffffffffffff ; no

@ip6tables filter FORWARD
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 60001267001c2c4020010db800090000000000000000000520010db8010000000000000000000009060000080000004d04000050000003e8000000005042faf000000000 ; no
-p tcp -m ecn --ecn-tcp-ece ; eth0: wire 60001267001c3c4020010db800090000000000000000000520010db8010000000000000000000009060001040000000004000050000003e8000000005042faf000000000 ; match
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 60001267001c2c4020010db800090000000000000000000520010db8010000000000000000000009060000080000004d04000050000003e8000000005042faf000000000 ; match
-p tcp -m ecn ! --ecn-tcp-ece ; eth0: wire 60001267001c3c4020010db800090000000000000000000520010db8010000000000000000000009060001040000000004000050000003e8000000005042faf000000000 ; no
