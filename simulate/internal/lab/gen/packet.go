package gen

import (
	"bytes"
	"net/netip"
	"slices"
)

// fresh is a packet that depends on no other, in one piece or in two. Those
// who draw it know its number in the case, seq, and tell flows apart by a port
// made of it.
type fresh struct {
	in   string // empty: from the host itself
	mark uint32
	datagram
	cut int // body is sent in two fragments, cut here; 0: in one piece
	// lost says which of the fragments is not sent: 1 or 2; 0: none.
	lost int
}

// wires returns what is to be sent with this identifier.
func (f fresh) wires(id uint32) [][]byte {
	f.id = id
	if f.cut == 0 {
		return [][]byte{f.wire()}
	}
	both := [][]byte{f.fragment(0, f.cut, true), f.fragment(f.cut, len(f.body), false)}
	switch f.lost {
	case 1:
		return both[1:]
	case 2:
		return both[:1]
	}
	return both
}

// fresh draws a packet of any sort.
func (r *Rand) fresh(seq int) fresh {
	f := r.envelope()
	long := 1380 // too long for the least MTU of IPv6
	if f.in == "" && r.Family == 6 {
		long = 90 // raw sockets do not cut packets
	}
	f.proto, f.body = r.body(seq, long)
	f.datagram = f.seal()
	if f.proto == protoUDPLite && r.Maybe(0.6) {
		f.datagram = f.sealAsUDP()
	}
	r.spoil(&f)
	return f
}

// opening draws a packet that begins a conversation, as a rule in good form.
func (r *Rand) opening(seq int) fresh {
	if r.Maybe(0.15) {
		return r.fresh(seq)
	}
	f := r.envelope()
	f.ttl = 64
	sport, dport := r.clientPort(seq), uint16(r.port())
	switch x := r.Float64(); {
	case x < 0.5:
		f.proto, f.body = protoTCP, tcpSegment(sport, dport, clientISN, 0, syn, nil, nil)
	case x < 0.75:
		f.proto, f.body = protoUDP, udpDatagram(sport, dport, []byte("question"))
	case x < 0.85:
		f.proto, f.body = protoSCTP, sctpPacket(sport, dport, 0, clientTag, 0, sctpInit)
	case x < 0.88:
		f.proto, f.body = protoDCCP, dccpPacket(sport, dport, 0, nil)
	case r.Family == 6:
		f.proto, f.body = protoICMPv6, icmpMessage(128, 0, uint32(seq)<<16|1, []byte("ping"))
	default:
		f.proto, f.body = protoICMP, icmpMessage(8, 0, uint32(seq)<<16|1, []byte("ping"))
	}
	f.datagram = f.seal()
	return f
}

// envelope draws what does not depend on the protocol.
func (r *Rand) envelope() fresh {
	var f fresh
	f.in, f.src = r.sender()
	if f.in == "" && r.Maybe(0.3) {
		f.mark = Pick[uint32](r, 1, 2, 0x10, 0x4000, 0x8000, 0x80000000)
	}
	f.dst = r.receiver()
	f.ttl = 64
	if r.Maybe(0.12) {
		f.ttl = Pick[byte](r, 1, 2, 63, 128, 255)
	}
	if r.Maybe(0.2) {
		f.tos = Pick[byte](r, 0x10, 0x28, 0xb8, 0x03, 0xff)
	}
	f.df = r.Maybe(0.3)
	return f
}

// sender draws where a packet comes from, seldom with an address that does
// not belong there.
func (r *Rand) sender() (in string, src netip.Addr) {
	if r.Maybe(0.25) {
		return "", netip.MustParseAddr(Pick(r, r.locals...))
	}
	in = Pick(r, "eth0", "eth0", "cni0", "docker0")
	from := r.behind[in]
	if r.Maybe(0.04) {
		from = append(append(r.special, r.locals...), r.remotes...)
	}
	return in, netip.MustParseAddr(Pick(r, from...))
}

