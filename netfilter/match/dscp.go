package match

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// DSCP matches the upper six bits of the type of service or traffic class
// (net/netfilter/xt_dscp.c, dscp_mt, dscp_mt6). The zero value matches code
// point 0.
type DSCP struct {
	Value  uint8 // 0 to 63
	Invert bool
}

const maxDSCP = 63

var dscpDefinition = netfilter.Definition{
	Name:     "dscp",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &DSCP{} },
	Options: []netfilter.OptionDef{
		{Name: "dscp", Args: 1, Negatable: true, Excludes: []string{"dscp-class"},
			Set: netfilter.Into(func(m *DSCP, v *netfilter.Value) error {
				n, err := opt.Uint(v.Arg(), 0, maxDSCP)
				m.Value, m.Invert = uint8(n), v.Invert
				return err
			})},
		{Name: "dscp-class", Args: 1, Negatable: true, Excludes: []string{"dscp"},
			Set: netfilter.Into(func(m *DSCP, v *netfilter.Value) (err error) {
				m.Invert = v.Invert
				m.Value, err = opt.DSCPClass(v.Arg())
				return err
			})},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "dscp", "dscp-class")
	},
}

// Definition returns the extension's definition.
func (m *DSCP) Definition() *netfilter.Definition { return &dscpDefinition }

// Name returns "dscp".
func (m *DSCP) Name() string { return "dscp" }

// AppendOptions appends "[!] --dscp 0x..", also where a class was given.
func (m *DSCP) AppendOptions(b []byte) []byte {
	return fmt.Appendf(opt.AppendOption(b, "dscp", m.Invert), " 0x%02x", m.Value)
}

// Match compares the code point.
func (m *DSCP) Match(c *netfilter.Context) bool {
	return (c.Packet.TOS()>>2 == m.Value) != m.Invert
}

// Observe returns the code point.
func (m *DSCP) Observe(c *netfilter.Context) string {
	return fmt.Sprintf("dscp 0x%02x", c.Packet.TOS()>>2)
}
