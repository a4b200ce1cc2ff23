package simulate

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// fragKey tells the fragments of one packet from those of others
// (net/ipv4/ip_fragment.c, struct frag_v4_compare_key; net/ipv6/netfilter/
// nf_conntrack_reasm.c).
type fragKey struct {
	src, dst netip.Addr
	id       uint32
	proto    uint8 // IPv4 only
	hook     netfilter.Hook
}

// fragQueue collects the fragments of a packet.
type fragQueue struct {
	expires time.Time
	header  []byte // of the first fragment, everything ahead of the fragmented part
	parts   []fragPart
	size    int // of the fragmented part; 0 until the last fragment is there
	largest int // length of the longest fragment's packet
}

type fragPart struct {
	off  int
	data []byte
	conn *netfilter.Conn // that the fragment belongs to, as one that comes back by lo does
}

// fragTimeout is how long the parts of a packet wait for the others
// (net.ipv4.ipfrag_time, net.netfilter.nf_conntrack_frag6_timeout: 30 and 60
// seconds).
func fragTimeout(fam netfilter.Family) time.Duration {
	if fam == netfilter.IPv6 {
		return 60 * time.Second
	}
	return 30 * time.Second
}

// fragment describes the packet as a fragment; false if it is none.
func (f *flow) fragment() (key fragKey, part fragPart, header []byte, more bool, ok bool) {
	w := f.pkt.Wire()
	key = fragKey{src: f.pkt.Src(), dst: f.pkt.Dst(), hook: f.c.Hook}
	if f.c.Family == netfilter.IPv4 {
		fo := binary.BigEndian.Uint16(w[6:])
		if fo&0x3fff == 0 {
			return
		}
		n := f.pkt.HeaderLen()
		key.id, key.proto = uint32(f.pkt.ID()), w[9]
		return key, fragPart{off: int(fo&0x1fff) * 8, data: slices.Clone(w[n:]), conn: f.c.Conn}, slices.Clone(w[:n]), fo&0x2000 != 0, true
	}
	h, found := fragmentHeader(w)
	if !found {
		return
	}
	at := h.at
	fo := binary.BigEndian.Uint16(w[at+2:])
	key.id = binary.BigEndian.Uint32(w[at+4:])
	header = slices.Clone(w[:at])
	header[h.name] = w[at]
	return key, fragPart{off: int(fo &^ 7), data: slices.Clone(w[at+8:]), conn: f.c.Conn}, header, fo&1 != 0, true
}

// fragmentHeader finds the IPv6 fragment header.
func fragmentHeader(w []byte) (h header6, ok bool) {
	h, ok = firstHeader6(w).skip(w, isFragment)
	return h, ok && isFragment(h.proto) && h.at+8 <= len(w)
}

// cutShort reports that an IPv6 packet is a first fragment without its whole
// transport header; conntrack lets it be (net/ipv6/reassembly.c,
// ipv6frag_thdr_truncated).
func (f *flow) cutShort() bool {
	if f.c.Family == netfilter.IPv4 {
		return false
	}
	w := f.pkt.Wire()
	h, ok := fragmentHeader(w)
	if !ok || binary.BigEndian.Uint16(w[h.at+2:])&^7 != 0 {
		return false
	}
	h, ok = header6{proto: w[h.at], name: h.at, at: h.at + 8}.skip(w, nil)
	if !ok || h.proto == packet.ProtoNone {
		return false
	}
	need := 1
	switch h.proto {
	case packet.ProtoTCP:
		need = 20
	case packet.ProtoUDP, packet.ProtoICMPv6:
		need = 8
	}
	return h.at+need > len(w)
}

// defragments reports whether a hook puts the packet together: not one that is
// exempt from tracking, nor, for IPv6, one that has a connection already and
// comes back by lo.
func (f *flow) defragments() bool {
	return f.c.CTState != netfilter.CTUntracked && (f.c.Conn == nil || f.c.Family == netfilter.IPv4)
}

