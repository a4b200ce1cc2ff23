package nflog

import "encoding/binary"

// ICMP types that lines say more about (include/uapi/linux/icmp.h).
const (
	icmpEchoReply     = 0
	icmpUnreachable   = 3
	icmpSourceQuench  = 4
	icmpRedirect      = 5
	icmpEcho          = 8
	icmpTimeExceeded  = 11
	icmpParameter     = 12
	icmpTimestamp     = 13
	icmpTimestampBack = 14
	icmpAddressMask   = 17
	icmpAddressBack   = 18

	codeFragNeeded = 4 // of icmpUnreachable
)

// icmpSize returns how many bytes the kernel wants of an ICMP message; 0 for
// types that it does not know.
func icmpSize(typ uint8) int {
	switch typ {
	case icmpEcho, icmpEchoReply:
		return 4
	case icmpUnreachable, icmpSourceQuench, icmpRedirect, icmpTimeExceeded, icmpParameter:
		return 8 + 20
	case icmpTimestamp, icmpTimestampBack:
		return 20
	case icmpAddressMask, icmpAddressBack:
		return 12
	}
	return 0
}

// icmp writes the ICMP message at off, and the packet it quotes if asked to.
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
	case icmpEcho, icmpEchoReply:
		l.echo(h)
	case icmpParameter:
		l.num("PARAMETER=", uint32(h[4]))
	case icmpRedirect:
		l.addr4("GATEWAY=", h[4:])
		fallthrough
	case icmpUnreachable, icmpSourceQuench, icmpTimeExceeded:
		if quote {
			l.text("[")
			l.ipv4(off + 8)
			l.text("] ")
		}
	}
	if typ == icmpUnreachable && code == codeFragNeeded {
		l.num("MTU=", uint32(binary.BigEndian.Uint16(h[6:])))
	}
}

// echo writes identifier and sequence number, which are at the same place in
// both families.
func (l *line) echo(h []byte) {
	l.num("ID=", uint32(binary.BigEndian.Uint16(h[4:])))
	l.num("SEQ=", uint32(binary.BigEndian.Uint16(h[6:])))
}
