package frag

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

// MinMTU6 is the length that every IPv6 link takes (include/uapi/linux/ipv6.h,
// IPV6_MIN_MTU).
const MinMTU6 = 1280

// Span is what one fragment holds of the part of a packet that fragments share
// out, in bytes.
type Span struct{ Off, Len int }

// Received is how a packet came in fragments. The zero value is a packet that came
// whole.
type Received struct {
	Spans   []Span
	Largest int // length of the largest fragment's packet
	linear  int // how much of what the fragments share out was brought together
}

// Whole reports that the packet came whole.
func (r *Received) Whole() bool { return r.Spans == nil }

// Pull notes that the first n bytes behind the headers that every fragment repeats
// were brought together. Where the first fragment does not hold all of them they
// move over from the next ones (net/core/skbuff.c, __pskb_pull_tail).
func (r *Received) Pull(n int) { r.linear = max(r.linear, n) }

// First returns how much of what the fragments share out the first one holds.
func (r *Received) First() int { return max(r.Spans[0].Len, r.linear) }

// HeadLen returns the length of the headers that every fragment of the packet
// repeats: the IPv4 header, or the IPv6 header with the extension headers for the
// way.
func HeadLen(p *netfilter.Packet) int {
	if p.Family() == netfilter.IPv4 {
		return p.HeaderLen()
	}
	return exthdr.AfterRouting(p.Wire()).Offset
}

// room returns how many bytes besides the headers fit a fragment.
func room(p *netfilter.Packet, mtu int) int {
	n := mtu - HeadLen(p)
	if p.Family() == netfilter.IPv6 {
		n -= 8
	}
	return n
}

// Cuttable reports that the headers leave room for the packet's data in fragments
// of at most mtu bytes (net/ipv6/ip6_output.c, ip6_fragment).
func Cuttable(p *netfilter.Packet, mtu int) bool { return room(p, mtu) >= 8 }

// Cut returns the fragments of at most mtu bytes in which the packet leaves; nil
// if it leaves whole, or is not Cuttable. It leaves in fragments because it was
// put together from fragments, or because it is longer. Fragments keep the sizes
// they came in; an IPv6 packet no longer than its largest fragment leaves whole.
// A header that a process wrote keeps its options in all fragments (net/ipv4/
// ip_output.c, ip_do_fragment; net/ipv6/ip6_output.c, ip6_fragment; net/ipv4/
// raw.c, raw_send_hdrinc).
func (r *Received) Cut(p *netfilter.Packet, mtu int, raw bool) []netfilter.Packet {
	six := p.Family() == netfilter.IPv6
	if r.Whole() && p.Len() <= mtu || six && p.Len() <= min(r.Largest, mtu) {
		return nil
	}
	spans := r.spans(p, mtu)
	if spans == nil {
		return nil
	}
	out := make([]netfilter.Packet, len(spans))
	for i, s := range spans {
		out[i] = cutOne(p, s, i+1 < len(spans), raw)
	}
	return out
}

// spans shares the packet out among fragments of at most mtu bytes.
func (r *Received) spans(p *netfilter.Packet, mtu int) []Span {
	six, most := p.Family() == netfilter.IPv6, room(p, mtu)
	received := most // what fit in the largest of its fragments, unless less does now
	switch {
	case r.Whole():
	case six:
		received = min(most, max(r.Largest, MinMTU6)-(mtu-most))
	default:
		received = min(most, r.Largest-(mtu-most))
		most = received
	}
	if kept := r.keep(most); kept != nil {
		return kept
	}
	if received < 8 {
		return nil
	}
	var spans []Span
	body := p.Len() - HeadLen(p)
	for off, n := 0, 0; off < body; off += n {
		if n = body - off; n > received {
			n = received &^ 7
		}
		spans = append(spans, Span{off, n})
	}
	return spans
}

// keep returns how the packet is shared out among its fragments by now; nil if
// it can no longer leave so, with this much room in each: what was brought together
// stands in the first.
func (r *Received) keep(room int) (kept []Span) {
	for i, s := range r.Spans {
		end := s.Off + s.Len
		switch {
		case i == 0:
			s.Len = max(s.Len, r.linear)
		case end <= r.linear:
			continue
		default:
			s.Off = max(s.Off, r.linear)
			s.Len = end - s.Off
		}
		if s.Len > room || len(kept) > 0 && kept[len(kept)-1].Len&7 != 0 {
			return nil
		}
		kept = append(kept, s)
	}
	if len(kept) < 2 {
		return nil
	}
	return kept
}

// cutOne makes one fragment. The identification of an IPv6 fragment is the
// kernel's choice and 0 here.
func cutOne(p *netfilter.Packet, s Span, more, raw bool) netfilter.Packet {
	w, head := p.Wire(), HeadLen(p)
	six := p.Family() == netfilter.IPv6
	b := append(make([]byte, 0, head+8+s.Len), w[:head]...)
	flags := uint16(0)
	if six {
		name := exthdr.AfterRouting(w).NamedAt
		if more {
			flags = 1
		}
		b = append(b, w[name], 0, 0, 0, 0, 0, 0, 0)
		binary.BigEndian.PutUint16(b[head+2:], uint16(s.Off)|flags)
		b[name] = packet.ProtoFragment
	} else {
		if more {
			flags = 0x2000
		}
		binary.BigEndian.PutUint16(b[6:], uint16(s.Off/8)|flags)
		if s.Off > 0 && !raw {
			ipopt.ClearUncopied(b[20:])
		}
	}
	b = append(b, w[head+s.Off:head+s.Off+s.Len]...)
	if six {
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)-40))
	} else {
		binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
		ipopt.UpdateChecksum(b)
	}
	c := *p
	c.SetWire(b)
	return c
}