// defrag holds a fragment back until all are there; the last one goes on as the
// whole packet (net/ipv4/netfilter/nf_defrag_ipv4.c, ipv4_conntrack_defrag;
// net/ipv6/netfilter/nf_defrag_ipv6_hooks.c, ipv6_defrag).
func (f *flow) defrag() netfilter.Verdict {
	key, part, header, more, ok := f.fragment()
	if !ok || f.cutShort() {
		return netfilter.Accept
	}
	q, good := f.s.collect(key, part, header, more, &f.pkt)
	switch {
	case !good:
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Drop, Detail: "the fragments do not fit together"})
		return netfilter.Drop
	case q == nil:
		f.note(Step{Kind: StepTrack, Verdict: netfilter.Stolen, Detail: "waits for the other fragments of its packet"})
		return netfilter.Stolen
	}
	whole, spans := q.assemble(f.c.Family)
	f.c.Edit().SetWire(whole)
	f.spans, f.largest = spans, q.largest
	f.refresh()
	f.note(Step{Kind: StepTrack, Verdict: netfilter.Accept, Detail: "put together from its fragments"})
	return netfilter.Accept
}

// reassemble4 puts an IPv4 packet together ahead of INPUT where conntrack has
// not; false if the packet ends here (net/ipv4/ip_input.c, ip_local_deliver).
func (f *flow) reassemble4() bool {
	return f.c.Family == netfilter.IPv6 || f.reassembleAt(netfilter.Input)
}

// reassemble6 puts an IPv6 packet together behind INPUT, which sees its
// fragments. A first fragment without its whole transport header is refused,
// unless it is the only one (net/ipv6/reassembly.c, ipv6_frag_rcv).
func (f *flow) reassemble6() bool {
	if f.c.Family == netfilter.IPv4 {
		return true
	}
	if _, _, _, more, _ := f.fragment(); more && f.cutShort() {
		f.drop(Malformed, StepLocal, "the first fragment lacks part of the transport header")
		f.sendError(icmpError{typ: icmp6ParamProblem, code: icmp6HeaderIncomplete})
		return false
	}
	return f.reassembleAt(netfilter.Input)
}

func (f *flow) reassembleAt(h netfilter.Hook) bool {
	f.at(h)
	if v := f.defrag(); v != netfilter.Accept {
		f.end(v)
		return false
	}
	return true
}

// collect adds a part of the fragment p; it returns the queue once the packet
// is complete, and false if the parts contradict each other, which discards
// them all.
func (s *Session) collect(key fragKey, part fragPart, header []byte, more bool, p *netfilter.Packet) (*fragQueue, bool) {
	q := s.frags[key]
	if q == nil || !q.expires.After(s.now) {
		q = &fragQueue{expires: s.now.Add(fragTimeout(p.Family()))}
		s.frags[key] = q
	}
	if !q.add(part, header, more) {
		delete(s.frags, key)
		return nil, false
	}
	q.largest = max(q.largest, p.Len())
	if !q.complete() {
		return nil, true
	}
	delete(s.frags, key)
	return q, true
}

func (q *fragQueue) add(part fragPart, header []byte, more bool) bool {
	end := part.off + len(part.data)
	if more {
		part.data = part.data[:len(part.data)&^7]
		end = part.off + len(part.data)
	} else {
		if q.size != 0 && q.size != end {
			return false
		}
		q.size = end
	}
	if len(part.data) == 0 || end > 65535 || q.size != 0 && end > q.size {
		return false
	}
	for _, p := range q.parts {
		if part.off == p.off && len(part.data) == len(p.data) {
			return true
		}
		if part.off < p.off+len(p.data) && p.off < end {
			return false
		}
	}
	if part.off == 0 {
		q.header = header
	}
	q.parts = append(q.parts, part)
	return true
}

func (q *fragQueue) complete() bool {
	if q.size == 0 || q.header == nil {
		return false
	}
	n := 0
	for _, p := range q.parts {
		n += len(p.data)
	}
	return n == q.size
}

// assemble puts the parts behind the header and mends it.
func (q *fragQueue) assemble(fam netfilter.Family) ([]byte, []span) {
	slices.SortFunc(q.parts, func(a, b fragPart) int { return a.off - b.off })
	spans := make([]span, 0, len(q.parts))
	w := make([]byte, len(q.header)+q.size)
	n := copy(w, q.header)
	for _, p := range q.parts {
		copy(w[n+p.off:], p.data)
		spans = append(spans, span{p.off, len(p.data)})
	}
	if fam == netfilter.IPv6 {
		binary.BigEndian.PutUint16(w[4:], uint16(len(w)-40))
		return w, spans
	}
	binary.BigEndian.PutUint16(w[2:], uint16(len(w)))
	w[6] &= 0x40
	w[7], w[10], w[11] = 0, 0, 0
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:n], 0))
	return w, spans
}

func (q *fragQueue) clone() *fragQueue {
	c := *q
	c.parts = slices.Clone(q.parts)
	return &c
}
