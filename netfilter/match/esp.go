package match

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ESP matches the security parameters index of an ESP header
// (net/netfilter/xt_esp.c, esp_mt). The zero value matches every packet with a
// whole ESP header; a packet without one is dropped.
type ESP struct{ SPI cond.Range }

var espDefinition = netfilter.Definition{
	Name:      "esp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &ESP{} },
	Protocols: []uint8{packet.ProtoESP},
	Options: []netfilter.OptionDef{
		opt.Range("espspi", func(m *ESP) *cond.Range { return &m.SPI }),
	},
}

// Definition returns the extension's definition.
func (m *ESP) Definition() *netfilter.Definition { return &espDefinition }

// Name returns "esp".
func (m *ESP) Name() string { return "esp" }

// AppendOptions appends "[!] --espspi low[:high]".
func (m *ESP) AppendOptions(b []byte) []byte { return opt.AppendGivenRange(b, "espspi", m.SPI) }

// Match compares the index. Only the first fragment of a packet matches; a
// packet without the whole header of 8 bytes is dropped.
func (m *ESP) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 8)
	if !ok {
		return false
	}
	return m.SPI.Holds(be32(h))
}

// Observe returns the index.
func (m *ESP) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 8)
	if !ok {
		return "no ESP header"
	}
	return observeSPI(be32(h))
}
