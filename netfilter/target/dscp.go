package target

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// DSCP sets the upper six bits of the type of service or traffic class
// (net/netfilter/xt_DSCP.c, dscp_tg, dscp_tg6). The zero value clears them.
type DSCP struct{ Value uint8 } // 0 to 63

const maxDSCP = 63

var dscpDefinition = netfilter.Definition{
	Name:     "DSCP",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &DSCP{} },
	Tables:   []string{"mangle"},
	Options: []netfilter.OptionDef{
		opt.Number("set-dscp", 0, maxDSCP, func(t *DSCP) *uint8 { return &t.Value }),
		{Name: "set-dscp-class", Args: 1, Set: netfilter.Into(func(t *DSCP, v *netfilter.Value) (err error) {
			t.Value, err = opt.DSCPClass(v.Arg())
			return err
		})},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, "set-dscp", "set-dscp-class")
	},
}

// Definition returns the extension's definition.
func (t *DSCP) Definition() *netfilter.Definition { return &dscpDefinition }

// Name returns "DSCP".
func (t *DSCP) Name() string { return "DSCP" }

// AppendOptions appends "--set-dscp 0x..", also where a class was given.
func (t *DSCP) AppendOptions(b []byte) []byte {
	return fmt.Appendf(opt.AppendOption(b, "set-dscp", false), " 0x%02x", t.Value)
}

// Apply sets the code point; the ECN bits stay.
func (t *DSCP) Apply(c *netfilter.Context) netfilter.Verdict {
	old := c.Packet.TOS()
	if n := old&3 | t.Value<<2; n != old {
		c.Edit().SetTOS(n)
	}
	return netfilter.Continue
}
