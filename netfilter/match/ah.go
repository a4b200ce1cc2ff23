package match

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// AH matches the security parameters index of an IPv4 authentication header
// (net/ipv4/netfilter/ipt_ah.c, ah_mt). The zero value matches every packet
// with a whole header; a packet without one is dropped.
type AH struct{ SPI cond.Range }

// ahHeaderLen is the length of the header without the authentication data.
const ahHeaderLen = 12

func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

func observeSPI(spi uint32) string { return fmt.Sprintf("spi %#x", spi) }

var ahDefinition = netfilter.Definition{
	Name:      "ah",
	Families:  netfilter.OnlyIPv4,
	New:       func() netfilter.Extension { return &AH{} },
	Protocols: []uint8{packet.ProtoAH},
	Options: []netfilter.OptionDef{
		opt.Range("ahspi", func(m *AH) *cond.Range { return &m.SPI }),
	},
}

// Definition returns the extension's definition.
func (m *AH) Definition() *netfilter.Definition { return &ahDefinition }

// Name returns "ah".
func (m *AH) Name() string { return "ah" }

// AppendOptions appends "[!] --ahspi low[:high]".
func (m *AH) AppendOptions(b []byte) []byte { return opt.AppendGivenRange(b, "ahspi", m.SPI) }

// Match compares the index. Only the first fragment of a packet matches.
func (m *AH) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, ahHeaderLen)
	if !ok {
		return false
	}
	return m.SPI.Holds(be32(h[4:]))
}

// Observe returns the index.
func (m *AH) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, ahHeaderLen)
	if !ok {
		return "no authentication header"
	}
	return observeSPI(be32(h[4:]))
}

// AH6 matches the authentication header among the extension headers of an IPv6
// packet (net/ipv6/netfilter/ip6t_ah.c, ah_mt6). The zero value matches every
// packet that has one.
type AH6 struct {
	SPI cond.Range
	// Length is a condition on the length of the header in bytes; a value of 0 is
	// no condition, inverted or not.
	Length   cond.Number
	Reserved bool // the reserved field must be 0
}

var ah6Definition = netfilter.Definition{
	Name:     "ah",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &AH6{} },
	Options: []netfilter.OptionDef{
		opt.Range("ahspi", func(m *AH6) *cond.Range { return &m.SPI }),
		opt.Equal("ahlen", math.MaxUint32, func(m *AH6) *cond.Number { return &m.Length }),
		opt.Flag("ahres", func(m *AH6) *bool { return &m.Reserved }),
	},
}

// Definition returns the extension's definition.
func (m *AH6) Definition() *netfilter.Definition { return &ah6Definition }

// Name returns "ah".
func (m *AH6) Name() string { return "ah" }

// AppendOptions appends the options given. A length of 0 is omitted unless it
// is inverted.
func (m *AH6) AppendOptions(b []byte) []byte {
	b = opt.AppendGivenRange(b, "ahspi", m.SPI)
	if m.Length.Value != 0 || m.Length.Invert {
		b = opt.AppendEqual(b, "ahlen", m.Length)
	}
	if m.Reserved {
		b = opt.AppendOption(b, "ahres", false)
	}
	return b
}

// Match compares the header. A packet in which it, or a preceding header, is
// cut short is dropped.
func (m *AH6) Match(c *netfilter.Context) bool {
	h, ok := wholeHeader(c, packet.ProtoAH, ahHeaderLen)
	if !ok {
		return false
	}
	return m.SPI.Holds(be32(h[4:])) && (m.Length.Value == 0 || m.Length.Holds(uint32(len(h)))) &&
		(!m.Reserved || h[2] == 0 && h[3] == 0)
}

// extensionHeader returns the packet's bytes from the extension header on;
// false if the packet has no such header. It sets hotdrop if less than n bytes
// of that header are present, or a preceding header is truncated.
func extensionHeader(c *netfilter.Context, number uint8, n int) ([]byte, bool) {
	off, found := c.Packet.ExtensionHeader(number)
	if found == packet.HeaderAbsent {
		return nil, false
	}
	h := c.Packet.Wire()[off:]
	if found == packet.HeaderTruncated || len(h) < n {
		c.HotDrop()
		return nil, false
	}
	return h, true
}
