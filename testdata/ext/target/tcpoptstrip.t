@iptables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options wscale ; -p tcp -j TCPOPTSTRIP --strip-options 3 ; OK
-p tcp -j TCPOPTSTRIP --strip-options 2,3,mss,sack-permitted,sack,timestamp,md5,254 ; ; FAIL 2
-p tcp -j TCPOPTSTRIP --strip-options 255 ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options 256 ; ; FAIL out of range 0-255
-p tcp -j TCPOPTSTRIP --strip-options 0,1,2,3,4,5,6,7,8,9,10,18,19,20 ; ; FAIL cannot be overwritten
-p tcp -j TCPOPTSTRIP --strip-options foo ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options "" ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options 5, ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP --strip-options 0x5 ; -p tcp -j TCPOPTSTRIP --strip-options 5 ; OK
-p tcp -j TCPOPTSTRIP --strip-options WSCALE ; ; FAIL need a number
-p tcp -j TCPOPTSTRIP ; = ; OK
-p tcp -j TCPOPTSTRIP --strip-options 5 --strip-options 6 ; ; FAIL option --strip-options can only be used once
-j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid with -p tcp
! -p tcp -j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid with -p tcp
@iptables filter FORWARD
-p tcp -j TCPOPTSTRIP --strip-options 5 ; ; FAIL only valid in table mangle, not filter
@ip6tables mangle FORWARD
-p tcp -j TCPOPTSTRIP --strip-options timestamp ; -p tcp -j TCPOPTSTRIP --strip-options 8 ; OK
