package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// MAC matches the Ethernet source address (net/netfilter/xt_mac.c, mac_mt). The
// zero value matches the address 00:00:00:00:00:00, which no neighbour has.
type MAC struct {
	Source packet.MAC
	Invert bool
}

var macDefinition = netfilter.Definition{
	Name:     "mac",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &MAC{} },
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Input, netfilter.Forward),
	Options: []netfilter.OptionDef{
		{Name: "mac-source", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*MAC).setSource)},
	},
}

func (m *MAC) setSource(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.Source, err = opt.MAC(v.Arg())
	return err
}

// Definition returns the extension's definition.
func (m *MAC) Definition() *netfilter.Definition { return &macDefinition }

// Name returns "mac".
func (m *MAC) Name() string { return "mac" }

// AppendOptions appends "[!] --mac-source address" in lower case.
func (m *MAC) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "mac-source", m.Invert), ' ')
	return append(b, m.Source.String()...)
}

// Match compares the address. A packet that did not arrive over Ethernet does
// not match, not even inverted. One whose source MAC is not given is assumed to
// have an address that no rule names.
func (m *MAC) Match(c *netfilter.Context) bool {
	if !c.Engine.FromEthernet() {
		return false
	}
	if c.Packet.SrcMAC == (packet.MAC{}) {
		return c.Engine.Suppose("the packet's source MAC address, which was not given, is none that rules name") == m.Invert
	}
	return (c.Packet.SrcMAC == m.Source) != m.Invert
}

// Observe returns the address.
func (m *MAC) Observe(c *netfilter.Context) string { return "source " + c.Packet.SrcMAC.String() }
