package corpus_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// corpusAim draws packets that meet most of the conditions of a rule, and of
// the rules that lead to its chain.
type corpusAim struct {
	*corpusWorld
	*rand.Rand
	flow int // number of the flow, for ports that no other has

	// The values that conditions have determined so far; zero values are undetermined.
	spec             packet.Spec
	in, out          string
	mark, uid, gid   uint32
	srcMAC, dstMAC   []byte
	proto, icmp      bool
	srcType, dstType netfilter.AddrType
}

// packet aims at a random rule, and says at which.
func (a *corpusAim) packet() (kernel.Packet, string) {
	*a = corpusAim{corpusWorld: a.corpusWorld, Rand: a.Rand, flow: a.flow}
	goal := a.places[a.IntN(len(a.places))]
	note := fmt.Sprintf("%s: %s", goal.table, goal.rule.AppendSave(nil, a.rs.Family, goal.chain))
	chain := goal.chain
	a.meet(goal.rule)
	for range 20 {
		calls := a.calls[[2]string{goal.table, chain}]
		if len(calls) == 0 {
			break
		}
		call := calls[a.IntN(len(calls))]
		a.meet(call.rule)
		chain = call.chain
	}
	p := a.finish(chain)
	return p, note
}

// mostly is true but for some noise.
func (a *corpusAim) mostly() bool { return a.IntN(12) > 0 }

// meet determines the values that the conditions of a rule require.
func (a *corpusAim) meet(rule *netfilter.Rule) {
	h := &rule.Header
	if a.in == "" && h.In != "" && a.mostly() {
		a.in = a.linkFor(h.In, h.InvIn)
	}
	if a.out == "" && h.Out != "" && a.mostly() {
		a.out = a.linkFor(h.Out, h.InvOut)
	}
	a.address(&a.spec.Src, h.Src, h.InvSrc)
	a.address(&a.spec.Dst, h.Dst, h.InvDst)
	if !a.proto && h.Proto != 0 && a.mostly() {
		a.proto = true
		a.spec.Proto = h.Proto
		if h.InvProto {
			a.spec.Proto = a.usualProto()
		}
	}
	if h.Fragment && a.mostly() {
		a.spec.FragOffset = 64
	}
	for _, m := range rule.Matches {
		if a.mostly() {
			a.meetMatch(m)
		}
	}
}

// linkFor is a link that the condition holds for, if the host has one.
func (a *corpusAim) linkFor(pattern string, inverted bool) string {
	for _, i := range a.Perm(len(a.links)) {
		if netfilter.InterfaceMatches(pattern, a.links[i]) != inverted {
			return a.links[i]
		}
	}
	if netfilter.InterfaceMatches(pattern, "lo") && !inverted {
		return "lo"
	}
	return ""
}

func (a *corpusAim) address(to *netip.Addr, m netfilter.AddrMask, inverted bool) {
	if to.IsValid() || !m.Mask.IsValid() || !a.mostly() {
		return
	}
	if inverted {
		for range 9 {
			if x := a.anyAddress(); !m.Contains(x) {
				*to = x
				return
			}
		}
		return
	}
	*to = a.within(m)
}

// within draws an address, one known from the rules or the host if there is
// one.
func (a *corpusAim) within(m netfilter.AddrMask) netip.Addr {
	if a.IntN(2) == 0 {
		for range 20 {
			if x := a.anyAddress(); m.Contains(x) {
				return x
			}
		}
	}
	return a.inside(m)
}

// inside draws an address under the mask.
func (a *corpusAim) inside(m netfilter.AddrMask) netip.Addr {
	b, mask := m.Addr.AsSlice(), m.Mask.AsSlice()
	for i := range b {
		b[i] |= byte(a.Uint32()) &^ mask[i]
	}
	x, _ := netip.AddrFromSlice(b)
	return x
}

func (a *corpusAim) in4() bool { return a.rs.Family == netfilter.IPv4 }

// anyAddress draws an address that the rules or the host know.
func (a *corpusAim) anyAddress() netip.Addr {
	if len(a.nets) == 0 || a.IntN(3) == 0 {
		if a.IntN(2) == 0 {
			return a.neighbour(a.links[a.IntN(len(a.links))])
		}
		return a.locals[a.IntN(len(a.locals))]
	}
	return a.inside(netfilter.PrefixMask(a.nets[a.IntN(len(a.nets))]))
}

