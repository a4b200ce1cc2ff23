package parser_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// Sets as "ipset save" prints them, and rules that look into them.
const (
	setsText = `create bad hash:net family inet
add bad 198.51.100.0/24
`
	rulesOfSets = `*filter
-A FORWARD -m set --match-set bad src -j DROP
COMMIT
`
)

func ExampleParseSets() {
	sets, err := parser.ParseSets("sets.ipset", strings.NewReader(setsText))
	if err != nil {
		log.Fatal(err)
	}
	rules, err := parser.ParseString(rulesOfSets)
	if err != nil {
		log.Fatal(err)
	}
	node, err := simulate.New(host.Host{Sets: sets}, rules)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(node.Receive(parser.MustPacket("eth0: tcp 198.51.100.7:1024 > 192.0.2.1:80")).Fate)
	fmt.Println(node.Receive(parser.MustPacket("eth0: tcp 203.0.113.7:1024 > 192.0.2.1:80")).Fate)
	// Output:
	// dropped
	// forwarded
}
