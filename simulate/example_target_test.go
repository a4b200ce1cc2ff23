package simulate_test

import (
	"fmt"
	"log"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// tarpit is the target "-j TARPIT" of a user's own: it swallows the packet.
type tarpit struct{ reset bool }

func (t *tarpit) Name() string { return "TARPIT" }

func (t *tarpit) AppendOptions(b []byte) []byte {
	if t.reset {
		b = append(b, " --reset"...)
	}
	return b
}

func (t *tarpit) Apply(*netfilter.Context) netfilter.Verdict { return netfilter.Drop }

var tarpitDefinition = netfilter.Definition{
	Name: "TARPIT", Families: netfilter.BothFamilies,
	New: func() netfilter.Extension { return &tarpit{} },
	Options: []netfilter.OptionDef{{Name: "reset", Set: netfilter.Into(func(t *tarpit, _ *netfilter.Value) error {
		t.reset = true
		return nil
	})}},
}

// A target of one's own is a type with three methods and a Definition.
func Example_customTarget() {
	rules, err := parser.ParseString("*filter\n-A INPUT -p tcp --dport 25 -j TARPIT --reset\nCOMMIT\n", parser.Extensions(&tarpitDefinition))
	if err != nil {
		log.Fatalf("%+v", err)
	}
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.5/24"), rules)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(node.Receive(parser.MustPacket("eth0: tcp 192.0.2.9:40000 > 192.0.2.5:25")))
	// Output: dropped; decided by filter:INPUT:rule:1 -A INPUT -p tcp -m tcp --dport 25 -j TARPIT --reset
}
