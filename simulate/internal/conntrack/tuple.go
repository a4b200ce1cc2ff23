package conntrack

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TupleOf returns the tuple of a packet; false if the packet cannot be tracked.
func TupleOf(p *netfilter.Packet) (netfilter.Tuple, bool) {
	return tupleAt(p.Wire(), p.Family())
}

// tupleAt returns the tuple of the packet at the start of b, which may be truncated
// (nf_conntrack_core.c, nf_ct_get_tuplepr).
func tupleAt(b []byte, fam netfilter.Family) (netfilter.Tuple, bool) {
	proto, off, ok := Locate(b, fam)
	if !ok {
		return netfilter.Tuple{}, false
	}
	return tupleOf(&segment{wire: b, fam: fam, proto: proto, off: off})
}

// tupleOf returns the tuple of a packet whose transport header is located
// (nf_ct_get_tuple). UDP-Lite has ports; DCCP, which this kernel has no tracker
// for, has none.
func tupleOf(s *segment) (netfilter.Tuple, bool) {
	t := netfilter.Tuple{Proto: s.proto}
	t.Src, t.Dst = addrs(s.wire, s.fam)
	b := s.body()
	switch s.proto {
	case packet.ProtoTCP, packet.ProtoUDP, packet.ProtoUDPLite, packet.ProtoSCTP:
		if len(b) < 4 {
			return t, false
		}
		t.SrcPort, t.DstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	case packet.ProtoICMP, packet.ProtoICMPv6:
		if len(b) < 8 {
			return t, false
		}
		t.SrcPort, t.DstPort = binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b)
	case packet.ProtoGRE:
		return t, greTuple(&t, b)
	}
	return t, true
}

// Invert returns the tuple of the reply; false if there is no reply to such a packet
// (nf_ct_invert_tuple).
func Invert(t netfilter.Tuple) (netfilter.Tuple, bool) {
	r := netfilter.Tuple{Src: t.Dst, Dst: t.Src, Proto: t.Proto, SrcPort: t.DstPort, DstPort: t.SrcPort}
	if t.Proto != packet.ProtoICMP && t.Proto != packet.ProtoICMPv6 {
		return r, true
	}
	answer, ok := icmpAnswer(t.Proto, uint8(t.DstPort>>8))
	r.SrcPort, r.DstPort = t.SrcPort, uint16(answer)<<8|t.DstPort&0xff
	return r, ok
}
