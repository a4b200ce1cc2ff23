package target

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// HL changes the hop limit of IPv6 (net/netfilter/xt_HL.c, hl_tg6). The zero
// value sets it to 0.
type HL struct {
	Op    HopOp
	Value uint8
}

var hlDefinition = netfilter.Definition{
	Name:     "HL",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &HL{} },
	Tables:   []string{"mangle"},
	Options:  hopOptions("hl-", func(e netfilter.Extension, op HopOp, n uint8) { *e.(*HL) = HL{op, n} }),
	Finish:   func(_ netfilter.Extension, given func(string) bool) error { return hopsGiven("hl-", given) },
}

// Definition returns the extension's definition.
func (t *HL) Definition() *netfilter.Definition { return &hlDefinition }

// Name returns "HL".
func (t *HL) Name() string { return "HL" }

// AppendOptions appends "--hl-set value", or the option of another comparison
// or operation.
func (t *HL) AppendOptions(b []byte) []byte {
	return opt.AppendNumber(b, "hl-"+opt.NameAt(hopOps[:], t.Op), t.Value)
}

// Check refuses undefined operations, and changes by 0 (hl_tg6_check).
func (t *HL) Check(netfilter.CheckContext) error { return checkHops(t.Op, t.Value) }

// Apply changes the hop limit.
func (t *HL) Apply(c *netfilter.Context) netfilter.Verdict {
	applyHops(c, t.Op, t.Value)
	return netfilter.Continue
}
