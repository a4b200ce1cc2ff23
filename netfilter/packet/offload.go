package packet

import "encoding/binary"

// OffloadChecksum leaves the checksum of a TCP packet to the output link: until
// then the field holds the partial checksum of the pseudo header, and the
// checksum is regarded as correct (include/linux/skbuff.h, CHECKSUM_PARTIAL).
// The packet must hold the whole header.
func (p *Packet) OffloadChecksum() {
	if len(p.From(p.Transport())) < TCPHeaderLen {
		return
	}
	p.sumOffloaded = true
	h := p.From(p.Transport())
	binary.BigEndian.PutUint16(h[tcpSumOffset:], fold(p.pseudoSum()))
}

// TrustChecksum has the checksum regarded as correct whatever its value is
// (include/linux/skbuff.h, CHECKSUM_UNNECESSARY).
func (p *Packet) TrustChecksum() { p.sumTrusted = true }

// ChecksumTrusted reports whether the checksum is regarded as correct, after
// OffloadChecksum or TrustChecksum.
func (p *Packet) ChecksumTrusted() bool { return p.sumOffloaded || p.sumTrusted }

// CompleteChecksum computes a checksum that was left to the link, from the
// partial checksum in the field. A checksum of 0 is written as 0xffff
// (net/core/dev.c, skb_checksum_help).
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

// UpdateChecksum is called before a change to the packet and returns a function
// to be called after it, which updates the partial checksum of the pseudo
// header if the checksum is left to the link. The Set methods do this
// themselves; callers that write to Wire use it (net/core/utils.c,
// inet_proto_csum_replace4).
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
