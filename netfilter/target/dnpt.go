package target

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
)

// DNPT translates the prefix of the destination address without connection
// tracking, such that no checksum has to change (net/ipv6/netfilter/ip6t_NPT.c,
// ip6t_dnpt_tg; RFC 6296). Whether the address is in the prefix From is not
// checked.
type DNPT struct{ From, To netip.Prefix } // of at most 64 bits

// Equal reports whether both are the same target. It is used by go-cmp.
func (t DNPT) Equal(o DNPT) bool { return t == o }

var dnptDefinition = netfilter.Definition{
	Name:     "DNPT",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &DNPT{} },
	Tables:   []string{"mangle"},
	Hooks:    netfilter.HooksOf(netfilter.Prerouting, netfilter.Output),
	Options: []netfilter.OptionDef{
		nptPrefix("src-pfx", func(e netfilter.Extension) *netip.Prefix { return &e.(*DNPT).From }),
		nptPrefix("dst-pfx", func(e netfilter.Extension) *netip.Prefix { return &e.(*DNPT).To }),
	},
}

// Definition returns the extension's definition.
func (t *DNPT) Definition() *netfilter.Definition { return &dnptDefinition }

// Name returns "DNPT".
func (t *DNPT) Name() string { return "DNPT" }

// AppendOptions appends the prefixes. A prefix of length 0 is omitted.
func (t *DNPT) AppendOptions(b []byte) []byte { return appendNPT(b, t.From, t.To) }

// Check refuses prefixes longer than 64 bits or with host bits set
// (ip6t_npt_checkentry).
func (t *DNPT) Check(netfilter.CheckContext) error { return checkNPT(t.From, t.To) }

// Apply translates the destination address, and in an ICMPv6 error the source
// of the quoted packet.
func (t *DNPT) Apply(c *netfilter.Context) netfilter.Verdict {
	return applyNPT(c, t.From, t.To, dstOffset, srcOffset)
}
