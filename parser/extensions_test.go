package parser_test

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// countries is where the addresses of ExampleExtensions come from.
func countries(a netip.Addr) string {
	if netip.MustParsePrefix("198.51.100.0/24").Contains(a) {
		return "NL"
	}
	return "--"
}

// country is the match "-m country --source-is NL" of a user's own.
type country struct {
	code   string
	invert bool
}

func (m *country) Name() string { return "country" }

func (m *country) AppendOptions(b []byte) []byte {
	if m.invert {
		b = append(b, " !"...)
	}
	return fmt.Append(b, " --source-is ", m.code)
}

func (m *country) Match(c *netfilter.Context) bool {
	return (countries(c.Packet.Src()) == m.code) != m.invert
}

// A match that packetpath does not know needs a type with three methods and a
// Definition with its options.
func ExampleExtensions() {
	rs, err := parser.ParseString("*filter\n-A FORWARD -m country ! --source-is NL -j DROP\nCOMMIT\n",
		parser.Extensions(&netfilter.Definition{
			Name: "country", Families: netfilter.BothFamilies,
			New: func() netfilter.Extension { return &country{} },
			Options: []netfilter.OptionDef{{Name: "source-is", Args: 1, Negatable: true, Required: true,
				Set: netfilter.Into(func(m *country, v *netfilter.Value) error {
					m.code, m.invert = v.Arg(), v.Invert
					return nil
				})}},
		}))
	if err != nil {
		fmt.Println(err)
		return
	}
	node, _ := simulate.New(host.Host{}, rs)
	for _, text := range []string{"eth0: tcp 198.51.100.7:1024 > 192.0.2.1:80", "eth0: tcp 203.0.113.7:1024 > 192.0.2.1:80"} {
		dev, packet, _ := parser.ParsePacket(text)
		fmt.Println(node.Receive(dev, packet).Fate)
	}
	// Output:
	// forwarded
	// dropped
}
