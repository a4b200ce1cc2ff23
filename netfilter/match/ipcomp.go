package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// IPComp matches the compression parameter index of an IPComp header
// (net/netfilter/xt_ipcomp.c, comp_mt). The zero value matches every packet
// with a whole header; a packet without one is dropped.
type IPComp struct {
	// CPI holds 32-bit numbers as in iptables, although the header field has 16
	// bits.
	CPI cond.Range
	// Reserved is stored but not compared, as in the kernel.
	Reserved bool
}

// ipcompDefinition sets index 0 if --ipcompspi is missing, as iptables does.
var ipcompDefinition = netfilter.Definition{
	Name:      "ipcomp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &IPComp{CPI: cond.NewRange(0, 0)} },
	Protocols: []uint8{packet.ProtoIPComp},
	Options: []netfilter.OptionDef{
		opt.Range("ipcompspi", func(m *IPComp) *cond.Range { return &m.CPI }),
		opt.Flag("compres", func(m *IPComp) *bool { return &m.Reserved }),
	},
}

// Definition returns the extension's definition.
func (m *IPComp) Definition() *netfilter.Definition { return &ipcompDefinition }

// Name returns "ipcomp".
func (m *IPComp) Name() string { return "ipcomp" }

// AppendOptions appends "[!] --ipcompspi low[:high]" and "--compres".
func (m *IPComp) AppendOptions(b []byte) []byte {
	b = opt.AppendGivenRange(b, "ipcompspi", m.CPI)
	if m.Reserved {
		b = opt.AppendOption(b, "compres", false)
	}
	return b
}

// Match compares the index. Only the first fragment of a packet matches; a
// packet without the whole header of 4 bytes is dropped.
func (m *IPComp) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 4)
	if !ok {
		return false
	}
	return m.CPI.Holds(uint32(h[2])<<8 | uint32(h[3]))
}
