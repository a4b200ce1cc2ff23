package match

import (
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// DCCP matches ports, packet types and options of a DCCP packet (net/netfilter/
// xt_dccp.c, dccp_mt). The zero value matches every packet with a whole DCCP
// header; a packet without one is dropped.
type DCCP struct {
	SrcPorts, DstPorts cond.PortRange
	HasTypes           bool
	InvertTypes        bool
	Types              uint16 // bit n is packet type n, with HasTypes
	// Option is the number of an option that must be present; 0 is no condition.
	Option       uint8
	InvertOption bool
}

// dccpTypes are the names of the packet types, by number. The last stands for
// all unassigned numbers.
var dccpTypes = opt.Names{
	"REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID",
}

// dccpTypeLen is the length of the part of the header that depends on the type
// (include/linux/dccp.h, dccp_packet_hdr_len).
var dccpTypeLen = [16]int{4, 12, 0, 8, 8, 8, 8, 12, 8, 8, 12, 12, 12, 12, 12, 12}

var dccpDefinition = netfilter.Definition{
	Name:      "dccp",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &DCCP{} },
	Protocols: []uint8{packet.ProtoDCCP},
	Options: []netfilter.OptionDef{
		{Name: "sport", Aliases: []string{"source-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *DCCP, v *netfilter.Value) (err error) {
				m.SrcPorts, err = opt.ResolvedPorts(v)
				return err
			})},
		{Name: "dport", Aliases: []string{"destination-port"}, Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *DCCP, v *netfilter.Value) (err error) {
				m.DstPorts, err = opt.ResolvedPorts(v)
				return err
			})},
		{Name: "dccp-types", Args: 1, Negatable: true, Set: netfilter.Into((*DCCP).setTypes)},
		{Name: "dccp-option", Args: 1, Negatable: true, Set: netfilter.Into((*DCCP).setOption)},
	},
}

// setTypes reads a list of type names; empty words do not count.
func (m *DCCP) setTypes(v *netfilter.Value) error {
	m.HasTypes, m.InvertTypes = true, v.Invert
	for word := range strings.SplitSeq(v.Arg(), ",") {
		if word == "" {
			continue
		}
		i := dccpTypes.Find(word)
		if i < 0 {
			return dccpTypes.Unknown(word)
		}
		m.Types |= 1 << i
	}
	return nil
}

func (m *DCCP) setOption(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 1, 255)
	m.Option, m.InvertOption = uint8(n), v.Invert
	return err
}

// Definition returns the extension's definition.
func (m *DCCP) Definition() *netfilter.Definition { return &dccpDefinition }

// Name returns "dccp".
func (m *DCCP) Name() string { return "dccp" }

// AppendOptions appends the options given.
func (m *DCCP) AppendOptions(b []byte) []byte {
	b = opt.AppendGivenPorts(b, "sport", m.SrcPorts)
	b = opt.AppendGivenPorts(b, "dport", m.DstPorts)
	if m.HasTypes {
		b = opt.AppendSet(append(opt.AppendOption(b, "dccp-types", m.InvertTypes), ' '), dccpTypes, m.Types)
	}
	if m.Option != 0 {
		b = append(opt.AppendOption(b, "dccp-option", m.InvertOption), ' ')
		b = strconv.AppendUint(b, uint64(m.Option), 10)
	}
	return b
}

// Match compares the header. Only the first fragment of a packet matches.
func (m *DCCP) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 12)
	if !ok {
		return false
	}
	return m.SrcPorts.Holds(uint16(h[0])<<8|uint16(h[1])) && m.DstPorts.Holds(uint16(h[2])<<8|uint16(h[3])) &&
		(!m.HasTypes || (m.Types>>dccpType(h)&1 != 0) != m.InvertTypes) &&
		(m.Option == 0 || m.hasOption(c, h) != m.InvertOption)
}

// dccpType returns the place of the packet's type in dccpTypes.
func dccpType(h []byte) int { return min(int(h[8]>>1&15), len(dccpTypes)-1) }

// hasOption looks through the options after the part of the header that the
// type, and the bit for long sequence numbers, asks for. A packet that ends
// before its options is dropped (xt_dccp.c, dccp_find_option).
func (m *DCCP) hasOption(c *netfilter.Context, h []byte) bool {
	fixed := 12 + int(h[8]&1)*4 + dccpTypeLen[h[8]>>1&15]
	length := int(h[4]) * 4
	all, ok := c.TransportHeader(length)
	if length < fixed || !ok && length > fixed {
		c.HotDrop()
		return false
	}
	return ok && opt.HasOption(all[fixed:], m.Option)
}

// Observe returns ports and type.
func (m *DCCP) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 12)
	if !ok {
		return "no DCCP header"
	}
	return opt.ObservePorts(h) + " type " + dccpTypes[dccpType(h)]
}
