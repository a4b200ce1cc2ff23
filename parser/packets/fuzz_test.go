package packets

import "testing"

// FuzzParse holds that any text gives a packet that reads back as it is, or an
// error.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"eth0: tcp 10.0.0.1 -> 10.0.0.2:http [S.] ttl=3", "-i eth0 -p tcp -s 10.0.0.1 -d 10.0.0.2 --dport 443", "ip route get 10.0.0.1 from 10.1.0.5 iif eth1 ipproto tcp dport 80",
		"12:00:00.1 eth0 In IP 10.0.0.1.5000 > 10.0.0.2.443: Flags [S], seq 7, win 64240, length 0",
		"TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=TCP SPT=1024 DPT=80 SEQ=0 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 ",
		"IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=56 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=ICMP TYPE=3 CODE=4 [SRC=10.0.0.2 DST=10.0.0.9 LEN=28 TOS=0x00 PREC=0x00 TTL=60 ID=0 PROTO=UDP SPT=9 DPT=9 LEN=8 ] MTU=1400 "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil || p.Dev != "" && p.Form != Native {
			return
		}
		again, err := Parse(p.String())
		if err != nil {
			t.Fatalf("%q was read as %q, which is not: %v", text, p, err)
		}
		if string(again.Packet.Wire()) != string(p.Packet.Wire()) && p.Form != Kernel {
			t.Errorf("%q was read as %q, which has other bytes", text, p)
		}
	})
}
