package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Mark matches the packet's mark under a mask (net/netfilter/xt_mark.c,
// mark_mt). The zero value matches every packet.
type Mark struct {
	Value, Mask uint32
	Invert      bool
}

var markDefinition = netfilter.Definition{
	Name:     "mark",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Mark{} },
	Options: []netfilter.OptionDef{
		{Name: "mark", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*Mark).setMark)},
	},
}

func (m *Mark) setMark(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.Value, m.Mask, err = opt.Masked(v.Arg())
	return err
}

// Definition returns the extension's definition.
func (m *Mark) Definition() *netfilter.Definition { return &markDefinition }

// Name returns "mark".
func (m *Mark) Name() string { return "mark" }

// AppendOptions appends "[!] --mark value[/mask]".
func (m *Mark) AppendOptions(b []byte) []byte {
	return opt.AppendMasked(opt.AppendOption(b, "mark", m.Invert), m.Value, m.Mask)
}

// Bound implements netfilter.Bounded.
func (m *Mark) Bound(b netfilter.Bounds) bool {
	b.Mark(m.Value, m.Mask, m.Invert)
	return true
}

// Match compares the mark; bits of the value outside the mask never match.
func (m *Mark) Match(c *netfilter.Context) bool {
	return (c.Packet.Mark&m.Mask == m.Value) != m.Invert
}
