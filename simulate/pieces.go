package simulate

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// leastMTU6 is the length that every IPv6 link takes (IPV6_MIN_MTU).
const leastMTU6 = 1280

// span is a piece of the part of a packet that fragments share out.
type span struct{ off, len int }

// pieces returns the fragments in which the packet leaves, nil if it leaves
// whole. It leaves in pieces because it was put together from fragments, or
// because it is too long for the link. Fragments keep the sizes they came in; an
// IPv6 packet no longer than its largest fragment leaves whole
// (net/ipv4/ip_output.c, ip_do_fragment; net/ipv6/ip6_output.c, ip6_fragment).
func (f *flow) pieces() []netfilter.Packet {
	head := f.unfragmentable()
	body := f.pkt.Len() - head
	room := f.outMTU() - head
	if f.c.Family == netfilter.IPv6 {
		room -= 8
	}
	if f.c.Family == netfilter.IPv6 && f.pkt.Len() <= min(f.largest, f.outMTU()) {
		return nil
	}
	received := room // what fit in the largest of its fragments, unless less does now
	switch {
	case f.spans == nil:
	case f.c.Family == netfilter.IPv6:
		received = min(room, max(f.largest, leastMTU6)-(f.outMTU()-room))
	default:
		received = min(room, f.largest-(f.outMTU()-room))
		room = received
	}
	spans := f.spansLeft(room)
	if spans == nil {
		if f.spans == nil && f.pkt.Len() <= f.outMTU() {
			return nil
		}
		for off, n := 0, 0; off < body; off += n {
			if n = body - off; n > received {
				n = received &^ 7
			}
			spans = append(spans, span{off, n})
		}
	}
	out := make([]netfilter.Packet, len(spans))
	for i, s := range spans {
		out[i] = f.piece(head, s, i+1 < len(spans))
	}
	return out
}

// spansLeft returns how the packet is shared out among its fragments by now; nil if
// it can no longer leave so, with this much room in each: what was brought together
// stands in the first.
func (f *flow) spansLeft(room int) (left []span) {
	for i, s := range f.spans {
		end := s.off + s.len
		switch {
		case i == 0:
			s.len = max(s.len, f.pulled)
		case end <= f.pulled:
			continue
		default:
			s.off = max(s.off, f.pulled)
			s.len = end - s.off
		}
		if s.len > room || len(left) > 0 && left[len(left)-1].len&7 != 0 {
			return nil
		}
		left = append(left, s)
	}
	if len(left) < 2 {
		return nil
	}
	return left
}

// pull notes that the transport header was brought together: by the look for a
// socket as a TCP packet arrives (net/ipv4/tcp_ipv4.c, tcp_v4_early_demux), by
// the checksum of an SCTP packet, or by address translation.
func (f *flow) pull() {
	switch f.transport.Proto {
	case packet.ProtoTCP:
		f.pullTo(20)
	case packet.ProtoSCTP:
		f.pullTo(12)
	}
}

// pullTo notes that the first size bytes behind the IP header were brought
// together. Where the first fragment does not hold all of them they move over
// from the next ones (net/core/skbuff.c, __pskb_pull_tail).
func (f *flow) pullTo(size int) { f.pulled = max(f.pulled, size) }

// unfragmentable returns the length of the headers that every fragment repeats:
// the IPv4 header, or the IPv6 header with the extension headers for the way
// (net/ipv6/output_core.c, ip6_find_1stfragopt).
func (f *flow) unfragmentable() int { return f.lastWayHeader().at }

// lastWayHeader returns what follows those headers; name is 0 for IPv4.
func (f *flow) lastWayHeader() header6 {
	if f.c.Family == netfilter.IPv4 {
		return header6{at: f.pkt.HeaderLen()}
	}
	routed := false
	h, _ := firstHeader6(f.pkt.Wire()).skip(f.pkt.Wire(), func(proto uint8) bool {
		past := isFragment(proto) || isAuthentication(proto) || proto == packet.ProtoDestOpts && routed
		routed = routed || proto == packet.ProtoRouting
		return past
	})
	return h
}

// piece makes one fragment. The identification of an IPv6 fragment is the
// kernel's choice and 0 here.
func (f *flow) piece(head int, s span, more bool) netfilter.Packet {
	w := f.pkt.Wire()
	b := append([]byte(nil), w[:head]...)
	flags := uint16(0)
	if f.c.Family == netfilter.IPv6 {
		next := f.lastWayHeader().name
		if more {
			flags = 1
		}
		b = append(b, w[next], 0, 0, 0, 0, 0, 0, 0)
		binary.BigEndian.PutUint16(b[head+2:], uint16(s.off)|flags)
		b[next] = packet.ProtoFragment
	} else {
		if more {
			flags = 0x2000
		}
		binary.BigEndian.PutUint16(b[6:], uint16(s.off/8)|flags)
		if s.off > 0 && !f.raw {
			dropUncopied(b[20:])
		}
	}
	b = append(b, w[head+s.off:head+s.off+s.len]...)
	if f.c.Family == netfilter.IPv6 {
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-40))
	} else {
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
		b[10], b[11] = 0, 0
		binary.BigEndian.PutUint16(b[10:], packet.Checksum(b[:head], 0))
	}
	p := f.pkt
	p.SetWire(b)
	p.Dev = f.res.OutDev
	return p
}

// dropUncopied replaces the IPv4 options that only the first fragment carries.
// The kernel does not know those of a header that a process wrote (net/ipv4/
// ip_options.c, ip_options_fragment; net/ipv4/raw.c, raw_send_hdrinc).
func dropUncopied(opts []byte) {
	for i := 0; i < len(opts); {
		switch {
		case opts[i] == 0:
			return
		case opts[i] == 1:
			i++
			continue
		case i+1 >= len(opts) || opts[i+1] < 2 || i+int(opts[i+1]) > len(opts):
			return
		}
		n := int(opts[i+1])
		if opts[i]&0x80 == 0 {
			for k := i; k < i+n; k++ {
				opts[k] = 1
			}
		}
		i += n
	}
}
