package match

import (
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
)

// HL compares the hop limit of IPv6 (net/netfilter/xt_hl.c, hl_mt6). The zero
// value matches a hop limit of 0.
type HL struct {
	Op    cond.Comparison
	Value uint8
}

var hlDefinition = netfilter.Definition{
	Name:     "hl",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &HL{} },
	Options:  hopOptions("hl", func(e netfilter.Extension) *TTL { return (*TTL)(e.(*HL)) }),
	Finish:   func(_ netfilter.Extension, given func(string) bool) error { return hopsGiven("hl", given) },
}

// Definition returns the extension's definition.
func (m *HL) Definition() *netfilter.Definition { return &hlDefinition }

// Name returns "hl".
func (m *HL) Name() string { return "hl" }

// AppendOptions appends "[!] --hl-eq value", or the option of another
// comparison or operation.
func (m *HL) AppendOptions(b []byte) []byte { return (*TTL)(m).append(b, "hl-") }

// Check refuses undefined comparisons.
func (m *HL) Check(p netfilter.CheckContext) error { return (*TTL)(m).Check(p) }

// Match compares the hop limit.
func (m *HL) Match(c *netfilter.Context) bool { return m.Op.Holds(c.Packet.TTL(), m.Value) }

// Observe returns the hop limit.
func (m *HL) Observe(c *netfilter.Context) string {
	return "hop limit " + strconv.Itoa(int(c.Packet.TTL()))
}
