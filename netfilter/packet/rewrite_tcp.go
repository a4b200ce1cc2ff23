package packet

import (
	"encoding/binary"
	"slices"
)

// tcpSumOffset is where the checksum of a TCP header stands.
const tcpSumOffset = 16

// SetTCP overwrites bytes of the TCP header at tcp, an offset from the start of
// the packet, beginning with byte off of it, and updates the checksum. The
// packet must hold them and the first 20 bytes of the header; the bytes are
// treated as a TCP header even where they are not, as in later fragments.
func (p *Packet) SetTCP(tcp, off int, b []byte) {
	if !p.holdsTCP(tcp, off, len(b)) {
		return
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	h := p.wire[tcp:]
	from, to := off&^1, (off+len(b)+1)&^1
	if to > len(h) {
		to = len(h) &^ 1 // a last odd byte is beyond every header
	}
	old := slices.Clone(h[from:to])
	copy(h[off:], b)
	replaceSum(h, tcpSumOffset, old, h[from:to])
}

// SetTCPWord overwrites two bytes as SetTCP does, but updates the checksum as
// if they were at an even offset. At an odd offset the checksum becomes wrong,
// as in the kernel (net/netfilter/xt_TCPMSS.c, tcpmss_mangle_packet).
func (p *Packet) SetTCPWord(tcp, off int, v uint16) {
	if !p.holdsTCP(tcp, off, 2) {
		return
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	h := p.wire[tcp:]
	replaceSum(h, tcpSumOffset, h[off:off+2], be16(v))
	binary.BigEndian.PutUint16(h[off:], v)
}

// AddTCPOption inserts an option of four bytes before the other options of the
// TCP header at tcp, an offset from the start of the packet, and updates
// lengths and checksums. The header must have room for it: at most 56 bytes.
func (p *Packet) AddTCPOption(tcp int, option [4]byte) {
	if !p.holdsTCP(tcp, 12, 1) || !p.whole() || p.Len()+len(option) > maxPacket {
		return
	}
	p.Unshare()
	defer p.UpdateChecksum()()
	old := uint16(len(p.wire) - tcp)
	p.wire = slices.Insert(p.wire, tcp+20, option[:]...)
	h := p.wire[tcp:]
	replaceSum(h, tcpSumOffset, be16(old), be16(old+4)) // in the pseudo header
	replaceSum(h, tcpSumOffset, make([]byte, 4), option[:])
	p.SetTCP(tcp, 12, []byte{h[12] + 1<<4})
	if p.is6() {
		binary.BigEndian.PutUint16(p.wire[4:], binary.BigEndian.Uint16(p.wire[4:])+4)
		return
	}
	p.replaceHeader(2, be16(binary.BigEndian.Uint16(p.wire[2:])+4))
}

// holdsTCP reports whether the packet contains the first 20 bytes of a header
// at tcp and the n bytes from byte off of that header.
func (p *Packet) holdsTCP(tcp, off, n int) bool {
	return tcp >= 0 && tcp <= len(p.wire)-TCPHeaderLen && off >= 0 && off <= len(p.wire)-tcp-n
}

func be16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
