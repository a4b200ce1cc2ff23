package nflog

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// ipv4 writes the IPv4 packet at off: the packet itself at 0, or the one that
// an ICMP error quotes (dump_ipv4_packet).
func (l *line) ipv4(off int) {
	h, ok := l.at(off, 20)
	if !ok {
		l.text("TRUNCATED")
		return
	}
	l.addr4("SRC=", h[12:])
	l.addr4("DST=", h[16:])
	l.num("LEN=", uint32(binary.BigEndian.Uint16(h[2:])))
	l.pair("TOS=0x", h[1]&0x1e, upper)
	l.pair("PREC=0x", h[1]&0xe0, upper)
	l.num("TTL=", uint32(h[8]))
	l.num("ID=", uint32(binary.BigEndian.Uint16(h[4:])))
	l.flag(h[6]&0x80 != 0, "CE ")
	l.flag(h[6]&0x40 != 0, "DF ")
	l.flag(h[6]&0x20 != 0, "MF ")
	frag := binary.BigEndian.Uint16(h[6:]) & 0x1fff
	if frag != 0 {
		l.num("FRAG:", uint32(frag))
	}
	size := int(h[0]&15) * 4
	if l.cfg.IPOptions && size > 20 {
		opts, ok := l.at(off+20, size-20)
		if !ok {
			l.text("TRUNCATED")
			return
		}
		l.options(opts)
	}
	if l.body4(h[9], frag != 0, off, off+size) && off == 0 {
		l.owner()
	}
}

// body4 writes the payload at off of the IPv4 packet at ip. It returns false if the line
// ends there. The packet is a fragment other than the first if fragment is set.
func (l *line) body4(proto uint8, fragment bool, ip, off int) bool {
	switch proto {
	case packet.ProtoTCP:
		return l.tcp(fragment, off)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return l.udp(proto, fragment, off)
	case packet.ProtoICMP:
		l.text("PROTO=ICMP ")
		if !fragment {
			l.icmp(off, ip == 0)
		}
	case packet.ProtoAH:
		// The protocol is omitted only for a fragment of AH other than the first.
		if !fragment {
			l.text("PROTO=AH ")
			l.spi(off, 12, 4)
		}
	case packet.ProtoESP:
		l.text("PROTO=ESP ")
		if !fragment {
			l.spi(off, 8, 0)
		}
	default:
		l.num("PROTO=", uint32(proto))
	}
	return true
}

// spi writes the security parameter index at the offset field of a header of size
// bytes.
func (l *line) spi(off, size, field int) {
	h, ok := l.at(off, size)
	if !ok {
		l.incomplete(off, " bytes] ")
		return
	}
	l.hex("SPI=0x", binary.BigEndian.Uint32(h[field:]))
}
