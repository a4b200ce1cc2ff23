package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
)

// key returns the flow key with which a complete packet is routed
// (include/net/ip_fib.h, fib4_rules_early_flow_dissect; include/net/ip6_fib.h,
// fib6_rules_early_flow_dissect).
func (tr *transit) key() fib.Key {
	k := fib.Key{Dst: tr.pkt.Dst(), Src: tr.pkt.Src(), TOS: tr.pkt.TOS(), Mark: tr.pkt.Mark}
	k.Proto, k.SrcPort, k.DstPort = tr.dissect()
	if tr.pkt.Socket != nil && tr.origin.local() { // received packets are routed with UID 0
		k.UID = tr.pkt.Socket.UID
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
func (tr *transit) dissect() (proto uint8, src, dst uint16) {
	w := tr.pkt.Wire()
	at, whole := tr.pkt.HeaderLen(), true
	if tr.c.Family == netfilter.IPv6 {
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

// senderKey returns the flow key with which a socket routes a packet that it sends.
// Type and code of ICMP share memory with the ports (include/net/flow.h,
// union flowi_uli). A raw socket with IP_HDRINCL sets neither the protocol of the
// packet nor ports (net/ipv4/raw.c, raw_sendmsg; net/ipv6/raw.c, rawv6_sendmsg).
func (tr *transit) senderKey() fib.Key {
	k := tr.key()
	switch s := tr.pkt.Socket; {
	case s != nil && s.Raw:
		const ipprotoRaw = 255
		k.Proto, k.SrcPort, k.DstPort = ipprotoRaw, 0, 0
	case k.Proto == icmp.Protocol[tr.c.Family]:
		if b, ok := tr.c.Bytes(tr.pkt.Transport().Offset, 2); ok {
			k.DstPort = binary.BigEndian.Uint16(b)
		}
	}
	if tr.pkt.Socket == nil || !tr.pkt.Socket.Bound {
		k.Src = netip.Addr{}
	}
	return k
}

// routingKey holds the fields whose change in mangle OUTPUT causes a new routing
// lookup (net/ipv4/netfilter/iptable_mangle.c, ipt_mangle_out;
// net/ipv6/netfilter/ip6table_mangle.c, ip6t_mangle_out).
type routingKey struct {
	src, dst netip.Addr
	mark     uint32
	tos      uint8
	rest     uint64 // IPv6: hop limit and flow label
}

func (tr *transit) routingKey() routingKey {
	r := routingKey{src: tr.pkt.Src(), dst: tr.pkt.Dst(), mark: tr.pkt.Mark, tos: tr.pkt.TOS()}
	if tr.c.Family == netfilter.IPv6 {
		r.rest = uint64(tr.pkt.TTL())<<32 | uint64(tr.pkt.FlowLabel())
	}
	return r
}
