package cases_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/cases"
	"github.com/packetpath/packetpath/simulate/host"
)

// A program runs the cases of a file on a host of its own.
func ExampleRunner() {
	rules, err := parser.ParseString("*filter\n:INPUT DROP\n-A INPUT -p udp --dport 53 -j ACCEPT\nCOMMIT\n")
	if err != nil {
		log.Fatalf("%+v", err)
	}
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.7/24"), rules)
	if err != nil {
		log.Fatal(err)
	}
	file, err := cases.Parse("node.txtar", `-- packets --
eth0: udp 192.0.2.9:5000 > 192.0.2.7:53
	delivered
eth0: tcp 192.0.2.9:5000 > 192.0.2.7:53
	delivered
`)
	if err != nil {
		log.Fatal(err)
	}
	runner := cases.Runner{Session: func() (*simulate.Session, error) { return node.NewSession(), nil }}
	for _, c := range file.Cases {
		for _, f := range runner.Run(c).Failed {
			fmt.Printf("line %d: want %s, got %s\n", f.Line, f.Want, f.Got)
		}
	}
	// Output:
	// line 5: want delivered, got dropped; decided by filter:INPUT:policy:2 policy DROP
}
