package nflog

import "encoding/binary"

// ICMPv6 types that lines say more about (include/uapi/linux/icmpv6.h).
const (
	icmp6Unreachable  = 1
	icmp6TooBig       = 2
	icmp6TimeExceeded = 3
	icmp6Parameter    = 4
	icmp6Echo         = 128
	icmp6EchoReply    = 129
)

// icmp6 writes the ICMPv6 message at off, and the packet it quotes if asked
// to; false if the line ends there, which ICMP's never does.
func (l *line) icmp6(off int, quote bool) bool {
	h, ok := l.at(off, 8)
	if !ok {
		l.incomplete(off, " bytes] ")
		return false
	}
	l.num("TYPE=", uint32(h[0]))
	l.num("CODE=", uint32(h[1]))
	switch h[0] {
	case icmp6Echo, icmp6EchoReply:
		l.echo(h)
	case icmp6Parameter:
		l.text("POINTER=")
		l.bytes(h[4:8], lower)
		l.text(" ")
		fallthrough
	case icmp6Unreachable, icmp6TooBig, icmp6TimeExceeded:
		if quote {
			l.text("[")
			l.ipv6(off + 8)
			l.text("] ")
		}
	}
	if h[0] == icmp6TooBig {
		l.num("MTU=", binary.BigEndian.Uint32(h[4:]))
	}
	return true
}
