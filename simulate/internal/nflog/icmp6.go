package nflog

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// icmp6 writes the ICMPv6 message at off, and if quote is set the packet that it quotes.
// It returns false if the line ends there, unlike that of an ICMP message.
func (l *line) icmp6(off int, quote bool) bool {
	h, ok := l.at(off, 8)
	if !ok {
		l.incomplete(off, " bytes] ")
		return false
	}
	l.num("TYPE=", uint32(h[0]))
	l.num("CODE=", uint32(h[1]))
	switch h[0] {
	case packet.ICMPv6EchoRequest, packet.ICMPv6EchoReply:
		l.echo(h)
	case packet.ICMPv6ParameterProblem:
		l.text("POINTER=")
		l.bytes(h[4:8], lower)
		l.text(" ")
		fallthrough
	case packet.ICMPv6Unreachable, packet.ICMPv6PacketTooBig, packet.ICMPv6TimeExceeded:
		if quote {
			l.text("[")
			l.ipv6(off + 8)
			l.text("] ")
		}
	}
	if h[0] == packet.ICMPv6PacketTooBig {
		l.num("MTU=", binary.BigEndian.Uint32(h[4:]))
	}
	return true
}
