package nflog

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// ipv6 writes the IPv6 packet at off: the packet itself at 0, or the one that
// an ICMPv6 error quotes (dump_ipv6_packet).
func (l *line) ipv6(off int) {
	h, ok := l.at(off, 40)
	if !ok {
		l.text("TRUNCATED")
		return
	}
	l.addr6("SRC=", h[8:])
	l.addr6("DST=", h[24:])
	first := binary.BigEndian.Uint32(h)
	l.num("LEN=", uint32(binary.BigEndian.Uint16(h[4:]))+40)
	l.num("TC=", first>>20&0xff)
	l.num("HOPLIMIT=", uint32(h[7]))
	l.num("FLOWLBL=", first&0xfffff)

	var e extensions
	for x := range packet.ExtensionHeaders(l.wire[off:]) {
		e.next, e.off = x.Proto, off+x.Offset
		if !l.isExtension(e.next) {
			break
		}
		if !l.extension(&e) {
			return
		}
	}
	if l.body6(&e, off) && off == 0 {
		l.owner()
	}
}

// extensions is the state after a number of extension headers was written.
type extensions struct {
	next     uint8 // protocol of the header at off
	off      int
	fragment bool // of a fragment that is not the first
}

// isExtension reports whether the kernel processes the header as an extension header,
// which includes ESP (nf_ip6_ext_hdr). It returns false if the line is full.
func (l *line) isExtension(next uint8) bool {
	switch next {
	case packet.ProtoHopByHop, packet.ProtoRouting, packet.ProtoFragment, packet.ProtoESP, packet.ProtoAH,
		packet.ProtoDestOpts:
		return len(l.b) <= l.end
	}
	return false
}

// extension writes one extension header. It returns false if the line ends there.
func (l *line) extension(e *extensions) bool {
	_, ok := l.at(e.off, 2)
	if !ok {
		l.text("TRUNCATED")
		return false
	}
	l.flag(l.cfg.IPOptions, "OPT ( ")
	switch e.next {
	case packet.ProtoFragment:
		ok = l.fragmentHeader(e)
	case packet.ProtoAH:
		ok = l.securityHeader(e, "AH ", 12, 4)
	case packet.ProtoESP:
		// With the closing bracket, but without the trailing space of other headers.
		if l.securityHeader(e, "ESP ", 8, 0) {
			l.flag(l.cfg.IPOptions, ")")
		}
		return false
	default:
		ok = !e.fragment
		l.flag(!ok && l.cfg.IPOptions, ")")
	}
	if !ok {
		return false
	}
	l.flag(l.cfg.IPOptions, ") ")
	return true
}

// fragmentHeader writes a fragment header. It returns false if the line ends there.
func (l *line) fragmentHeader(e *extensions) bool {
	l.text("FRAG:")
	h, ok := l.at(e.off, 8)
	if !ok {
		l.text("TRUNCATED ")
		return false
	}
	where := binary.BigEndian.Uint16(h[2:])
	l.num("", uint32(where&0xfff8))
	l.flag(where&1 != 0, "INCOMPLETE ")
	l.text("ID:")
	l.bytes(h[4:8], lower)
	l.text(" ")
	if where&0xfff8 != 0 {
		e.fragment = true
	}
	return true
}

// securityHeader writes the security parameter index at the offset field of an AH or ESP
// header of size bytes. It returns false if the line ends there. Both are written only
// with --log-ip-options.
func (l *line) securityHeader(e *extensions, name string, size, field int) bool {
	if !l.cfg.IPOptions {
		return true
	}
	l.text(name)
	if e.fragment {
		l.text(")")
		return false
	}
	h, ok := l.at(e.off, size)
	if !ok {
		l.incomplete(e.off, " bytes] )")
		return false
	}
	l.hex("SPI=0x", binary.BigEndian.Uint32(h[field:]))
	return true
}

// body6 writes the payload after the extension headers of the IPv6 packet at ip. It
// returns false if the line ends there.
func (l *line) body6(e *extensions, ip int) bool {
	switch e.next {
	case packet.ProtoTCP:
		return l.tcp(e.fragment, e.off)
	case packet.ProtoUDP, packet.ProtoUDPLite:
		return l.udp(e.next, e.fragment, e.off)
	case packet.ProtoICMPv6:
		l.text("PROTO=ICMPv6 ")
		return e.fragment || l.icmp6(e.off, ip == 0)
	default:
		l.num("PROTO=", uint32(e.next))
		return true
	}
}
