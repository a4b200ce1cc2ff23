package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Multiport matches ports against a list (net/netfilter/xt_multiport.c,
// multiport_mt). The zero value matches nothing.
type Multiport struct {
	Side   PortSide
	Ports  []cond.PortRange // at most 15 slots; a range takes two
	Invert bool
}

// PortSide determines which ports of a packet are compared. The zero value is the
// source port.
type PortSide uint8

// The sides. EitherPort is satisfied if one of the two ports is in the list.
const (
	SrcPort PortSide = iota
	DstPort
	EitherPort
)

var sideNames = [...]string{SrcPort: "sports", DstPort: "dports", EitherPort: "ports"}

// maxMultiports is the number of ports the kernel stores (XT_MULTI_PORTS).
const maxMultiports = 15

// multiportProtocols have both ports in the first four bytes.
var multiportProtocols = []uint8{packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoSCTP, packet.ProtoDCCP}

var multiportDefinition = netfilter.Definition{
	Name:      "multiport",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &Multiport{} },
	Protocols: multiportProtocols,
	Options: []netfilter.OptionDef{
		multiportOption(SrcPort, "source-ports"),
		multiportOption(DstPort, "destination-ports"),
		multiportOption(EitherPort),
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		return opt.NeedOne(given, sideNames[:]...)
	},
}

func multiportOption(side PortSide, aliases ...string) netfilter.OptionDef {
	return netfilter.OptionDef{Name: sideNames[side], Aliases: aliases, Args: 1, Negatable: true,
		Set: netfilter.Into(func(m *Multiport, v *netfilter.Value) error {
			m.Side = side
			return m.setPorts(v)
		})}
}

// setPorts reads the list. The protocol must have been parsed before, because
// service names depend on it.
func (m *Multiport) setPorts(v *netfilter.Value) error {
	switch {
	case v.Header.Proto == 0:
		return errors.New("needs -p tcp, udp, udplite, sctp or dccp ahead of it")
	case v.Header.InvProto || !slices.Contains(multiportProtocols, v.Header.Proto):
		return errors.New("is only possible with -p tcp, udp, udplite, sctp or dccp, not inverted")
	}
	m.Invert = v.Invert
	slots := 0
	for word := range strings.SplitSeq(v.Arg(), ",") {
		lo, hi, isRange := strings.Cut(word, ":")
		r := cond.Ports(0, 0)
		var err error
		if r.Min, err = opt.Port(lo, v.Header.Proto); err != nil {
			return err
		}
		r.Max = r.Min
		slots++
		if isRange {
			slots++
			if r.Max, err = opt.Port(hi, v.Header.Proto); err != nil {
				return err
			}
			if r.Min >= r.Max {
				return fmt.Errorf("bad port range %q: the second port must be higher", word)
			}
		}
		m.Ports = append(m.Ports, r)
	}
	if slots > maxMultiports {
		return fmt.Errorf("too many ports: %d given, a range counting as two, at most %d fit", slots, maxMultiports)
	}
	return nil
}

// Definition returns the extension's definition.
func (m *Multiport) Definition() *netfilter.Definition { return &multiportDefinition }

// Name returns "multiport".
func (m *Multiport) Name() string { return "multiport" }

// Check refuses undefined sides.
func (m *Multiport) Check(netfilter.CheckContext) error {
	return opt.Named("side", m.Side, sideNames[:])
}

// AppendOptions appends "[!] --dports list", or the option of another side.
func (m *Multiport) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, opt.NameAt(sideNames[:], m.Side), m.Invert), ' ')
	for i, r := range m.Ports {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.Append(b)
	}
	return b
}

// Bound implements netfilter.Bounded. A list for either port gives no bounds.
func (m *Multiport) Bound(b netfilter.Bounds) bool {
	switch m.Side {
	case SrcPort:
		b.SrcPort(m.Invert, m.Ports...)
	case DstPort:
		b.DstPort(m.Invert, m.Ports...)
	}
	return true
}

// Match compares the ports. Only the first fragment of a packet matches; a
// packet too short for its ports is dropped.
func (m *Multiport) Match(c *netfilter.Context) bool {
	h, ok := opt.FirstHeader(c, 4)
	if !ok {
		return false
	}
	src, dst := uint16(h[0])<<8|uint16(h[1]), uint16(h[2])<<8|uint16(h[3])
	a, b := src, src
	switch m.Side {
	case DstPort:
		a, b = dst, dst
	case EitherPort:
		b = dst
	}
	for i := range m.Ports {
		r := &m.Ports[i]
		if a >= r.Min && a <= r.Max || b >= r.Min && b <= r.Max {
			return !m.Invert
		}
	}
	return m.Invert
}

// Observe returns the ports.
func (m *Multiport) Observe(c *netfilter.Context) string {
	h, ok := opt.ShowHeader(c, 4)
	if !ok {
		return "no ports"
	}
	return opt.ObservePorts(h)
}