// neighbour draws an address behind a link.
func (a *corpusAim) neighbour(link string) netip.Addr {
	nets := a.behind[link]
	if len(nets) == 0 {
		return a.locals[a.IntN(len(a.locals))]
	}
	p := nets[a.IntN(len(nets))]
	if p.Bits() == 0 && a.in4() {
		return netip.AddrFrom4([4]byte{203, 0, 113, byte(1 + a.IntN(250))})
	}
	if p.Bits() == 0 {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0xff, 15: byte(1 + a.IntN(250))})
	}
	return a.inside(netfilter.PrefixMask(p))
}

func (a *corpusAim) usualProto() uint8 {
	icmp := uint8(packet.ProtoICMP)
	if !a.in4() {
		icmp = packet.ProtoICMPv6
	}
	return []uint8{6, 6, 6, 6, 17, 17, 17, icmp, icmp, 132, 50, 47, 2, 136, 33}[a.IntN(15)]
}

// port draws a port that satisfies the condition, most often one that rules
// name.
func (a *corpusAim) port(to *uint16, r cond.PortRange) {
	if *to != 0 || !r.Given {
		return
	}
	for range 30 {
		x := uint16(a.Uint32())
		switch {
		case len(a.ports) > 0 && a.IntN(2) == 0:
			x = a.ports[a.IntN(len(a.ports))]
		case !r.Invert && r.Min <= r.Max:
			x = r.Min + uint16(a.Uint32N(uint32(r.Max-r.Min)+1))
		}
		if r.Holds(x) {
			*to = x
			return
		}
	}
}

// finish determines the remaining values and builds the packet for a chain.
func (a *corpusAim) finish(chain string) kernel.Packet {
	local := chain == "OUTPUT" || a.in == "lo" || chain == "POSTROUTING" && a.in == "" && a.IntN(2) == 0
	if a.out != "" && a.in == "" && chain == "OUTPUT" && a.IntN(20) == 0 {
		local = false
	}
	if !local && a.in == "" {
		a.in = a.links[a.IntN(len(a.links))]
	}
	if local {
		a.in = ""
	}
	a.chooseAddresses(chain, local)
	a.chooseTransport()
	p, err := a.spec.Build()
	if err != nil {
		panic(err) // a fault of this file
	}
	return kernel.Packet{In: a.in, Wire: p.Wire(), Mark: a.mark, UID: a.uid, GID: a.gid, SrcMAC: a.srcMAC, DstMAC: a.dstMAC}
}

func (a *corpusAim) chooseAddresses(chain string, local bool) {
	s := &a.spec
	if !s.Src.IsValid() {
		switch {
		case local && a.mostly():
			s.Src = a.locals[a.IntN(len(a.locals))]
		case a.srcType == netfilter.AddrLocal:
			s.Src = a.locals[a.IntN(len(a.locals))]
		case a.mostly() && a.in != "":
			s.Src = a.neighbour(a.in)
		default:
			s.Src = a.anyAddress()
		}
	}
	if s.Dst.IsValid() {
		return
	}
	mine := a.locals[a.IntN(len(a.locals))]
	switch {
	case a.dstType&netfilter.AddrLocal != 0, chain == "INPUT" && a.mostly():
		s.Dst = mine
	case a.dstType&netfilter.AddrMulticast != 0 && a.in4():
		s.Dst = netip.AddrFrom4([4]byte{224, 0, 0, byte(1 + a.IntN(3))})
	case a.dstType&netfilter.AddrMulticast != 0:
		s.Dst = netip.IPv6LinkLocalAllNodes()
	case a.dstType&netfilter.AddrBroadcast != 0 && a.in4():
		s.Dst = netip.AddrFrom4([4]byte{255, 255, 255, 255})
	case a.out != "" && a.out != "lo":
		s.Dst = a.neighbour(a.out)
	case a.IntN(3) == 0:
		s.Dst = mine
	case a.IntN(2) == 0:
		s.Dst = a.neighbour(a.links[a.IntN(len(a.links))])
	default:
		s.Dst = a.anyAddress()
	}
}

