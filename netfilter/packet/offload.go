package packet

import "encoding/binary"

// OffloadChecksum leaves the checksum of a TCP packet to the link it goes out by: until
// then the field holds the sum of the pseudo header, and the checksum counts as
// right (include/linux/skbuff.h, CHECKSUM_PARTIAL). The packet must hold the
// whole header.
func (p *Packet) OffloadChecksum() {
	if len(p.From(p.Transport())) < TCPHeaderLen {
		return
	}
	p.sumOffloaded = true
	h := p.From(p.Transport())
	binary.BigEndian.PutUint16(h[tcpSumOffset:], fold(p.pseudoSum()))
}

// TrustChecksum has the checksum count as right whatever it is (include/linux/skbuff.h,
// CHECKSUM_UNNECESSARY).
func (p *Packet) TrustChecksum() { p.sumTrusted = true }

// ChecksumTrusted reports whether the checksum counts as right, for being left to the
// link or by TrustChecksum.
func (p *Packet) ChecksumTrusted() bool { return p.sumOffloaded || p.sumTrusted }

// CompleteChecksum computes a checksum that was left to the link, from what the field
// holds; one of zero is written in its other form (net/core/dev.c,
// skb_checksum_help).
func (p *Packet) CompleteChecksum() {
	if !p.sumOffloaded {
		return
	}
	p.Unshare()
	p.sumOffloaded = false
	h := p.From(p.Transport())
	if len(h) < TCPHeaderLen {
		return
	}
	sum := Checksum(h, 0)
	if sum == 0 {
		sum = 0xffff
	}
	binary.BigEndian.PutUint16(h[tcpSumOffset:], sum)
}

// UpdateChecksum is called ahead of a change to the packet and returns what is to be
// called behind it: of a checksum that is left to the link it updates what the
// pseudo header is in it. The Set methods do so; it is for those who write to
// Wire (net/core/utils.c, inet_proto_csum_replace4).
func (p *Packet) UpdateChecksum() (after func()) {
	if !p.sumOffloaded || len(p.From(p.Transport())) < TCPHeaderLen {
		return func() {}
	}
	sum := uint32(binary.BigEndian.Uint16(p.From(p.Transport())[tcpSumOffset:])) + uint32(^fold(p.pseudoSum()))
	return func() {
		h := p.From(p.Transport())
		if len(h) < TCPHeaderLen {
			return
		}
		binary.BigEndian.PutUint16(h[tcpSumOffset:], fold(sum+p.pseudoSum()))
	}
}

func (p *Packet) pseudoSum() uint32 {
	t := p.Transport()
	return PseudoSum(p.Src(), p.Dst(), t.Proto, len(p.From(t)))
}

// ChecksumOffloaded reports whether the checksum is left to the link.
func (p *Packet) ChecksumOffloaded() bool { return p.sumOffloaded }
