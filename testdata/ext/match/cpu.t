@iptables filter FORWARD
-m cpu --cpu 0 ; = ; OK
-m cpu ! --cpu 5 ; = ; OK
-m cpu --cpu 4294967295 ; = ; OK
-m cpu ; ; FAIL option --cpu must be given
-m cpu --cpu 0 --cpu 1 ; ; FAIL option --cpu can only be used once
-m cpu --cpu 0x10 ; -m cpu --cpu 16 ; OK
-m cpu --cpu 4294967296 ; ; FAIL value 4294967296 is out of range 0-4294967295
-m cpu --cpu x ; ; FAIL bad value "x"

# packets

@iptables filter FORWARD
-m cpu ! --cpu 1000 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; match
-m cpu --cpu 1000 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
-m cpu --cpu 4294967295 ; eth0: tcp 203.0.113.5:1024 > 198.51.100.9:80 syn ; no
