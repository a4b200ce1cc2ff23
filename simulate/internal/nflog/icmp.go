package nflog

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// icmpSize returns the number of bytes of an ICMP message that the kernel requires; 0 for
// unknown types.
func icmpSize(typ uint8) int {
	switch typ {
	case packet.ICMPEchoRequest, packet.ICMPEchoReply:
		return 4
	case packet.ICMPUnreachable, packet.ICMPSourceQuench, packet.ICMPRedirect, packet.ICMPTimeExceeded, packet.ICMPParameterProblem:
		return 8 + 20
	case packet.ICMPTimestamp, packet.ICMPTimestampReply:
		return 20
	case packet.ICMPAddressMask, packet.ICMPAddressMaskReply:
		return 12
	}
	return 0
}

// icmp writes the ICMP message at off, and if quote is set the packet that it quotes.
func (l *line) icmp(off int, quote bool) {
	h, ok := l.at(off, 8)
	if !ok {
		l.incomplete(off, " bytes] ")
		return
	}
	typ, code := h[0], h[1]
	l.num("TYPE=", uint32(typ))
	l.num("CODE=", uint32(code))
	if _, ok := l.at(off, icmpSize(typ)); !ok {
		l.incomplete(off, " bytes] ")
		return
	}
	switch typ {
	case packet.ICMPEchoRequest, packet.ICMPEchoReply:
		l.echo(h)
	case packet.ICMPParameterProblem:
		l.num("PARAMETER=", uint32(h[4]))
	case packet.ICMPRedirect:
		l.addr4("GATEWAY=", h[4:])
		fallthrough
	case packet.ICMPUnreachable, packet.ICMPSourceQuench, packet.ICMPTimeExceeded:
		if quote {
			l.text("[")
			l.ipv4(off + 8)
			l.text("] ")
		}
	}
	if typ == packet.ICMPUnreachable && code == packet.ICMPFragmentationNeeded {
		l.num("MTU=", uint32(binary.BigEndian.Uint16(h[6:])))
	}
}

// echo writes the identifier and the sequence number, which have the same offset in both
// families.
func (l *line) echo(h []byte) {
	l.num("ID=", uint32(binary.BigEndian.Uint16(h[4:])))
	l.num("SEQ=", uint32(binary.BigEndian.Uint16(h[6:])))
}