func (a *corpusAim) chooseTransport() {
	s := &a.spec
	s.Literal = true
	if !a.proto {
		s.Proto = a.usualProto()
	}
	if s.SrcPort == 0 {
		s.SrcPort = uint16([]int{20000, 33000, 500, 60000}[a.IntN(4)] + a.flow)
	}
	if s.DstPort == 0 {
		s.DstPort = []uint16{22, 80, 443, 53, 8080}[a.IntN(5)]
		if len(a.ports) > 0 && a.mostly() {
			s.DstPort = a.ports[a.IntN(len(a.ports))]
		}
	}
	if s.Flags == 0 {
		s.Flags = packet.SYN
		if a.IntN(6) == 0 {
			s.Flags = packet.TCPFlags(a.Uint32N(64))
		}
	}
	if !a.icmp {
		s.ICMPType = []uint8{8, 8, 8, 3, 13, 11}[a.IntN(6)]
		if s.Proto == packet.ProtoICMPv6 {
			s.ICMPType = []uint8{128, 128, 128, 1, 3, 129}[a.IntN(6)]
		}
	}
	s.ICMPID, s.ICMPSeq = uint16(a.flow+1), 1
	s.Seq, s.Window = 1000, 64240
	if s.TTL == 0 {
		s.TTL = 64
	}
	if s.FragOffset == 0 && s.Payload == nil && a.IntN(4) == 0 {
		s.Payload = []byte(strings.Repeat("payload ", 1+a.IntN(9)))
	}
	if s.FragOffset > 0 && s.Payload == nil {
		s.Payload = []byte("sixteen octets..")
	}
}

// followUp continues what a packet began: an answer from where it went, the
// packet after it, or an ICMP error about it.
func (a *corpusAim) followUp(p kernel.Packet, r *simulate.Result) (kernel.Packet, bool) {
	answer := r.Reply()
	switch x := a.IntN(10); {
	case x < 3:
		return p, false
	case x < 5: // once more
		p.Wire = slices.Clone(p.Wire)
		return p, true
	case x < 6 && r.OutDev != "":
		return kernel.Packet{In: r.OutDev, Wire: icmpErrorAbout(r.Packet, a.neighbour(r.OutDev))}, true
	case answer.IsValid():
		return kernel.Packet{In: r.OutDev, Wire: slices.Clone(answer.Wire())}, true
	}
	return p, false
}

// icmpErrorAbout says that the packet's destination is out of reach.
func icmpErrorAbout(p netfilter.Packet, from netip.Addr) []byte {
	spec := packet.Spec{Src: from, Dst: p.Src(), Proto: packet.ProtoICMP, ICMPType: 3, ICMPCode: 1, TTL: 60, Literal: true, Payload: p.Wire()}
	if p.Family() == netfilter.IPv6 {
		spec.Proto, spec.ICMPType, spec.ICMPCode = packet.ProtoICMPv6, 1, 3
	}
	e, err := spec.Build()
	if err != nil {
		panic(err) // a fault of this file
	}
	return e.Wire()
}

// meetMatch determines the values that a match requires.
func (a *corpusAim) meetMatch(m netfilter.Match) {
	s := &a.spec
	switch m := m.(type) {
	case *match.TCP:
		a.port(&s.SrcPort, m.SrcPorts)
		a.port(&s.DstPort, m.DstPorts)
		if m.FlagMask != 0 && s.Flags == 0 {
			s.Flags = m.Flags | packet.TCPFlags(a.Uint32N(64))&^m.FlagMask
			if m.InvertFlags {
				s.Flags = ^m.Flags & 0x3f
			}
		}
		if m.Option > 1 && !m.InvertOption {
			s.TCPOptions = []byte{m.Option, 2, 0, 0}
		}
	case *match.UDP:
		a.port(&s.SrcPort, m.SrcPorts)
		a.port(&s.DstPort, m.DstPorts)
	case *match.SCTP:
		a.port(&s.SrcPort, m.SrcPorts)
		a.port(&s.DstPort, m.DstPorts)
	case *match.DCCP:
		a.port(&s.SrcPort, m.SrcPorts)
		a.port(&s.DstPort, m.DstPorts)
	case *match.Multiport:
		r := m.Ports[a.IntN(len(m.Ports))]
		if r.Invert = m.Invert; m.Side == match.SrcPort {
			a.port(&s.SrcPort, r)
		} else {
			a.port(&s.DstPort, r)
		}
	case *match.ICMP:
		if m.Type != 255 && !a.icmp && !m.Invert {
			a.icmp, s.ICMPType, s.ICMPCode = true, m.Type, m.MinCode
		}
	case *match.ICMP6:
		if !a.icmp && !m.Invert {
			a.icmp, s.ICMPType, s.ICMPCode = true, m.Type, m.MinCode
		}
	case *match.IPRange:
		a.between(&s.Src, m.Src)
		a.between(&s.Dst, m.Dst)
	case *match.Set:
		a.element(m)
	default:
		a.meetRest(m)
	}
}

