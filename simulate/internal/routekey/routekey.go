// Package routekey derives from packets what their routes are looked up with.
package routekey

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// Of returns the flow key with which a complete packet is routed. Only packets that the
// host generated (local) are routed with the user of their socket, others with UID 0
// (include/net/ip_fib.h, fib4_rules_early_flow_dissect; include/net/ip6_fib.h,
// fib6_rules_early_flow_dissect).
func Of(p *netfilter.Packet, local bool) fib.Key {
	k := fib.Key{Dst: p.Dst(), Src: p.Src(), TOS: p.TOS(), Mark: p.Mark}
	k.Proto, k.SrcPort, k.DstPort = dissect(p)
	if p.Socket != nil && local {
		k.UID = p.Socket.UID
	}
	return k
}

// portsAt is the offset of the ports in the header of each protocol that has them.
// The kernel reads the SPI of ESP and AH as ports (include/net/ip.h,
// proto_ports_offset).
var portsAt = map[uint8]int{packet.ProtoTCP: 0, packet.ProtoUDP: 0, packet.ProtoDCCP: 0, packet.ProtoESP: 0,
	packet.ProtoSCTP: 0, packet.ProtoUDPLite: 0, packet.ProtoAH: 4}

// dissect returns the protocol and the ports of a packet that policy rules match.
// Fragments, including the first, have no ports (net/core/flow_dissector.c,
// __skb_flow_dissect).
func dissect(p *netfilter.Packet) (proto uint8, src, dst uint16) {
	w := p.Wire()
	at, whole := p.HeaderLen(), true
	if p.Family() == netfilter.IPv6 {
		h, _ := exthdr.Find(w, func(proto uint8) bool { return exthdr.IsAuthentication(proto) || exthdr.IsFragment(proto) })
		proto, at = h.Proto, h.Offset
		if exthdr.IsFragment(proto) && at < len(w) {
			proto, whole = w[at], false
		}
	} else {
		proto, whole = w[9], binary.BigEndian.Uint16(w[6:])&0x3fff == 0
	}
	offset, has := portsAt[proto]
	if at += offset; !has || !whole || at+4 > len(w) {
		return proto, 0, 0
	}
	return proto, binary.BigEndian.Uint16(w[at:]), binary.BigEndian.Uint16(w[at+2:])
}

// OfSocket returns the flow key with which a socket routes a packet that it sends.
// Type and code of ICMP share memory with the ports (include/net/flow.h,
// union flowi_uli). A raw socket with IP_HDRINCL sets neither the protocol of the
// packet nor ports (net/ipv4/raw.c, raw_sendmsg; net/ipv6/raw.c, rawv6_sendmsg).
func OfSocket(p *netfilter.Packet) fib.Key {
	k := Of(p, true)
	switch s := p.Socket; {
	case s != nil && s.Raw:
		const ipprotoRaw = 255
		k.Proto, k.SrcPort, k.DstPort = ipprotoRaw, 0, 0
	case k.Proto == icmp.Protocol[p.Family()]:
		if b := p.From(p.Transport()); len(b) >= 2 {
			k.DstPort = binary.BigEndian.Uint16(b)
		}
	}
	if p.Socket == nil || !p.Socket.Bound {
		k.Src = netip.Addr{}
	}
	return k
}

// Mangled holds the fields whose change in mangle OUTPUT causes a new routing lookup
// (net/ipv4/netfilter/iptable_mangle.c, ipt_mangle_out;
// net/ipv6/netfilter/ip6table_mangle.c, ip6t_mangle_out).
type Mangled struct {
	src, dst netip.Addr
	mark     uint32
	tos      uint8
	rest     uint64 // IPv6: hop limit and flow label
}

// MangledOf returns these fields of a packet.
func MangledOf(p *netfilter.Packet) Mangled {
	m := Mangled{src: p.Src(), dst: p.Dst(), mark: p.Mark, tos: p.TOS()}
	if p.Family() == netfilter.IPv6 {
		m.rest = uint64(p.TTL())<<32 | uint64(p.FlowLabel())
	}
	return m
}
