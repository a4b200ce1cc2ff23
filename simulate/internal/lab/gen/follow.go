package gen

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// proceed is the next packet of a sender: TCP and SCTP go on with their
// conversation as if it had been answered, others say the same once more.
func (s step) proceed(about fresh) fresh {
	f := about
	f.cut, f.lost = 0, 0
	switch {
	case s.flags != 0 && f.proto == protoTCP && len(f.body) >= 20:
		b := f.body
		f.body = tcpSegment(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), clientISN+1+s.sent, serverISN+1+s.got, s.flags, nil, make([]byte, s.data))
	case s.chunk != 0 && f.proto == protoSCTP && len(f.body) >= 12:
		b := f.body
		f.body = sctpPacket(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), serverTag, clientTag, 0, s.chunk)
	default:
		return about
	}
	f.datagram = f.seal()
	return f
}

// reply is what the far end says to a packet that left the node. flags may
// replace those of a TCP answer. It reports false where nobody would answer.
func reply(iface string, d datagram, flags byte) (fresh, bool) {
	d.src, d.dst = d.dst, d.src
	d.ttl, d.options = 61, nil
	if hasPorts(d.proto) {
		if len(d.body) < 12 && d.proto != protoUDP && d.proto != protoUDPLite || len(d.body) < 8 {
			return fresh{}, false
		}
	}
	sport, dport := uint16(0), uint16(0)
	if hasPorts(d.proto) {
		sport, dport = binary.BigEndian.Uint16(d.body[2:]), binary.BigEndian.Uint16(d.body)
	}
	switch d.proto {
	case protoTCP:
		if len(d.body) < 20 || d.body[13]&rst != 0 {
			return fresh{}, false
		}
		d.body = tcpReply(sport, dport, d.body, flags)
	case protoUDP, protoUDPLite:
		d.body = udpDatagram(sport, dport, []byte("answer"))
	case protoSCTP:
		if len(d.body) < 16 {
			return fresh{}, false
		}
		d.body = sctpPacket(sport, dport, clientTag, serverTag, 0, sctpReply(d.body[12]))
	case protoDCCP:
		d.body = dccpPacket(sport, dport, 1, nil)
	case protoICMP, protoICMPv6:
		kind, ok := map[byte]byte{8: 0, 13: 14, 15: 16, 17: 18, 128: 129, 139: 140}[slices.Concat(d.body, []byte{255})[0]]
		if !ok {
			return fresh{}, false
		}
		d.body = slices.Concat([]byte{kind}, d.body[1:])
	}
	return fresh{in: iface, datagram: d.seal()}, true
}

// tcpReply answers a segment: SYN with SYN ACK, all else with ACK.
func tcpReply(sport, dport uint16, b []byte, flags byte) []byte {
	seq, acked := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	size := uint32(len(b)) - uint32(b[12]>>4)*4
	for _, f := range []byte{syn, fin} {
		if b[13]&f != 0 {
			size++
		}
	}
	if b[13]&syn != 0 && b[13]&ack == 0 {
		if flags == 0 {
			flags = syn | ack
		}
		return tcpSegment(sport, dport, serverISN, seq+size, flags, nil, nil)
	}
	if flags == 0 {
		flags = ack
	}
	return tcpSegment(sport, dport, acked, seq+size, flags, nil, nil)
}

// complain is an ICMP error about a packet that left the node.
func (s step) complain(iface string, d datagram) fresh {
	f := fresh{in: iface}
	f.src, f.dst, f.ttl, f.proto = d.dst, d.src, 60, protoICMP
	if s.from != nil {
		f.src = *s.from
	}
	if d.src.Is6() {
		f.proto = protoICMPv6
	}
	d.id = 0 // the kernel chose it, where the packet was its own
	quoted := d.wire()
	if s.short {
		quoted = quoted[:min(len(quoted), len(quoted)-len(d.body)+8)]
	}
	word := uint32(0)
	if s.icmp == [2]byte{3, 4} || s.icmp == [2]byte{2, 0} {
		word = 1400 // the MTU that would do
	}
	f.body = icmpMessage(s.icmp[0], s.icmp[1], word, quoted)
	f.datagram = f.seal()
	return f
}

// follow draws a step about an earlier one.
func (r *Rand) follow(of int, kind stepKind) step {
	s := step{kind: kind, of: of}
	switch kind {
	case next:
		if r.Maybe(0.7) {
			s.flags = Pick[byte](r, ack, ack, ack, psh|ack, fin|ack, rst, syn, rst|ack)
			s.chunk = Pick[byte](r, sctpCookieEcho, sctpCookieEcho, sctpHeartbeat, sctpShutdown, sctpAbort, sctpSack)
		}
	case answer:
		if r.Maybe(0.15) {
			s.flags = Pick[byte](r, rst|ack, ack, fin|ack, syn, rst)
		}
	case icmpError:
		s.icmp = Pick(r, [2]byte{3, 1}, [2]byte{3, 3}, [2]byte{3, 4}, [2]byte{11, 0}, [2]byte{12, 0}, [2]byte{3, 13}, [2]byte{4, 0})
		if r.Family == 6 {
			s.icmp = Pick(r, [2]byte{1, 0}, [2]byte{1, 3}, [2]byte{1, 4}, [2]byte{3, 0}, [2]byte{4, 1}, [2]byte{2, 0})
		}
		s.short = r.Maybe(0.5)
		if r.Maybe(0.4) {
			a := netip.MustParseAddr(Pick(r, r.remotes...))
			s.from = &a
		}
	}
	return s
}
