package ipset

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// bucket holds the entries of a hash:net,iface that have the same network, all
// of which the kernel keeps in one bucket of its hash. Their order decides
// which of several wildcard interfaces matches, and a freed slot keeps the
// counters of its former entry (ip_set_hash_gen.h, mtype_add, mtype_del).
type bucket struct {
	entries []*Entry // slots up to the last used one; nil for free slots
	left    []netfilter.Counters
	owner   *token // token of the copy that may modify it
}

// growth is the number of slots by which a bucket grows and shrinks
// (AHASH_INIT_SIZE).
const growth = 2

// free returns the index of a slot that is free or whose entry timed out, -1 if
// there is none.
func (b *bucket) free(expired func(*Entry) bool) int {
	return slices.IndexFunc(b.entries, func(e *Entry) bool { return e == nil || expired(e) })
}

// full reports whether the bucket must grow to take another entry.
func (b *bucket) full() bool { return len(b.entries) == len(b.left) }

// put stores an entry in slot i, or in a new slot at the end if i is negative,
// and returns the counters left in the slot.
func (b *bucket) put(e *Entry, i int) netfilter.Counters {
	if b.full() && i < 0 {
		b.left = append(b.left, make([]netfilter.Counters, growth)...)
	}
	if i < 0 {
		i = len(b.entries)
		b.entries = append(b.entries, nil)
	}
	b.entries[i] = e
	return b.left[i]
}

// take removes an entry and reports whether the bucket is empty then.
func (b *bucket) take(e *Entry) (empty bool) {
	i := slices.Index(b.entries, e)
	b.entries[i] = nil
	b.left[i] = netfilter.Counters{Packets: e.Packets, Bytes: e.Bytes}
	if i+1 == len(b.entries) {
		b.entries = b.entries[:i]
	}
	kept := slices.DeleteFunc(slices.Clone(b.entries), func(e *Entry) bool { return e == nil })
	if free := len(b.entries) - len(kept); free >= growth {
		b.entries, b.left = kept, make([]netfilter.Counters, len(b.left)-growth)
	}
	return len(b.entries) == 0
}

// roomInBucket grows the bucket of an element if it is full, up to 64 slots.
func (s *Set) roomInBucket(b *bucket) error {
	switch {
	case b == nil || !b.full():
	case s.bucketSize() >= maxBucket:
		return ErrFull
	case s.bucketSize() <= len(b.entries):
		s.BucketSize = uint8(s.bucketSize() + growth)
	}
	return nil
}

// clone returns a copy that holds copies of the entries, by the originals.
func (b *bucket) clone(copies map[*Entry]*Entry, owner *token) *bucket {
	c := &bucket{left: slices.Clone(b.left), owner: owner}
	for _, e := range b.entries {
		c.entries = append(c.entries, copies[e])
	}
	return c
}

// bucketOf returns the entries that have the network of an element, including
// nil for free slots.
func (s *Set) bucketOf(e *Element) []*Entry {
	if b := s.buckets.get(s.Type.identity(*e)); b != nil {
		return b.entries
	}
	return nil
}
