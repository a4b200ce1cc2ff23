package frag

import (
	"encoding/binary"
	"iter"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Queues holds the fragments of incomplete packets. The zero value is ready for use.
type Queues struct {
	byKey map[Key]*queue
	held  int // fragments in all queues, expired ones included
}

// queue collects the fragments of a packet.
type queue struct {
	expires time.Time
	header  []byte // the unfragmentable part, from the first fragment
	meta    Metadata
	parts   []part
	size    int // of the fragmentable part; 0 until the last fragment was received
	largest int // length of the largest fragment with its headers
}

// Status is the result of adding a fragment.
type Status uint8

// The statuses.
const (
	Waiting  Status = iota // the fragment was queued
	Complete               // the packet is reassembled
	Refused                // the fragments are inconsistent; all of them are dropped
	Oversize               // the packet exceeds the maximum length; all of its fragments are dropped
)

// maxLen is the maximum length of a packet in bytes, with its header for IPv4 and without
// it for IPv6 (include/uapi/linux/ip.h, IP_MAX_MTU; ipv6.h, IPV6_MAXPLEN).
const maxLen = 65535

// timeout is the time after which an incomplete packet is dropped
// (net.ipv4.ipfrag_time, net.netfilter.nf_conntrack_frag6_timeout).
var timeout = [2]time.Duration{netfilter.IPv4: 30 * time.Second, netfilter.IPv6: 60 * time.Second}

// Room reports whether fewer than most fragments are queued at the time now. If there
// are more, it first removes the expired ones.
func (q *Queues) Room(now time.Time, most int) bool {
	if q.held < most {
		return true
	}
	for k, one := range q.byKey {
		if !one.expires.After(now) {
			q.remove(k)
		}
	}
	return q.held < most
}

// remove removes a queue.
func (q *Queues) remove(k Key) {
	if one := q.byKey[k]; one != nil {
		q.held -= len(one.parts)
		delete(q.byKey, k)
	}
}

// Add adds a fragment at the time now; with Complete it returns the bytes of the
// reassembled packet and a description of its fragments.
func (q *Queues) Add(now time.Time, fam netfilter.Family, f Fragment) ([]byte, Received, Status) {
	one := q.byKey[f.Key]
	if one == nil || !one.expires.After(now) {
		q.remove(f.Key)
		one = &queue{expires: now.Add(timeout[fam])}
		if q.byKey == nil {
			q.byKey = map[Key]*queue{}
		}
		q.byKey[f.Key] = one
	}
	before := len(one.parts)
	fits := one.add(f)
	if q.held += len(one.parts) - before; !fits {
		q.remove(f.Key)
		return nil, Received{}, Refused
	}
	one.largest = max(one.largest, f.Len)
	if !one.complete() {
		return nil, Received{}, Waiting
	}
	q.remove(f.Key)
	if one.tooLong(fam) {
		return nil, Received{}, Oversize
	}
	w, spans := one.assemble(fam)
	return w, Received{Spans: spans, Largest: one.largest, Meta: one.meta}, Complete
}

// Conns yields the connections of the fragments that are queued at the time now.
func (q *Queues) Conns(now time.Time) iter.Seq[*netfilter.Conn] {
	return func(yield func(*netfilter.Conn) bool) {
		for _, one := range q.byKey {
			for _, p := range one.parts {
				if p.conn != nil && one.expires.After(now) && !yield(p.conn) {
					return
				}
			}
		}
	}
}

// Clone returns independent queues with the same fragments.
func (q *Queues) Clone() Queues {
	if len(q.byKey) == 0 {
		return Queues{}
	}
	c := Queues{held: q.held}
	c.byKey = make(map[Key]*queue, len(q.byKey))
	for k, one := range q.byKey {
		twin := *one
		twin.parts = slices.Clone(one.parts)
		c.byKey[k] = &twin
	}
	return c
}

func (q *queue) add(f Fragment) bool {
	end := f.off + len(f.data)
	if f.More {
		f.data = f.data[:len(f.data)&^7]
		end = f.off + len(f.data)
	} else {
		if q.size != 0 && q.size != end {
			return false
		}
		q.size = end
	}
	if len(f.data) == 0 || end > maxLen || q.size != 0 && end > q.size {
		return false
	}
	for _, p := range q.parts {
		if f.off == p.off && len(f.data) == len(p.data) {
			return true
		}
		if f.off < p.off+len(p.data) && p.off < end {
			return false
		}
	}
	if f.off == 0 {
		q.header, q.meta = f.header, f.meta
	}
	q.parts = append(q.parts, f.part)
	return true
}

func (q *queue) complete() bool {
	if q.size == 0 || q.header == nil {
		return false
	}
	n := 0
	for _, p := range q.parts {
		n += len(p.data)
	}
	return n == q.size
}

// tooLong reports whether the packet exceeds the maximum length (net/ipv4/
// ip_fragment.c, ip_frag_reasm; net/ipv6/netfilter/nf_conntrack_reasm.c,
// nf_ct_frag6_reasm).
func (q *queue) tooLong(fam netfilter.Family) bool {
	n := len(q.header) + q.size
	if fam == netfilter.IPv6 {
		n -= 40
	}
	return n > maxLen
}

// assemble appends the parts to the header and updates the header.
func (q *queue) assemble(fam netfilter.Family) ([]byte, []Span) {
	slices.SortFunc(q.parts, func(a, b part) int { return a.off - b.off })
	spans := make([]Span, 0, len(q.parts))
	w := make([]byte, len(q.header)+q.size)
	n := copy(w, q.header)
	for _, p := range q.parts {
		copy(w[n+p.off:], p.data)
		spans = append(spans, Span{p.off, len(p.data)})
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