func (a *corpusAim) between(to *netip.Addr, r match.AddrRange) {
	if !to.IsValid() && r.Addrs.From().IsValid() && !r.Invert {
		*to = []netip.Addr{r.Addrs.From(), r.Addrs.To(), r.Addrs.To().Next(), r.Addrs.From().Next()}[a.IntN(4)]
	}
}

// element aims at an entry of a set.
func (a *corpusAim) element(m *match.Set) {
	words := strings.Fields(string(m.Set.Append(nil)))
	for _, set := range a.sets {
		if set.Name != m.Set.Name || set.Len() == 0 || len(words) < 2 || m.Invert {
			continue
		}
		entries := slices.Collect(set.Entries(0))
		e := entries[a.IntN(len(entries))]
		ips := []netip.Addr{e.IP, e.IP2}
		for i, dir := range strings.Split(words[len(words)-1], ",") {
			addr, port := &a.spec.Src, &a.spec.SrcPort
			if dir == "dst" {
				addr, port = &a.spec.Dst, &a.spec.DstPort
			}
			if i == 2 {
				ips = ips[1:]
			}
			if i != 1 && !addr.IsValid() && ips[0].IsValid() {
				*addr = ips[0]
			}
			if e.Port != 0 && *port == 0 {
				*port = e.Port
			}
		}
		if e.Proto != 0 && !a.proto {
			a.proto, a.spec.Proto = true, e.Proto
		}
	}
}

// meetRest determines the values that matches other than of addresses and ports require.
func (a *corpusAim) meetRest(m netfilter.Match) {
	s := &a.spec
	switch m := m.(type) {
	case *match.Mark:
		if a.mark == 0 && !m.Invert {
			a.mark = m.Value
		}
	case *match.Owner:
		a.owner(&a.uid, m.UID)
		a.owner(&a.gid, m.GID)
	case *match.MAC:
		if !m.Invert {
			a.srcMAC = m.Source[:]
		}
	case *match.AddrType:
		if !m.InvertDst {
			a.dstType |= m.Dst
		}
		if !m.InvertSrc {
			a.srcType |= m.Src
		}
	case *match.PktType:
		switch m.Type {
		case netfilter.ToBroadcast:
			a.dstMAC = []byte{255, 255, 255, 255, 255, 255}
		case netfilter.ToMulticast:
			a.dstMAC = []byte{1, 0, 0x5e, 0, 0, 1}
		}
	case *match.TTL:
		s.TTL = m.Value
	case *match.HL:
		s.TTL = m.Value
	case *match.DSCP:
		s.TOS = m.Value << 2
	case *match.TOS:
		s.TOS = m.Value
	case *match.Length:
		s.Payload = make([]byte, min(1400, max(0, int(m.Min)-28)))
	case *match.String:
		s.Payload = slices.Concat(make([]byte, min(600, max(0, int(m.From)-20))), m.Pattern, []byte("tail"))
	case *match.TCPMSS:
		s.TCPOptions = []byte{2, 4, byte(m.Min >> 8), byte(m.Min)}
	case *match.Frag:
		s.FragOffset = 64
	case *match.AH:
		s.Payload = binary.BigEndian.AppendUint32([]byte{59, 4, 0, 0}, m.SPI.Min)
	case *match.ESP:
		s.Payload = binary.BigEndian.AppendUint32(nil, m.SPI.Min)
	case *match.Conntrack:
		a.meetStates(m.States)
	case *match.State:
		a.meetStates(m.States)
	}
}

// owner determines a user or group.
func (a *corpusAim) owner(id *uint32, r cond.Range) {
	if r.Given && *id == 0 && !r.Invert {
		*id = r.Min + uint32(a.Uint64N(uint64(r.Max-r.Min)+1))
	}
}

// meetStates makes some packets belong to no connection.
func (a *corpusAim) meetStates(states match.ConnStates) {
	if states == match.StateInvalid && a.spec.Flags == 0 {
		a.spec.Flags = []packet.TCPFlags{packet.RST, packet.FIN | packet.SYN, packet.SYN | packet.RST, packet.FIN | packet.URG | packet.PSH}[a.IntN(4)]
	}
}
