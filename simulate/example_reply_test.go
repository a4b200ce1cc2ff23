package simulate_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// hidden hides the network behind lan.
const hidden = `*nat
-A POSTROUTING -o wan -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -i lan -j ACCEPT
COMMIT
`

// Reply returns the packet that the far end answers with, for the session to
// receive.
func ExampleResult_Reply() {
	rules, err := parser.ParseString(hidden)
	if err != nil {
		log.Fatalf("%+v", err)
	}
	node, err := simulate.New(host.MustParse("link lan 10.0.0.1/24; link wan 192.0.2.1/24; route default via 192.0.2.254"), rules)
	if err != nil {
		log.Fatal(err)
	}
	s := node.NewSession()
	r := s.Receive(parser.MustPacket(`lan: udp 10.0.0.5:4000 > 203.0.113.9:53 payload "who"`))
	fmt.Println(r.Packet)
	fmt.Println(r.Reply())
	fmt.Println(s.Receive(r.OutDev, r.Reply()).Packet)
	// Output:
	// udp 192.0.2.1:4000 > 203.0.113.9:53 ttl 63 payload "who"
	// udp 203.0.113.9:53 > 192.0.2.1:4000 payload "who"
	// udp 203.0.113.9:53 > 10.0.0.5:4000 ttl 63 payload "who"
}
