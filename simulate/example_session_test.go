package simulate_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

func ExampleSession_Conns() {
	s := must(simulate.New(host.Host{}, must(parser.ParseString(service)))).NewSession(simulate.WithSeed(4))
	s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80"))
	s.Advance(5 * time.Second)
	for c := range s.Conns() {
		fmt.Println(c)
	}
	// Output:
	// tcp      6 115 SYN_SENT src=10.0.0.9 dst=10.96.0.10 sport=40000 dport=80 [UNREPLIED] src=10.244.0.2 dst=10.0.0.9 sport=8080 dport=40000 mark=0 use=1
}

func ExampleSession_LoadConns() {
	const listed = "tcp 6 86399 ESTABLISHED src=10.0.0.9 dst=10.96.0.10 sport=40000 dport=80 src=10.244.0.7 dst=10.0.0.9 sport=8080 dport=40000 [ASSURED] mark=0 use=1\n"
	s := must(simulate.New(host.Host{}, must(parser.ParseString(service)))).NewSession()
	if err := s.LoadConns("conntrack -L", strings.NewReader(listed)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80 ack")).Endpoint())
	fmt.Println(s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40001 > 10.96.0.10:80 syn")).Endpoint())
	// Output:
	// 10.244.0.7:8080
	// 10.244.0.1:8080
}

func ExampleSession_Reload() {
	s := must(simulate.New(host.Host{}, must(parser.ParseString(service)))).NewSession()
	old := s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80"))
	moved := must(parser.ParseString("*nat\n-A PREROUTING -d 10.96.0.10 -p tcp --dport 80 -j DNAT --to-destination 10.244.9.9:8080\nCOMMIT\n"))
	if err := s.Reload(moved); err != nil {
		fmt.Println(err)
	}
	again := s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80"))
	fmt.Println("known connections stay:", again.Endpoint() == old.Endpoint())
	fmt.Println("new ones go to", s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40001 > 10.96.0.10:80")).Endpoint())
	s.Advance(3 * time.Minute) // a connection that only began is forgotten after two
	fmt.Println("the old one too, in time:", s.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.96.0.10:80")).Endpoint())
	// Output:
	// known connections stay: true
	// new ones go to 10.244.9.9:8080
	// the old one too, in time: 10.244.9.9:8080
}
