package nat

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

const icmpHeader = 8

// errorOffset returns the offset of the ICMP header, or of the ICMPv6 header of an IPv6
// packet; false for packets of other protocols.
func errorOffset(p *netfilter.Packet) (int, bool) {
	t := p.Transport()
	if p.Family() == netfilter.IPv6 {
		return t.Offset, t.Found && t.Proto == packet.ProtoICMPv6
	}
	return t.Offset, t.Proto == packet.ProtoICMP
}

// translateError translates an ICMP error: first the quoted packet, which belongs to the
// opposite direction and is therefore translated on the opposite side, then the address
// of the error itself; the ICMP header is not translated (nf_nat_icmp_reply_translation,
// nf_nat_icmpv6_reply_translation). A redirect is dropped unless the connection
// is set up without translation.
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

// ErrorSumOK reports whether the checksum of an ICMP error is correct. The kernel drops
// an error with an incorrect checksum instead of translating it.
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

// untouched reports whether both sides of the connection are set up without translation.
func untouched(c *netfilter.Conn) bool {
	const decided = netfilter.ConnSrcNATDone | netfilter.ConnDstNATDone
	return c.Status&decided == decided && c.Status&(netfilter.ConnSrcNAT|netfilter.ConnDstNAT) == 0
}

// icmpSum returns the sum over the ICMP packet at off including its checksum: 0 if that
// is correct.
func icmpSum(p *netfilter.Packet, off int) uint16 {
	b := p.Wire()[off:]
	sum := uint32(0)
	if p.Family() == netfilter.IPv6 {
		sum = packet.PseudoSum(p.Src(), p.Dst(), packet.ProtoICMPv6, len(b))
	}
	return packet.Checksum(b, sum)
}
