package match

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// TOS matches the type of service or traffic class under a mask
// (net/netfilter/xt_dscp.c, tos_mt). The zero value matches every packet.
type TOS struct {
	Value, Mask uint8
	Invert      bool
}

var tosDefinition = netfilter.Definition{
	Name:     "tos",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &TOS{} },
	Options: []netfilter.OptionDef{
		{Name: "tos", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*TOS).setTOS)},
	},
}

func (m *TOS) setTOS(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.Value, m.Mask, err = opt.TOS(v.Arg())
	return err
}

// Definition returns the extension's definition.
func (m *TOS) Definition() *netfilter.Definition { return &tosDefinition }

// Name returns "tos".
func (m *TOS) Name() string { return "tos" }

// AppendOptions appends "[!] --tos value/mask", also where a name was given.
func (m *TOS) AppendOptions(b []byte) []byte {
	return fmt.Appendf(opt.AppendOption(b, "tos", m.Invert), " 0x%02x/0x%02x", m.Value, m.Mask)
}

// Match compares the field; bits of the value outside the mask never match.
func (m *TOS) Match(c *netfilter.Context) bool {
	return (c.Packet.TOS()&m.Mask == m.Value) != m.Invert
}

// Observe returns the field.
func (m *TOS) Observe(c *netfilter.Context) string { return fmt.Sprintf("tos 0x%02x", c.Packet.TOS()) }
