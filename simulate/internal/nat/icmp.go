package nat

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

const icmpHeader = 8

// errorOffset returns where the header of an ICMP packet of the packet's own
// family stands; false for other packets.
func errorOffset(p *netfilter.Packet) (int, bool) {
	t := p.Transport()
	if p.Family() == netfilter.IPv6 {
		return t.Offset, t.Found && t.Proto == packet.ProtoICMPv6
	}
	return t.Offset, t.Proto == packet.ProtoICMP
}

// translateError changes an ICMP error: first the packet it quotes, which went
// the other way and so is changed on the other side, then its own address; the
// identifier and the like stay (nf_nat_icmp_reply_translation,
// nf_nat_icmpv6_reply_translation). A redirect that would have to be changed
// drops the packet.
func translateError(p *netfilter.Packet, c *netfilter.Conn, d netfilter.Direction, m netfilter.Manip, off int) error {
	wire, fam := p.Wire(), p.Family()
	inner := 20
	if fam == netfilter.IPv6 {
		inner = 40
	}
	if len(wire) < off+icmpHeader+inner {
		return ErrShort
	}
	if redirects(fam, wire[off]) && !untouched(c) {
		return ErrRedirect
	}
	if !Affects(c, d, m) {
		return nil
	}
	if !rewrite(wire[off+icmpHeader:], fam, c.Tuples[1-d], 1-m) {
		return ErrShort
	}
	binary.BigEndian.PutUint16(wire[off+2:], 0)
	binary.BigEndian.PutUint16(wire[off+2:], icmpSum(p, off))
	outer := aim(c, d)
	outer.Proto = packet.ProtoICMP
	if fam == netfilter.IPv6 {
		outer.Proto = packet.ProtoICMPv6
	}
	if !rewrite(wire, fam, outer, m) {
		return ErrShort
	}
	return nil
}

// ErrorSumOK reports whether the checksum of an ICMP error is right; a wrong one
// is not repaired by translating it, so the kernel drops the packet instead.
func ErrorSumOK(p *netfilter.Packet) bool {
	off, ok := errorOffset(p)
	return !ok || len(p.Wire()) < off+icmpHeader || icmpSum(p, off) == 0
}

func redirects(fam netfilter.Family, typ uint8) bool {
	if fam == netfilter.IPv6 {
		return typ == 137
	}
	return typ == 5
}

// untouched reports whether it is certain that the connection is translated on
// neither side.
func untouched(c *netfilter.Conn) bool {
	const decided = netfilter.ConnSrcNATDone | netfilter.ConnDstNATDone
	return c.Status&decided == decided && c.Status&(netfilter.ConnSrcNAT|netfilter.ConnDstNAT) == 0
}

// icmpSum returns the checksum of the ICMP packet at off as it stands: 0 if it
// is right.
func icmpSum(p *netfilter.Packet, off int) uint16 {
	b := p.Wire()[off:]
	sum := uint32(0)
	if p.Family() == netfilter.IPv6 {
		sum = packet.PseudoSum(p.Src(), p.Dst(), packet.ProtoICMPv6, len(b))
	}
	return packet.Checksum(b, sum)
}
