package frag

import (
	"encoding/binary"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/exthdr"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

// MinMTU6 is the minimum MTU of IPv6 links in bytes (include/uapi/linux/ipv6.h,
// IPV6_MIN_MTU).
const MinMTU6 = 1280

// Span is the range of the fragmentable part of a packet that one fragment carries, in
// bytes.
type Span struct{ Off, Len int }

// Received describes the fragments in which a packet was received. The zero value is a
// packet that was received unfragmented.
type Received struct {
	Spans   []Span
	Largest int // length in bytes of the largest fragment with its headers (IPCB frag_max_size)
	Meta    Metadata
	linear  int // number of bytes of the fragmentable part that were pulled into the head of the skb
}

// Whole reports whether the packet was received unfragmented.
func (r *Received) Whole() bool { return r.Spans == nil }

// Pull records that the first n bytes of the fragmentable part were pulled into the head
// of the skb. Bytes that the first fragment does not contain are moved there from the
// next ones (net/core/skbuff.c, __pskb_pull_tail).
func (r *Received) Pull(n int) { r.linear = max(r.linear, n) }

// First returns the number of bytes of the fragmentable part in the first fragment.
func (r *Received) First() int { return max(r.Spans[0].Len, r.linear) }

// HeadLen returns the length of the headers that every fragment of the packet repeats:
// the IPv4 header, or the unfragmentable part of an IPv6 packet (RFC 8200, as determined by
// ip6_find_1stfragopt).
func HeadLen(p *netfilter.Packet) int {
	if p.Family() == netfilter.IPv4 {
		return p.HeaderLen()
	}
	return exthdr.AfterRouting(p.Wire()).Offset
}

// room returns the number of bytes that a fragment has for data after the headers.
func room(p *netfilter.Packet, mtu int) int {
	n := mtu - HeadLen(p)
	if p.Family() == netfilter.IPv6 {
		n -= 8
	}
	return n
}

// Cuttable reports whether the headers leave room for data in fragments of at most mtu
// bytes (net/ipv6/ip6_output.c, ip6_fragment).
func Cuttable(p *netfilter.Packet, mtu int) bool { return room(p, mtu) >= 8 }

// Cut returns the fragments of at most mtu bytes in which the packet is transmitted; nil
// if it is not fragmented, or not Cuttable. A packet is fragmented if it was reassembled
// from fragments, or if it is longer than mtu. Received fragments keep their sizes; an
// IPv6 packet no longer than its largest fragment is not fragmented. If a process wrote
// the header (raw), all fragments have its options (net/ipv4/ip_output.c,
// ip_do_fragment; net/ipv6/ip6_output.c, ip6_fragment; net/ipv4/raw.c,
// raw_send_hdrinc).
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

// spans divides the packet into fragments of at most mtu bytes.
func (r *Received) spans(p *netfilter.Packet, mtu int) []Span {
	six, most := p.Family() == netfilter.IPv6, room(p, mtu)
	received := most // the data size of the largest received fragment, if that is less
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

// keep returns the received fragments, adjusted for the bytes that were pulled into the
// first one; nil if they cannot be reused, for example because one exceeds room.
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

// cutOne creates one fragment. The identification of IPv6 fragments, which the kernel
// generates, is 0.
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
