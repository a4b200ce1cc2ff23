@iptables filter INPUT
-p dccp -m dccp ; = ; OK
-p dccp -m dccp --dport 80 ; = ; OK
-p dccp -m dccp --dport 010 ; -p dccp -m dccp --dport 10 ; OK
-p dccp -m dccp --dport 0x10 ; ; FAIL dccp: invalid port or service "0x10"
-p dccp -m dccp --dport 80:70 ; = ; OK
-p dccp -m dccp ! --dport 80 ! --sport http ; -p dccp -m dccp ! --sport 80 ! --dport 80 ; OK
-p dccp -m dccp --dport : ; -p dccp -m dccp --dport 0:65535 ; OK
-p dccp -m dccp ! --dport : ; -p dccp -m dccp ! --dport 0:65535 ; OK
-p dccp -m dccp --dccp-types REQUEST ; = ; OK
-p dccp -m dccp --dccp-types request,Response,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID ; -p dccp -m dccp --dccp-types REQUEST,RESPONSE,DATA,ACK,DATAACK,CLOSEREQ,CLOSE,RESET,SYNC,SYNCACK,INVALID ; OK
-p dccp -m dccp ! --dccp-types REQUEST,DATA ; = ; OK
-p dccp -m dccp --dccp-types FOO ; ; FAIL dccp: unknown word "FOO"
-p dccp -m dccp --dccp-types 1 ; ; FAIL dccp: unknown word "1"
-p dccp -m dccp --dccp-types REQUEST,REQUEST ; -p dccp -m dccp --dccp-types REQUEST ; OK
-p dccp -m dccp --dccp-types REQUEST, ; -p dccp -m dccp --dccp-types REQUEST ; OK
-p dccp -m dccp --dccp-type REQUEST ; -p dccp -m dccp --dccp-types REQUEST ; OK
-p dccp -m dccp --dccp-option 1 ; = ; OK
-p dccp -m dccp ! --dccp-option 1 ; = ; OK
-p dccp -m dccp --dccp-option 0 ; ; FAIL dccp: value 0 is out of range 1-255
-p dccp -m dccp --dccp-option 255 ; = ; OK
-p dccp -m dccp --dccp-option 256 ; ; FAIL dccp: value 256 is out of range 1-255
-p dccp -m dccp --dccp-option 0x10 ; -p dccp -m dccp --dccp-option 16 ; OK
-p dccp -m dccp --dccp-option 1 --dccp-types ACK --dport 3 --sport 4 ; -p dccp -m dccp --sport 4 --dport 3 --dccp-types ACK --dccp-option 1 ; OK
-p tcp -m dccp ; ; FAIL dccp: only valid with -p dccp
! -p dccp -m dccp ; ; FAIL dccp: only valid with -p dccp

@ip6tables filter INPUT
-p dccp -m dccp --sport 1:5 --dport 2 --dccp-types ACK --dccp-option 7 ; = ; OK
