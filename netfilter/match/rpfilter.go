package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// RPFilter matches packets whose reply would leave by the link they came in by
// (net/ipv4/netfilter/ipt_rpfilter.c, rpfilter_mt;
// net/ipv6/netfilter/ip6t_rpfilter.c, rpfilter_mt).
type RPFilter struct {
	Loose       bool // the reply may leave by any link
	ValidMark   bool // the packet's mark is used in the lookup
	AcceptLocal bool // the source may be an address of the host itself
	Invert      bool
}

var rpfilterDefinition = netfilter.Definition{
	Name:     "rpfilter",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &RPFilter{} },
	Tables:   []string{"raw", "mangle"},
	Hooks:    netfilter.HooksOf(netfilter.Prerouting),
	Options: []netfilter.OptionDef{
		opt.Flag("loose", func(m *RPFilter) *bool { return &m.Loose }),
		opt.Flag("validmark", func(m *RPFilter) *bool { return &m.ValidMark }),
		opt.Flag("accept-local", func(m *RPFilter) *bool { return &m.AcceptLocal }),
		opt.Flag("invert", func(m *RPFilter) *bool { return &m.Invert }),
	},
}

// Definition returns the extension's definition.
func (m *RPFilter) Definition() *netfilter.Definition { return &rpfilterDefinition }

// Name returns "rpfilter".
func (m *RPFilter) Name() string { return "rpfilter" }

// AppendOptions appends the options given.
func (m *RPFilter) AppendOptions(b []byte) []byte {
	b = opt.AppendFlag(b, "loose", m.Loose)
	b = opt.AppendFlag(b, "validmark", m.ValidMark)
	b = opt.AppendFlag(b, "accept-local", m.AcceptLocal)
	return opt.AppendFlag(b, "invert", m.Invert)
}

// Match looks the source up in the routing tables.
func (m *RPFilter) Match(c *netfilter.Context) bool {
	o := netfilter.ReversePath{Loose: m.Loose, ValidMark: m.ValidMark, AcceptLocal: m.AcceptLocal}
	return c.Engine.ReversePath(o) != m.Invert
}
