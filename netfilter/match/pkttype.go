package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// PktType matches the packet's type at the link layer: to whom it is addressed
// (net/netfilter/xt_pkttype.c, pkttype_mt). The zero value matches packets for
// the host itself.
type PktType struct {
	Type   netfilter.PacketType
	Invert bool
}

// pktTypes are the names of the types: first those printed, by number, then
// aliases.
var pktTypes = opt.Names{"unicast", "broadcast", "multicast", "otherhost", "host", "bcast", "mcast"}

var pkttypeDefinition = netfilter.Definition{
	Name:     "pkttype",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &PktType{} },
	Options: []netfilter.OptionDef{
		{Name: "pkt-type", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*PktType).setType)},
	},
}

func (m *PktType) setType(v *netfilter.Value) error {
	i := pktTypes.Find(v.Arg())
	if i < 0 {
		return pktTypes.Unknown(v.Arg())
	}
	m.Type, m.Invert = netfilter.PacketType(i%4), v.Invert
	return nil
}

// Definition returns the extension's definition.
func (m *PktType) Definition() *netfilter.Definition { return &pkttypeDefinition }

// Name returns "pkttype".
func (m *PktType) Name() string { return "pkttype" }

// Check refuses undefined types.
func (m *PktType) Check(netfilter.CheckContext) error { return opt.Named("type", m.Type, pktTypes) }

// AppendOptions appends "[!] --pkt-type type".
func (m *PktType) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "pkt-type", m.Invert), ' ')
	return append(b, opt.NameAt(pktTypes, m.Type)...)
}

// Match compares the type.
func (m *PktType) Match(c *netfilter.Context) bool {
	return (c.Engine.PacketType() == m.Type) != m.Invert
}
