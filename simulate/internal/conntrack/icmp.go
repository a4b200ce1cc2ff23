package conntrack

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// icmpPairs are the ICMP request types and their reply types
// (nf_conntrack_proto_icmp.c and _icmpv6.c, invmap).
var icmpPairs = []struct{ proto, query, answer uint8 }{
	{packet.ProtoICMP, packet.ICMPEchoRequest, packet.ICMPEchoReply},
	{packet.ProtoICMP, packet.ICMPTimestamp, packet.ICMPTimestampReply},
	{packet.ProtoICMP, 15, 16},
	{packet.ProtoICMP, packet.ICMPAddressMask, packet.ICMPAddressMaskReply},
	{packet.ProtoICMPv6, packet.ICMPv6EchoRequest, packet.ICMPv6EchoReply},
	{packet.ProtoICMPv6, 139, 140},
}

// icmpAnswer returns the reply type of a request type, or the request type of a reply.
func icmpAnswer(proto, typ uint8) (uint8, bool) {
	for _, p := range icmpPairs {
		switch {
		case p.proto != proto:
		case p.query == typ:
			return p.answer, true
		case p.answer == typ:
			return p.query, true
		}
	}
	return 0, false
}

func isICMPQuery(proto, typ uint8) bool {
	for _, p := range icmpPairs {
		if p.proto == proto && p.query == typ {
			return true
		}
	}
	return false
}

// icmpPacket processes a request or reply; only requests create connections
// (nf_conntrack_icmp_packet, nf_conntrack_icmpv6_packet).
func (t *Table) icmpPacket(c *netfilter.Conn, rel netfilter.CTState, s *segment) action {
	opened := c.Tuples[netfilter.DirOriginal]
	native, timeout := netfilter.IPv4, t.timeouts(c).ICMP
	if opened.Proto == packet.ProtoICMPv6 {
		native, timeout = netfilter.IPv6, t.timeouts(c).ICMPv6
	}
	if s.fam != native || !isICMPQuery(opened.Proto, uint8(opened.DstPort>>8)) {
		return t.refuse("it is a reply, and no request is known that it replies to")
	}
	t.refresh(c, rel, s, timeout)
	return accept
}

// isICMPError reports whether the type quotes a packet (include/linux/icmp.h,
// icmp_is_err).
func isICMPError(typ uint8) bool {
	switch typ {
	case 3, 4, 5, 11, 12:
		return true
	}
	return false
}

// icmpError processes an ICMP packet before the lookup of its tuple; done reports that
// no lookup follows (nf_conntrack_icmpv4_error).
func (t *Table) icmpError(s *segment, z Zone) (c *netfilter.Conn, rel netfilter.CTState, done bool) {
	const highestType = 18
	b := s.body()
	switch {
	case len(b) < 8:
		c, rel = t.noConn(cutHeader)
		return c, rel, true
	case t.checks(s) && !s.sumOK(len(b), 0):
		c, rel = t.noConn(badChecksum)
		return c, rel, true
	case b[0] > highestType:
		c, rel = t.noConn("its ICMP type is above 18")
		return c, rel, true
	}
	if !isICMPError(b[0]) {
		return nil, netfilter.CTInvalid, false
	}
	c, rel = t.quoted(s, s.off+8, z)
	return c, rel, true
}

// quoted finds the connection of the packet that an ICMP error quotes at off.
// The quoted packet belongs to the opposite direction, and the destination of the error
// must be the source of that packet (nf_conntrack_proto_icmp.c, nf_conntrack_inet_error).
func (t *Table) quoted(s *segment, off int, z Zone) (*netfilter.Conn, netfilter.CTState) {
	if off > len(s.wire) {
		return t.noConn("the packet that the ICMP error quotes is truncated")
	}
	sent, ok := tupleAt(s.wire[off:], s.fam)
	if !ok {
		return t.noConn("the packet that the ICMP error quotes is truncated or a fragment")
	}
	answer, ok := Invert(sent)
	if !ok {
		return t.noConn("the packet that the ICMP error quotes cannot belong to a connection")
	}
	ref, dir := t.lookup(&answer, z)
	if ref == noRef {
		return t.noConn("the packet that the ICMP error quotes belongs to no known connection")
	}
	c := t.use(ref)
	if _, dst := addrs(s.wire, s.fam); dst != c.Tuples[dir].Dst {
		return t.noConn("the ICMP error is not for the sender of the packet that it quotes")
	}
	if dir == netfilter.DirReply {
		return c, netfilter.CTRelatedReply
	}
	return c, netfilter.CTRelated
}
