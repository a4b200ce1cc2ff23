package nflog

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// tcp writes the TCP header at off. It returns false if the line ends there
// (nf_log_dump_tcp_header).
func (l *line) tcp(fragment bool, off int) bool {
	l.text("PROTO=TCP ")
	if fragment {
		return true
	}
	h, ok := l.at(off, 20)
	if !ok {
		l.incomplete(off, " bytes] ")
		return false
	}
	l.ports(h)
	if l.cfg.TCPSequence {
		l.num("SEQ=", binary.BigEndian.Uint32(h[4:]))
		l.num("ACK=", binary.BigEndian.Uint32(h[8:]))
	}
	l.num("WINDOW=", uint32(binary.BigEndian.Uint16(h[14:])))
	l.pair("RES=0x", h[12]&0x0e<<2, lower)
	l.tcpFlags(h[12], h[13])
	l.num("URGP=", uint32(binary.BigEndian.Uint16(h[18:])))

	size := packet.TCPSegment(h).HeaderLen()
	if !l.cfg.TCPOptions || size <= 20 {
		return true
	}
	opts, ok := l.at(off+20, size-20)
	if !ok {
		l.text("OPT (TRUNCATED)")
		return false
	}
	l.options(opts)
	return true
}

// tcpFlags writes the flags of the header's bytes 12 and 13, highest first.
func (l *line) tcpFlags(high, low byte) {
	l.flag(high&0x01 != 0, "AE ")
	l.flag(low&0x80 != 0, "CWR ")
	l.flag(low&0x40 != 0, "ECE ")
	l.flag(low&0x20 != 0, "URG ")
	l.flag(low&0x10 != 0, "ACK ")
	l.flag(low&0x08 != 0, "PSH ")
	l.flag(low&0x04 != 0, "RST ")
	l.flag(low&0x02 != 0, "SYN ")
	l.flag(low&0x01 != 0, "FIN ")
}

// udp writes the UDP or UDP-Lite header at off. It returns false if the line ends there
// (nf_log_dump_udp_header).
func (l *line) udp(proto uint8, fragment bool, off int) bool {
	if proto == packet.ProtoUDP {
		l.text("PROTO=UDP ")
	} else {
		l.text("PROTO=UDPLITE ")
	}
	if fragment {
		return true
	}
	h, ok := l.at(off, 8)
	if !ok {
		l.incomplete(off, " bytes] ")
		return false
	}
	l.ports(h)
	l.num("LEN=", uint32(binary.BigEndian.Uint16(h[4:])))
	return true
}

func (l *line) ports(h []byte) {
	l.num("SPT=", uint32(binary.BigEndian.Uint16(h)))
	l.num("DPT=", uint32(binary.BigEndian.Uint16(h[2:])))
}