func (r *Rand) receiver() netip.Addr {
	switch x := r.Float64(); {
	case x < 0.35:
		return netip.MustParseAddr(Pick(r, r.locals...))
	case x < 0.75:
		return netip.MustParseAddr(Pick(r, r.remotes...))
	case x < 0.9:
		return netip.MustParseAddr(Pick(r, r.services...))
	}
	return netip.MustParseAddr(Pick(r, r.special...))
}

// clientPort is the source port of flow seq: in all classes that masquerading
// knows, and never twice in a case.
func (r *Rand) clientPort(seq int) uint16 {
	return uint16(Pick(r, 100, 600, 2000, 20000, 33000, 60000) + seq)
}

// body draws a transport header with payload, its checksum still missing. The
// payload is now and then as long as is allowed.
func (r *Rand) body(seq, long int) (proto byte, body []byte) {
	sport, dport := r.clientPort(seq), uint16(r.port())
	var payload []byte
	if r.Maybe(0.3) {
		size := r.Between(1, 90)
		if r.Maybe(0.06) {
			size = long - r.IntN(90)
		}
		payload = bytes.Repeat([]byte{'a' + byte(r.IntN(26))}, size)
	}
	switch x := r.Float64(); {
	case x < 0.42:
		return protoTCP, r.tcp(sport, dport, payload)
	case x < 0.65:
		return protoUDP, udpDatagram(sport, dport, payload)
	case x < 0.8:
		return r.icmp(uint16(seq))
	case x < 0.87:
		return protoSCTP, r.sctp(sport, dport)
	case x < 0.92:
		kind := Pick[byte](r, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12)
		return protoDCCP, dccpPacket(sport, dport, kind, Pick(r, nil, []byte{1}, []byte{37, 3, 9}, []byte{0, 128, 4, 1, 1}))
	case x < 0.95:
		return protoUDPLite, udpDatagram(sport, dport, payload)
	}
	return Pick[byte](r, 50, 51, 47, 2, 253, 59, 108, 135), bytes.Repeat([]byte{0, byte(r.IntN(256)), 1}, r.Between(0, 9))
}

// tcp draws a first segment, more often than not a plain SYN.
func (r *Rand) tcp(sport, dport uint16, payload []byte) []byte {
	flags, acked := byte(syn), uint32(0)
	if r.Maybe(0.3) {
		flags = Pick[byte](r, ack, syn|ack, fin|ack, rst, rst|ack, psh|ack, fin, 0, fin|psh|urg, syn|fin, syn|rst, 0xff, syn|ece|cwr, ack|urg, syn|urg)
		acked = Pick[uint32](r, 0, serverISN+1)
	}
	var options []byte
	if r.Maybe(0.35) {
		options = Pick(r,
			[]byte{2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7}, // as Linux sends them
			[]byte{2, 4, 5, 180}, []byte{1, 1, 1, 1}, []byte{8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0}, []byte{254, 4, 1, 2},
			[]byte{30, 3, 9, 0}, []byte{2, 4, 2, 24, 8}, []byte{0, 2, 4, 5, 180}, []byte{5, 255, 1, 1})
	}
	return tcpSegment(sport, dport, clientISN, acked, flags, options, payload)
}

func (r *Rand) sctp(sport, dport uint16) []byte {
	if r.Maybe(0.6) {
		return sctpPacket(sport, dport, 0, clientTag, 0, sctpInit)
	}
	chunks := []byte{Pick[byte](r, sctpData, sctpInitAck, sctpSack, sctpHeartbeat, sctpAbort, sctpShutdown, sctpCookieEcho, sctpShutdownComplete)}
	for r.Maybe(0.3) {
		chunks = append(chunks, Pick[byte](r, sctpData, sctpSack, sctpHeartbeat))
	}
	return sctpPacket(sport, dport, Pick[uint32](r, 0, clientTag, serverTag), clientTag, Pick[byte](r, 0, 1, 3, 7), chunks...)
}

