package simulate_test

import (
	"fmt"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// Update makes a node of changed rules in a time that depends on what differs.
func ExampleNode_Update() {
	rules := must(parser.ParseString(webOnly))
	node := must(simulate.New(host.MustParse("link eth0 192.0.2.5/24"), rules))
	changed := must(parser.ParseString("*filter\n-I INPUT -p udp --dport 53 -j ACCEPT\nCOMMIT\n", parser.Onto(rules)))
	next := must(node.Update(changed))

	dev, p := parser.MustPacket("eth0: udp 192.0.2.9:40000 > 192.0.2.5:53")
	fmt.Println(node.Receive(dev, p).Fate, next.Receive(dev, p).Fate)
	// Output:
	// dropped delivered
}
