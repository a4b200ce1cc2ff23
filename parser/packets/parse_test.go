package packets

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestForms parses packets in the words that people have.
func TestForms(t *testing.T) {
	const port = "the source port is not given; 40000 is taken"
	for _, c := range []struct {
		text, want string
		notes      []string
	}{
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 SYN", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 S", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 [S]", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 [S.]", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn,ack", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn+ack", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn,ack", nil},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn ack", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn,ack", nil},
		{"eth0: tcp 10.0.0.1:1024>10.0.0.2:80", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024->10.0.0.2:80", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0: tcp 10.0.0.1:1024 to 10.0.0.2:80", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn", nil},
		{"eth0:tcp 10.0.0.1:1024 > 10.0.0.2:http ttl=3", "eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn ttl 3", nil},
		{"eth0 tcp 10.0.0.1 > 10.0.0.2:80", "eth0: tcp 10.0.0.1:40000 > 10.0.0.2:80 syn", []string{port}},
		{"in eth0 tcp from 10.0.0.1 to 10.0.0.2 port 80", "eth0: tcp 10.0.0.1:40000 > 10.0.0.2:80 syn", []string{port}},
		{"tcp [2001:db8::1] > [2001:db8::2]:443", "tcp [2001:db8::1]:40000 > [2001:db8::2]:443 syn", []string{port}},
		{"tcp 2001:db8::1 > [2001:db8::2]:443", "tcp [2001:db8::1]:40000 > [2001:db8::2]:443 syn", []string{port}},
		{"eth0: icmp 10.0.0.1 > 10.0.0.2 type echo-request", "eth0: icmp 10.0.0.1 > 10.0.0.2 echo-request", nil},
		{"ping 10.0.0.1 > 10.0.0.2", "icmp 10.0.0.1 > 10.0.0.2 echo-request", nil},
		{"eth0: icmp 10.0.0.1 > 10.0.0.2 host-unreachable", "eth0: icmp 10.0.0.1 > 10.0.0.2 type 3 code 1", nil},
		{"eth0: icmp6 2001:db8::1 > 2001:db8::2 neighbour-solicitation", "eth0: icmp6 2001:db8::1 > 2001:db8::2 type 135", nil},

		{"-i eth0 -p tcp -s 10.0.0.1 -d 10.0.0.2 --dport 443", "eth0: tcp 10.0.0.1:40000 > 10.0.0.2:443 syn", []string{port}},
		{"-i eth0 -p udp -s 10.0.0.1 --sport 5 -d 10.0.0.2 --dport domain -m mark --mark 0x4", "eth0: udp 10.0.0.1:5 > 10.0.0.2:53 mark 0x4", nil},
		{"-p icmp -s 10.0.0.1 -d 10.0.0.2 --icmp-type echo-reply", "icmp 10.0.0.1 > 10.0.0.2 echo-reply", nil},
		{"-A INPUT -i eth0 -p tcp -s 2001:db8::1 -d 2001:db8::2 --dport 22 -j ACCEPT", "eth0: tcp [2001:db8::1]:40000 > [2001:db8::2]:22 syn", []string{port}},

		{"ip route get 10.0.0.1 from 10.1.0.5 iif eth1 ipproto tcp dport 80", "eth1: tcp 10.1.0.5:40000 > 10.0.0.1:80 syn", []string{port}},

		{"12:00:00.123456 eth0  In  IP 10.0.0.1.5000 > 10.0.0.2.443: Flags [S], seq 7, win 64240, options [mss 1460], length 0", "eth0: tcp 10.0.0.1:5000 > 10.0.0.2:443 syn seq 7",
			[]string{"the line does not show the time to live (tcpdump -v does); 64 is taken"}},
		{"12:00:00.123456 eth0  Out IP (tos 0x10, ttl 63, id 0, offset 0, flags [DF], proto TCP (6), length 60) 10.0.0.1.5000 > 10.0.0.2.443: Flags [S.], seq 7, ack 8, win 64240, length 0", "tcp 10.0.0.1:5000 > 10.0.0.2:443 syn,ack seq 7 ackno 8 ttl 63 tos 0x10 df", nil},
		{"12:00:00.123456 cni0  In  IP (tos 0x0, ttl 64, id 0, offset 0, flags [none], proto ICMP (1), length 28) 10.0.0.1 > 10.0.0.2: ICMP echo request, id 9, seq 2, length 8", "cni0: icmp 10.0.0.1 > 10.0.0.2 echo-request id 9 seq 2", nil},

		{"[12345.678901] TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:09:08:00 SRC=10.0.0.1 DST=10.0.0.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 PROTO=TCP SPT=1024 DPT=80 SEQ=0 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 ",
			"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 syn smac 02:00:00:00:00:09 dmac 02:00:00:00:00:01", nil},
		{"Nov 29 12:00:00 node kernel: [ 1.5] DROP: IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=28 TOS=0x00 PREC=0x00 TTL=3 ID=0 DF PROTO=UDP SPT=5 DPT=53 LEN=8 MARK=0x4 ",
			"eth0: udp 10.0.0.1:5 > 10.0.0.2:53 ttl 3 df mark 0x4", nil},
	} {
		p, err := Parse(c.text)
		if !assert.NoError(t, err, c.text) {
			continue
		}
		assert.Equal(t, c.want, p.String(), c.text)
		assert.Equal(t, c.notes, p.Notes, c.text)
	}
}

// TestFaults says what is wrong with a packet, and what to do.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"eth0: tcp 10.0.0.1:1024", "put the packet in quotes"},
		{"eth0: tcp 10.0.0.1:1024 10.0.0.2:80", `">" or "to" is missing`},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:80 established", "packetpath talk"},
		{"eth0: tcp 10.0.0.1:1024 > 10.0.0.2:webb", `port "webb" is no service of tcp`},
		{"eth0: icmp 10.0.0.1 > 10.0.0.2 type ecko-request", `"ecko-request" is no type of ICMP`},
		{"-p tcp -s 10.0.0.0/8 -d 10.0.0.2 --dport 80", "-s 10.0.0.0/8 is many addresses"},
		{"-p tcp -s 10.0.0.1 -d 10.0.0.2", "the destination port is missing"},
		{"-p tcp -s 10.0.0.1 -d 10.0.0.2 --dprt 80", "--dport"},
		{"-p tcp -s 10.0.0.1 -d 10.0.0.2 --dport 80 -m conntrack --ctstate NEW", "-m conntrack is nothing that one packet says of itself"},
		{"12:00:00.1 IP node.lan.5000 > 10.0.0.2.443: Flags [S], length 0", "run tcpdump with -n"},
		{"ip route get 10.0.0.1", "the source is missing"},
	} {
		_, err := Parse(c.text)
		assert.ErrorContains(t, err, c.want, c.text)
	}
}
