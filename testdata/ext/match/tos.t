@iptables filter FORWARD
-m tos --tos 0x10 ; -m tos --tos 0x10/0xff ; OK
-m tos --tos 0x10/0xf0 ; = ; OK
-m tos ! --tos 16/0xff ; -m tos ! --tos 0x10/0xff ; OK
-m tos --tos Minimize-Delay ; -m tos --tos 0x10/0x3f ; OK
-m tos --tos minimize-delay ; -m tos --tos 0x10/0x3f ; OK
-m tos --tos Normal-Service ; -m tos --tos 0x00/0x3f ; OK
-m tos --tos Maximize-Throughput ; -m tos --tos 0x08/0x3f ; OK
-m tos --tos Maximize-Reliability ; -m tos --tos 0x04/0x3f ; OK
-m tos --tos Minimize-Cost ; -m tos --tos 0x02/0x3f ; OK
-m tos --tos minimize ; ; FAIL bad type of service "minimize"
-m tos --tos Max ; ; FAIL bad type of service "Max"
-m tos --tos 256 ; ; FAIL bad type of service "256"
-m tos --tos 0x10/256 ; ; FAIL mask: value 256 is out of range 0-255
-m tos --tos 0x13/0x10 ; = ; OK
-m tos --tos 0x10/ ; ; FAIL mask: bad value ""
-m tos --tos "" ; ; FAIL bad type of service ""
-m tos --tos /0x10 ; ; FAIL bad type of service "/0x10"
-m tos --tos Minimize-Delay/0xff ; ; FAIL bad type of service "Minimize-Delay/0xff"
-m tos ; ; FAIL option --tos must be given
-m tos --tos 0X1F ; -m tos --tos 0x1f/0xff ; OK
-m tos --tos 010 ; -m tos --tos 0x08/0xff ; OK
-m tos --tos 16x ; ; FAIL bad type of service "16x"
-m tos --tos " 16" ; -m tos --tos 0x10/0xff ; OK
-m tos --tos 1/2/3 ; ; FAIL mask: bad value "2/3"
-m tos --tos 0x10/ 0xf ; ; FAIL mask: bad value ""

@ip6tables filter FORWARD
-m tos --tos 0x3/0x3 ; -m tos --tos 0x03/0x03 ; OK

# packets

@iptables filter FORWARD
-m tos --tos 0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m tos --tos 0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; match
-m tos --tos 0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; no
-m tos --tos Minimize-Delay ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m tos --tos Minimize-Delay ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; match
-m tos --tos Minimize-Delay ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; no
-m tos --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m tos --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; match
-m tos --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; match
-m tos ! --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m tos ! --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; no
-m tos ! --tos 0x10/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; no
-m tos --tos 0x13/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m tos --tos 0x13/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; no
-m tos --tos 0x13/0x10 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; no
-m tos --tos 0/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m tos --tos 0/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x10 ; match
-m tos --tos 0/0 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn tos 0x53 ; match

@ip6tables filter FORWARD
-m tos --tos 0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m tos --tos 0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; match
-m tos --tos 0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; no
-m tos --tos Minimize-Delay ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m tos --tos Minimize-Delay ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; match
-m tos --tos Minimize-Delay ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; no
-m tos --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m tos --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; match
-m tos --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; match
-m tos ! --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m tos ! --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; no
-m tos ! --tos 0x10/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; no
-m tos --tos 0x13/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; no
-m tos --tos 0x13/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; no
-m tos --tos 0x13/0x10 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; no
-m tos --tos 0/0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn ; match
-m tos --tos 0/0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x10 ; match
-m tos --tos 0/0 ; eth0: tcp [2001:db8:9::5]:1024 > [2001:db8:100::9]:80 syn tos 0x53 ; match
