package simulate_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// tracedRules hold a rule of table raw that has the kernel trace packets.
const tracedRules = `*raw
-A PREROUTING -p tcp -m tcp --dport 80 -j TRACE
COMMIT
*filter
:INPUT DROP [0:0]
COMMIT
`

// Trace returns the lines that the kernel's log would hold.
func ExampleResult_Trace() {
	rules, err := parser.ParseString(tracedRules)
	if err != nil {
		log.Fatalf("%+v", err)
	}
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.5/24"), rules)
	if err != nil {
		log.Fatal(err)
	}
	r := node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:80"))
	for _, line := range r.Trace() {
		fmt.Println(line[:45])
	}
	// Output:
	// raw:PREROUTING:policy:2 IN=eth0 OUT= MAC=00:0
	// filter:INPUT:policy:1 IN=eth0 OUT= MAC=00:00:
}
