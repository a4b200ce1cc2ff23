package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// ConnMark matches the mark of the packet's connection under a mask
// (net/netfilter/xt_connmark.c, connmark_mt). The zero value matches every
// packet of a connection.
type ConnMark struct {
	Value, Mask uint32
	Invert      bool
}

var connmarkDefinition = netfilter.Definition{
	Name:     "connmark",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &ConnMark{} },
	Options: []netfilter.OptionDef{
		{Name: "mark", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*ConnMark).setMark)},
	},
}

func (m *ConnMark) setMark(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.Value, m.Mask, err = opt.Masked(v.Arg())
	return err
}

// Definition returns the extension's definition.
func (m *ConnMark) Definition() *netfilter.Definition { return &connmarkDefinition }

// Name returns "connmark".
func (m *ConnMark) Name() string { return "connmark" }

// AppendOptions appends "[!] --mark value[/mask]".
func (m *ConnMark) AppendOptions(b []byte) []byte {
	return opt.AppendMasked(opt.AppendOption(b, "mark", m.Invert), m.Value, m.Mask)
}

// Requires implements netfilter.Requirer: connection tracking.
func (m *ConnMark) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// Match compares the mark. A packet without a connection does not match, not
// even inverted.
func (m *ConnMark) Match(c *netfilter.Context) bool {
	return c.Conn != nil && (c.Conn.Mark&m.Mask == m.Value) != m.Invert
}
