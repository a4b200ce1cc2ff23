@iptables filter FORWARD
-m hl --hl-eq 5 ; ; FAIL match hl is not for IPv4

@ip6tables filter FORWARD
-m hl --hl 5 ; -m hl --hl-eq 5 ; OK
-m hl ! --hl-eq 5 ; = ; OK
-m hl --hl-lt 5 ; = ; OK
-m hl --hl-gt 5 ; = ; OK
-m hl ; ; FAIL one of --hl-eq, --hl-lt, --hl-gt must be given

# packets

@ip6tables filter FORWARD
-m hl --hl-eq 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m hl --hl-eq 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; no
-m hl ! --hl-eq 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m hl ! --hl-eq 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; match
-m hl --hl-lt 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m hl --hl-lt 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; no
-m hl --hl-lt 64 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m hl --hl-lt 64 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; no
-m hl --hl-gt 62 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m hl --hl-gt 62 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; match
-m hl --hl-gt 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m hl --hl-gt 63 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 255 ; match

@ip6tables mangle PREROUTING
-m hl --hl-eq 1 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 1 ; match
-m hl --hl-lt 1 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 1 ; no
-m hl --hl-gt 0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ttl 1 ; match
