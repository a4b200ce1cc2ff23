package nflog_test

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// weird draws packets such as nobody sends: odd flags, options, extension
// headers, fragments, headers cut short, errors that quote any of these. Only
// what the kernel refuses before its first hook is right about them: lengths,
// IPv4 checksum, and a hop-by-hop header where it comes first.
type weird struct{ *rand.Rand }

func pick[T any](w weird, of ...T) T { return of[w.IntN(len(of))] }

func (w weird) maybe(p float64) bool { return w.Float64() < p }

func (w weird) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(w.Uint32())
	}
	return b
}

// cut shortens some of the packets.
func (w weird) cut(b []byte, p float64) []byte {
	if w.maybe(p) && len(b) > 0 {
		return b[:w.IntN(len(b))]
	}
	return b
}

// v4 returns a packet with a header that adds up. ID must not be 0.
func (w weird) v4(src, dst netip.Addr, id uint16) []byte {
	proto := pick[uint8](w, 1, 1, 1, 6, 6, 6, 17, 136, 50, 51, 132, 2, 58, 0, 255, uint8(w.Uint32()))
	size := 20
	if w.maybe(0.4) {
		size += 4 * w.IntN(11)
	}
	b := w.bytes(size)
	b[0], b[9] = 0x40|byte(size/4), proto
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], uint16(w.IntN(8))<<13)
	if w.maybe(0.2) {
		binary.BigEndian.PutUint16(b[6:], uint16(w.Uint32()))
	}
	copy(b[12:], src.AsSlice())
	copy(b[16:], dst.AsSlice())
	b = append(b, w.cut(w.body(proto, false), 0.2)...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
	binary.BigEndian.PutUint16(b[10:], 0)
	binary.BigEndian.PutUint16(b[10:], packet.Checksum(b[:size], 0))
	return b
}

// v6 returns a packet with a payload length that adds up. Label must not be 0.
func (w weird) v6(src, dst netip.Addr, label uint32) []byte {
	b := w.bytes(40)
	binary.BigEndian.PutUint32(b, 6<<28|uint32(w.IntN(256))<<20|label&0xfffff)
	copy(b[8:], src.AsSlice())
	copy(b[24:], dst.AsSlice())
	payload := w.payload6(&b[6])
	binary.BigEndian.PutUint16(b[4:], uint16(len(payload)))
	return append(b, payload...)
}

// payload6 returns extension headers and what they lead to.
func (w weird) payload6(next *byte) []byte {
	var b []byte
	if w.maybe(0.1) {
		*next = packet.ProtoHopByHop
		b = []byte{0, 0, 1, 4, 0, 0, 0, 0}
		next = &b[0]
	}
	fixed := len(b)
	for w.maybe(0.4) {
		*next = pick[uint8](w, packet.ProtoRouting, packet.ProtoFragment, packet.ProtoFragment, packet.ProtoAH,
			packet.ProtoAH, packet.ProtoDestOpts, packet.ProtoESP)
		h := w.bytes(8)
		h[1] = pick[byte](w, 0, 0, 0, 1, 2, byte(w.Uint32()))
		if *next == packet.ProtoFragment && w.maybe(0.6) {
			h[2], h[3] = 0, h[3]&7
		}
		for len(h) < (int(h[1])+1)*8 && len(h) < 40 {
			h = append(h, w.bytes(8)...)
		}
		b = append(b, h...)
		next = &b[len(b)-len(h)]
	}
	*next = pick[uint8](w, 58, 58, 58, 6, 6, 17, 136, 59, 132, 1, 254, uint8(w.IntN(255))+1)
	b = append(b, w.body(*next, true)...)
	return append(b[:fixed:fixed], w.cut(b[fixed:], 0.2)...)
}

// body returns a transport header of some sort and some bytes behind it.
func (w weird) body(proto uint8, v6 bool) []byte {
	b := w.bytes(8 + w.IntN(72))
	switch proto {
	case packet.ProtoTCP:
		b = append(b, w.bytes(20)...)
	case packet.ProtoICMP:
		b[0] = pick[byte](w, 0, 3, 3, 4, 5, 8, 11, 12, 13, 14, 15, 17, 18, b[0])
		b[1] = pick[byte](w, 0, 1, 4, b[1])
		b = append(b[:8], w.quoted(v6)...)
	case packet.ProtoICMPv6:
		b[0] = pick[byte](w, 1, 2, 3, 4, 128, 129, 130, 131, 132, b[0])
		b = append(b[:8], w.quoted(v6)...)
	}
	return b
}

// quoted returns what an ICMP error may quote.
func (w weird) quoted(v6 bool) []byte {
	if w.maybe(0.1) {
		return w.bytes(w.IntN(100))
	}
	var b []byte
	if v6 {
		b = w.v6(netip.AddrFrom16([16]byte(w.bytes(16))), netip.AddrFrom16([16]byte(w.bytes(16))), w.Uint32())
	} else {
		b = w.v4(netip.AddrFrom4([4]byte(w.bytes(4))), netip.AddrFrom4([4]byte(w.bytes(4))), uint16(w.Uint32()))
	}
	return w.cut(b, 0.3)
}
