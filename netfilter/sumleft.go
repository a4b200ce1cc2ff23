package netfilter

import "encoding/binary"

// LeaveSum leaves the checksum of a TCP packet to the link it goes out by: until
// then the field holds the sum of the pseudo header, and the checksum counts as
// right (include/linux/skbuff.h, CHECKSUM_PARTIAL). The packet must hold the
// whole header.
func (p *Packet) LeaveSum() {
	p.sumLeft = true
	p.RenewSum()
}

// SumLeft reports whether the checksum is left to the link.
func (p *Packet) SumLeft() bool { return p.sumLeft }

// FillSum computes a checksum that was left to the link.
func (p *Packet) FillSum() {
	if !p.sumLeft {
		return
	}
	p.Unshare()
	p.sumLeft = false
	t := p.Transport()
	h := p.From(t)
	h[tcpSumOffset], h[tcpSumOffset+1] = 0, 0
	binary.BigEndian.PutUint16(h[tcpSumOffset:], Checksum(h, PseudoSum(p.Src(), p.Dst(), t.Proto, len(h))))
}

// RenewSum makes a checksum that is left to the link fit the pseudo header. The
// Set methods do so; it is for those who write to Wire.
func (p *Packet) RenewSum() {
	if !p.sumLeft {
		return
	}
	t := p.Transport()
	h := p.From(t)
	binary.BigEndian.PutUint16(h[tcpSumOffset:], fold(PseudoSum(p.Src(), p.Dst(), t.Proto, len(h))))
}
