package nat

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
)

// side is the source or destination of an IP packet: its address, and the new address and
// port.
type side struct {
	old, new []byte
	port     uint16
	id       uint16 // new identifier for ICMP, on both sides
	offset   int    // of the port in a header with ports
}

// rewrite sets one side of the packet at the start of b to that of a tuple, first in the
// transport header, then in the IP header; it returns false if the header is truncated
// (nf_nat_ipv4_manip_pkt, nf_nat_ipv6_manip_pkt). The packet may be one that is quoted in
// an ICMP error.
func rewrite(b []byte, fam netfilter.Family, to netfilter.Tuple, m netfilter.Manip) bool {
	var buf [16]byte
	s := aimAt(b, fam, to, m, buf[:0])
	off, found := transport(b, fam)
	if found && !s.rewriteTransport(b[min(off, len(b)):], to.Proto) {
		return false
	}
	if fam == netfilter.IPv4 {
		mend(b, 10, s.old, s.new)
	}
	copy(s.old, s.new)
	return true
}

// aimAt returns the side with the new address and port of a tuple; buf is used for the
// address.
func aimAt(b []byte, fam netfilter.Family, to netfilter.Tuple, m netfilter.Manip, buf []byte) side {
	s := side{port: to.SrcPort, id: to.SrcPort}
	addr, at, size := to.Src, 12, 4
	if fam == netfilter.IPv6 {
		at, size = 8, 16
	}
	if m == netfilter.ManipDst {
		addr, s.port, s.offset = to.Dst, to.DstPort, 2
		at += size
	}
	s.old, s.new = b[at:at+size], appendAddr(buf, addr)
	return s
}

func appendAddr(b []byte, a netip.Addr) []byte {
	if a.Is4() {
		x := a.As4()
		return append(b, x[:]...)
	}
	x := a.As16()
	return append(b, x[:]...)
}

// transport returns the offset of the transport header; false if an IPv6 packet has none
// or is a fragment other than the first, of which only the address is changed.
func transport(b []byte, fam netfilter.Family) (off int, found bool) {
	if fam == netfilter.IPv4 {
		return int(b[0]&15) * 4, true
	}
	_, off, found = conntrack.Locate(b, fam)
	return off, found
}

// rewriteTransport changes port or identifier and the checksum
// (nf_nat_proto.c, l4proto_manip_pkt); false if the header is too short.
func (s *side) rewriteTransport(h []byte, proto uint8) bool {
	switch proto {
	case packet.ProtoTCP:
		return s.rewriteTCP(h)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return s.rewriteUDP(h, proto)
	case packet.ProtoSCTP:
		return s.rewriteSCTP(h)
	case packet.ProtoICMP:
		return s.rewriteICMP(h)
	case packet.ProtoICMPv6:
		return s.rewriteICMPv6(h)
	case packet.ProtoGRE:
		return s.rewriteGRE(h)
	}
	return true
}

// setPort changes the two bytes at off and, if sum is not 0, the checksum there.
func setPort(h []byte, off, sum int, port uint16) {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], port)
	if sum > 0 {
		mend(h, sum, h[off:off+2], b[:])
	}
	copy(h[off:], b[:])
}

// rewriteTCP does not update the checksum if it is outside the part of the header that an
// ICMP error quotes.
func (s *side) rewriteTCP(h []byte) bool {
	const ports, header, sum = 8, 20, 16
	switch {
	case len(h) < ports:
		return false
	case len(h) < header:
		setPort(h, s.offset, 0, s.port)
		return true
	}
	mend(h, sum, s.old, s.new)
	setPort(h, s.offset, sum, s.port)
	return true
}

// rewriteUDP keeps a UDP checksum of zero, which means none, and writes 0xffff for a
// computed checksum of zero.
func (s *side) rewriteUDP(h []byte, proto uint8) bool {
	const header, sum = 8, 6
	if len(h) < header {
		return false
	}
	if proto == packet.ProtoUDP && h[sum] == 0 && h[sum+1] == 0 {
		setPort(h, s.offset, 0, s.port)
		return true
	}
	mend(h, sum, s.old, s.new)
	setPort(h, s.offset, sum, s.port)
	if h[sum] == 0 && h[sum+1] == 0 {
		h[sum], h[sum+1] = 0xff, 0xff
	}
	return true
}

// rewriteSCTP recomputes the checksum, even if it was incorrect.
func (s *side) rewriteSCTP(h []byte) bool {
	const ports, header, sum = 8, 12, 8
	if len(h) < ports {
		return false
	}
	setPort(h, s.offset, 0, s.port)
	if len(h) >= header {
		binary.LittleEndian.PutUint32(h[sum:], packet.SCTPChecksum(h))
	}
	return true
}

// rewriteICMP changes the identifier of requests and replies only.
func (s *side) rewriteICMP(h []byte) bool {
	const id, sum = 4, 2
	if len(h) < icmpHeader {
		return false
	}
	switch h[0] {
	case 0, 8, 13, 14, 15, 16, 17, 18:
		setPort(h, id, sum, s.id)
	}
	return true
}

// rewriteICMPv6 changes the identifier of echo requests and replies only, and updates the
// checksum of all messages, because it covers the addresses.
func (s *side) rewriteICMPv6(h []byte) bool {
	const id, sum = 4, 2
	if len(h) < icmpHeader {
		return false
	}
	mend(h, sum, s.old, s.new)
	if h[0] == 128 || h[0] == 129 {
		setPort(h, id, sum, s.id)
	}
	return true
}

// rewriteGRE sets the call ID of the receiver in enhanced GRE (PPTP).
func (s *side) rewriteGRE(h []byte) bool {
	const header, call, enhanced = 8, 6, 1
	if len(h) < header {
		return false
	}
	if s.offset == 0 {
		return true
	}
	switch h[1] & 7 {
	case 0:
		return true
	case enhanced:
		setPort(h, call, 0, s.port)
		return true
	}
	return false
}

// mend updates the checksum at off for the replacement of old by new, of equal and even
// length (RFC 1624; net/core/utils.c, inet_proto_csum_replace16).
func mend(b []byte, off int, old, new []byte) {
	sum := uint32(^binary.BigEndian.Uint16(b[off:]))
	for i := 0; i+1 < len(old); i += 2 {
		sum += uint32(^binary.BigEndian.Uint16(old[i:])) + uint32(binary.BigEndian.Uint16(new[i:]))
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	binary.BigEndian.PutUint16(b[off:], ^uint16(sum))
}