// icmp draws queries, each with an identifier of its own, and errors about
// packets that nobody sent.
func (r *Rand) icmp(id uint16) (proto byte, body []byte) {
	word := uint32(id)<<16 | 1
	if r.Family == 6 {
		kind := Pick[byte](r, 128, 128, 128, 128, 129, 1, 3, 139, 200)
		if kind < 128 {
			return protoICMPv6, icmpMessage(kind, Pick[byte](r, 0, 1, 4), 0, r.unrelated())
		}
		return protoICMPv6, icmpMessage(kind, 0, word, []byte("ping"))
	}
	kind := Pick[byte](r, 8, 8, 8, 8, 13, 17, 15, 0, 14, 3, 11, 12, 42)
	if kind == 3 || kind == 11 || kind == 12 {
		return protoICMP, icmpMessage(kind, Pick[byte](r, 0, 1), 0, r.unrelated())
	}
	return protoICMP, icmpMessage(kind, 0, word, []byte("pingpongpang"))
}

// unrelated returns a packet that the node has not seen, for an ICMP error to quote.
func (r *Rand) unrelated() []byte {
	d := datagram{
		src: netip.MustParseAddr(r.locals[0]), dst: netip.MustParseAddr(r.remotes[1]), proto: protoUDP, ttl: 60,
		body: udpDatagram(9, 53, nil),
	}
	return d.seal().wire()
}

// spoil gives some packets what is seldom seen: fragments, short headers,
// wrong checksums, IP options, extension headers.
func (r *Rand) spoil(f *fresh) {
	switch x := r.Float64(); {
	case x < 0.03:
		f.body = f.body[:r.IntN(min(len(f.body), 21)+1)]
	case x < 0.05 && len(f.body) > 20:
		f.body = append(bytes.Clone(f.body[:len(f.body)-1]), ^f.body[len(f.body)-1])
	case x < 0.09 && len(f.body) > 16 && !(f.dst.Is6() && f.dst.IsMulticast()):
		// Not to IPv6 groups: the host hears its own packets, cut up once more
		// under an identifier that the kernel makes up.
		f.df = false
		f.cut = 8 * r.Between(1, (len(f.body)-1)/8)
		f.lost = r.IntN(3)
	case x < 0.12 && r.Family == 4:
		f.options = Pick(r, []byte{1, 1, 1, 0}, []byte{148, 4, 0, 0}, []byte{30, 4, 0, 9, 1, 1, 1, 0}, []byte{0, 0, 0, 0},
			[]byte{1, 7, 11, 4, 11: 0}, []byte{7, 11, 8, 192, 0, 2, 77, 11: 0}, []byte{7, 7, 8, 192, 0, 2, 77, 0})
	case x < 0.13 && r.Family == 6:
		f.first, f.headers = 0, []byte{f.proto, 0, 1, 4, 0, 0, 0, 0}
	case x < 0.15 && r.Family == 6:
		f.first, f.headers = 60, []byte{f.proto, 0, 1, 4, 0, 0, 0, 0}
	case x < 0.16 && r.Family == 6: // hop-by-hop, then destination options
		f.first, f.headers = 0, []byte{60, 0, 1, 4, 0, 0, 0, 0, f.proto, 0, 1, 4, 0, 0, 0, 0}
	case x < 0.17 && r.Family == 6: // a fragment header on a whole packet
		f.first, f.headers = protoFrag, []byte{f.proto, 0, 0, 0, 0, 0, 0, 9}
	case x < 0.2 && r.Family == 6 && r.passes(f.dst):
		f.first, f.headers = protoRouting, r.routing(f.proto)
	}
}

// passes reports whether the node forwards packets to dst: routing headers are
// for others to act upon.
func (r *Rand) passes(dst netip.Addr) bool { return slices.Contains(r.remotes, dst.String()) }

// routing draws a routing header, not always a sound one.
func (r *Rand) routing(next byte) []byte {
	addrs := r.IntN(4)
	h := []byte{next, byte(2 * addrs), Pick[byte](r, 0, 2, 4, 4), byte(r.IntN(4)), byte(r.IntN(3)), 0, 0, byte(r.IntN(2))}
	for range addrs {
		a := netip.MustParseAddr(Pick(r, r.remotes...)).As16()
		h = append(h, a[:]...)
	}
	return h
}
