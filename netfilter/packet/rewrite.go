package packet

import (
	"encoding/binary"
	"net/netip"
)

// SetTTL sets the time to live or hop limit and updates the header checksum.
func (p *Packet) SetTTL(ttl uint8) {
	if !p.whole() {
		return
	}
	p.Unshare()
	if p.is6() {
		p.wire[7] = ttl
		return
	}
	p.replaceHeader(8, []byte{ttl, p.wire[9]})
}

// SetTOS sets the type of service or traffic class and updates the header
// checksum.
func (p *Packet) SetTOS(tos uint8) {
	if !p.whole() {
		return
	}
	p.Unshare()
	if p.is6() {
		p.wire[0] = p.wire[0]&0xf0 | tos>>4
		p.wire[1] = p.wire[1]&0x0f | tos<<4
		return
	}
	p.replaceHeader(0, []byte{p.wire[0], tos})
}

// replaceHeader overwrites bytes of the IPv4 header at an even offset.
func (p *Packet) replaceHeader(off int, b []byte) {
	replaceSum(p.wire, 10, p.wire[off:off+len(b)], b)
	copy(p.wire[off:], b)
}

// SetSrc sets the source address and updates the checksums that cover it. An
// address of the other family, or the zero Addr, changes nothing.
func (p *Packet) SetSrc(a netip.Addr) { p.setAddr(12, 8, a) }

// SetDst sets the destination address and updates the checksums that cover it. An
// address of the other family, or the zero Addr, changes nothing.
func (p *Packet) SetDst(a netip.Addr) { p.setAddr(16, 24, a) }

func (p *Packet) setAddr(off4, off6 int, a netip.Addr) {
	if !p.whole() || !a.IsValid() || FamilyOf(a) != p.Family() {
		return
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	off := off4
	if p.is6() {
		off = off6
	}
	var buf [16]byte
	b := buf[:a.BitLen()/8]
	if a.Is4() {
		*(*[4]byte)(b) = a.As4()
	} else {
		*(*[16]byte)(b) = a.As16()
	}
	old := p.wire[off : off+len(b)]
	if t := p.Transport(); t.Found && t.FragOff == 0 {
		if sum := sumOffset(t.Proto, len(p.wire)-t.Offset); sum > 0 && t.Proto != ProtoICMP {
			p.replaceTransportSum(t, sum, old, b)
		}
	}
	if p.is6() {
		copy(old, b)
	} else {
		p.replaceHeader(off, b)
	}
}

// sumOffset returns where in a transport header of n bytes the Internet
// checksum stands; 0 if the protocol has none or the header is too short to
// hold one.
func sumOffset(proto uint8, n int) int {
	off, min := 0, 8
	switch proto {
	case ProtoTCP:
		off, min = 16, 20
	case ProtoUDP, ProtoUDPLite:
		off = 6
	case ProtoICMP, ProtoICMPv6:
		off = 2
	case ProtoDCCP:
		off, min = 6, 12
	}
	if n < min {
		return 0
	}
	return off
}

// replaceTransportSum updates the transport checksum. A UDP checksum of zero
// means none and stays; one that becomes zero is written as 0xffff
// (net/netfilter/nf_nat_proto.c, udp_manip_pkt).
func (p *Packet) replaceTransportSum(t Transport, sum int, old, new []byte) {
	h := p.From(t)
	if t.Proto == ProtoUDP && h[sum] == 0 && h[sum+1] == 0 {
		return
	}
	replaceSum(h, sum, old, new)
	if (t.Proto == ProtoUDP || t.Proto == ProtoUDPLite) && h[sum] == 0 && h[sum+1] == 0 {
		h[sum], h[sum+1] = 0xff, 0xff
	}
}

// SetSrcPort sets the source port, or the identifier of an ICMP query, and
// updates the checksum. It does nothing to a packet without one.
func (p *Packet) SetSrcPort(port uint16) { p.setPort(0, 4, port) }

// SetDstPort sets the destination port, or the identifier of an ICMP query, and
// updates the checksum. It does nothing to a packet without one.
func (p *Packet) SetDstPort(port uint16) { p.setPort(2, 4, port) }

func (p *Packet) setPort(off, icmpOff int, port uint16) {
	p.Unshare()
	defer p.UpdateChecksum()()
	t := p.Transport()
	if !t.Found || t.FragOff != 0 {
		return
	}
	need := 4
	switch {
	case t.Proto == ProtoICMP || t.Proto == ProtoICMPv6:
		off, need = icmpOff, 8
	case !HasPorts(t.Proto):
		return
	}
	h := p.From(t)
	if len(h) < need {
		return
	}
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], port)
	old := h[off : off+2]
	if sum := sumOffset(t.Proto, len(h)); sum > 0 {
		p.replaceTransportSum(t, sum, old, b[:])
	}
	copy(old, b[:])
	if t.Proto == ProtoSCTP && len(h) >= 12 {
		binary.LittleEndian.PutUint32(h[8:], SCTPChecksum(h))
	}
}
