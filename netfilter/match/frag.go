package match

import (
	"math"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Frag matches the fragment header of an IPv6 packet (net/ipv6/netfilter/
// ip6t_frag.c, frag_mt6). The zero value matches every packet that has one.
type Frag struct {
	ID       cond.Range
	Length   cond.Number // stored but not compared, as in the kernel
	Reserved bool        // the reserved fields must be 0
	First    bool        // the offset must be 0
	More     bool        // more fragments must follow
	Last     bool        // none may follow
}

var fragDefinition = netfilter.Definition{
	Name:     "frag",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &Frag{} },
	Options: []netfilter.OptionDef{
		opt.Range("fragid", func(m *Frag) *cond.Range { return &m.ID }),
		opt.Equal("fraglen", math.MaxUint32, func(m *Frag) *cond.Number { return &m.Length }),
		opt.Flag("fragres", func(m *Frag) *bool { return &m.Reserved }),
		opt.Flag("fragfirst", func(m *Frag) *bool { return &m.First }),
		opt.Without(opt.Flag("fragmore", func(m *Frag) *bool { return &m.More }), "fraglast"),
		opt.Without(opt.Flag("fraglast", func(m *Frag) *bool { return &m.Last }), "fragmore"),
	},
}

// Definition returns the extension's definition.
func (m *Frag) Definition() *netfilter.Definition { return &fragDefinition }

// Name returns "frag".
func (m *Frag) Name() string { return "frag" }

// AppendOptions appends the options given.
func (m *Frag) AppendOptions(b []byte) []byte {
	b = opt.AppendEqual(opt.AppendGivenRange(b, "fragid", m.ID), "fraglen", m.Length)
	b = opt.AppendFlag(b, "fragres", m.Reserved)
	b = opt.AppendFlag(b, "fragfirst", m.First)
	b = opt.AppendFlag(b, "fragmore", m.More)
	return opt.AppendFlag(b, "fraglast", m.Last)
}

// Match compares the header. A packet with truncated headers is dropped.
func (m *Frag) Match(c *netfilter.Context) bool {
	h, ok := extensionHeader(c, packet.ProtoFragment, 8)
	if !ok {
		return false
	}
	offset, more := uint16(h[2])<<8|uint16(h[3])&^7, h[3]&1 != 0
	return m.ID.Holds(be32(h[4:])) && (!m.Reserved || h[1] == 0 && h[3]&6 == 0) &&
		(!m.First || offset == 0) && (!m.More || more) && (!m.Last || !more)
}
