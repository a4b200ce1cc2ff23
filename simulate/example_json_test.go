package simulate_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// answer holds what a program wants to know of a result.
type answer struct {
	Fate   string
	Passed bool
	By     struct{ Place, Text string }
}

// Results are written as JSON of a stable form.
func ExampleResult_MarshalJSON() {
	rules, err := parser.ParseString("*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 443 -j ACCEPT\nCOMMIT\n")
	if err != nil {
		log.Fatalf("%+v", err)
	}
	node, err := simulate.New(host.Host{}, rules)
	if err != nil {
		log.Fatal(err)
	}
	text, err := json.Marshal(node.Receive(parser.MustPacket("eth0: tcp 10.0.0.9:40000 > 10.0.1.9:443")))
	if err != nil {
		log.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Fate, a.Passed, a.By.Place)
	fmt.Println(a.By.Text)
	// Output:
	// forwarded true filter:FORWARD:rule:1
	// -A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT
}
