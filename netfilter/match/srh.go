package match

import (
	"math"
	"net/netip"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// SRH matches the segment routing header of an IPv6 packet
// (net/ipv6/netfilter/ip6t_srh.c, srh1_mt6). The zero value matches every
// packet that has a well-formed one.
type SRH struct {
	NextHeader   cond.Number
	HeaderLength SRHTest // in units of 8 bytes without the first, as in the header
	SegmentsLeft SRHTest
	LastEntry    SRHTest
	// Tag is compared with the byte-swapped field, as the kernel does on
	// little-endian machines.
	Tag cond.Number
	// Previous, Next and Last are conditions on a segment: the one before the
	// active segment, the one after it, and the last of the path.
	Previous, Next, Last ConnAddr
}

// SRHTest compares a field with one value in up to three ways at once, all of
// which must hold. The zero value is no condition.
type SRHTest struct {
	Value                         uint8
	Equal, Greater, Less          bool
	InvEqual, InvGreater, InvLess bool
}

func (t *SRHTest) holds(v uint8) bool {
	return (!t.Equal || (v == t.Value) != t.InvEqual) && (!t.Greater || (v > t.Value) != t.InvGreater) &&
		(!t.Less || (v < t.Value) != t.InvLess)
}

var srhDefinition = netfilter.Definition{
	Name:     "srh",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &SRH{} },
	Options:  srhOptions(),
}

func srhOptions() []netfilter.OptionDef {
	defs := []netfilter.OptionDef{
		opt.Equal("srh-next-hdr", math.MaxUint8, func(m *SRH) *cond.Number { return &m.NextHeader }),
	}
	defs = append(defs, srhTests("srh-hdr-len", func(m *SRH) *SRHTest { return &m.HeaderLength })...)
	defs = append(defs, srhTests("srh-segs-left", func(m *SRH) *SRHTest { return &m.SegmentsLeft })...)
	defs = append(defs, srhTests("srh-last-entry", func(m *SRH) *SRHTest { return &m.LastEntry })...)
	return append(defs,
		opt.Equal("srh-tag", math.MaxUint16, func(m *SRH) *cond.Number { return &m.Tag }),
		srhSegment("srh-psid", func(m *SRH) *ConnAddr { return &m.Previous }),
		srhSegment("srh-nsid", func(m *SRH) *ConnAddr { return &m.Next }),
		srhSegment("srh-lsid", func(m *SRH) *ConnAddr { return &m.Last }))
}

// srhTests are the three options of a field. They share the value: the last one
// given applies to all (iptables extensions/libip6t_srh.c).
func srhTests(name string, field func(*SRH) *SRHTest) []netfilter.OptionDef {
	test := func(end string, set func(t *SRHTest, invert bool)) netfilter.OptionDef {
		return netfilter.OptionDef{Name: name + end, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *SRH, v *netfilter.Value) error {
				n, err := opt.Uint(v.Arg(), 0, math.MaxUint8)
				field(m).Value = uint8(n)
				set(field(m), v.Invert)
				return err
			})}
	}
	return []netfilter.OptionDef{
		test("-eq", func(t *SRHTest, inv bool) { t.Equal, t.InvEqual = true, inv }),
		test("-gt", func(t *SRHTest, inv bool) { t.Greater, t.InvGreater = true, inv }),
		test("-lt", func(t *SRHTest, inv bool) { t.Less, t.InvLess = true, inv }),
	}
}

func srhSegment(name string, field func(*SRH) *ConnAddr) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *SRH, v *netfilter.Value) error {
			p, err := opt.Prefix(v.Arg(), netfilter.IPv6)
			*field(m) = ConnAddr{p, v.Invert}
			return err
		})}
}

// Definition returns the extension's definition.
func (m *SRH) Definition() *netfilter.Definition { return &srhDefinition }

// Name returns "srh".
func (m *SRH) Name() string { return "srh" }

// AppendOptions appends the options given.
func (m *SRH) AppendOptions(b []byte) []byte {
	b = opt.AppendEqual(b, "srh-next-hdr", m.NextHeader)
	b = m.HeaderLength.append(b, "srh-hdr-len")
	b = m.SegmentsLeft.append(b, "srh-segs-left")
	b = m.LastEntry.append(b, "srh-last-entry")
	b = opt.AppendEqual(b, "srh-tag", m.Tag)
	b = appendSegment(b, "srh-psid", &m.Previous)
	b = appendSegment(b, "srh-nsid", &m.Next)
	return appendSegment(b, "srh-lsid", &m.Last)
}

func (t *SRHTest) append(b []byte, name string) []byte {
	for _, o := range [...]struct {
		end           string
		given, invert bool
	}{{"-eq", t.Equal, t.InvEqual}, {"-gt", t.Greater, t.InvGreater}, {"-lt", t.Less, t.InvLess}} {
		if o.given {
			b = append(opt.AppendOption(b, name, o.invert), o.end...)
			b = strconv.AppendUint(append(b, ' '), uint64(t.Value), 10)
		}
	}
	return b
}

// appendSegment appends the condition with its length, also one of 128.
func appendSegment(b []byte, name string, a *ConnAddr) []byte {
	if !a.Prefix.IsValid() {
		return b
	}
	b = netfilter.AppendAddr(append(opt.AppendOption(b, name, a.Invert), ' '), a.Prefix.Addr())
	return strconv.AppendInt(append(b, '/'), int64(a.Prefix.Bits()), 10)
}

// srhType is the routing type of a segment routing header.
const srhType = 4

// Match compares the header. A packet without a well-formed one does not match.
func (m *SRH) Match(c *netfilter.Context) bool {
	off, found := c.Packet.ExtensionHeader(packet.ProtoRouting)
	if found != packet.HeaderFound {
		return false
	}
	h, ok := c.Bytes(off, 8)
	if !ok || h[2] != srhType {
		return false
	}
	if h, ok = c.Bytes(off, packet.ExtensionHeaderLen(packet.ProtoRouting, h)); !ok {
		return false
	}
	left, last := h[3], h[4]
	return left <= last && m.NextHeader.Holds(uint32(h[0])) && m.HeaderLength.holds(h[1]) && m.SegmentsLeft.holds(left) &&
		m.LastEntry.holds(last) && m.Tag.Holds(uint32(h[7])<<8|uint32(h[6])) && m.segmentsHold(c, off+8, int(left), int(last))
}

// segmentsHold compares the segments, which are stored in reverse order of the
// path.
func (m *SRH) segmentsHold(c *netfilter.Context, off, left, last int) bool {
	return segmentHolds(c, &m.Previous, left < last, off+16*(left+1)) &&
		segmentHolds(c, &m.Next, left > 0, off+16*(left-1)) &&
		segmentHolds(c, &m.Last, true, off)
}

func segmentHolds(c *netfilter.Context, cond *ConnAddr, there bool, off int) bool {
	if !cond.Prefix.IsValid() {
		return true
	}
	b, ok := c.Bytes(off, 16)
	return there && ok && cond.holds(netip.AddrFrom16([16]byte(b)))
}
