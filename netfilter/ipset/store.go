package ipset

import (
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// store holds the entries of a set in their order, with an index by identity.
// Its nodes are numbered from 1; 0 stands for none. All operations except
// iteration take constant time.
type store struct {
	nodes       cowSlice[node]
	index       cowMap[uint64, int32]               // first node by the hash of an identity; not used for hash:net,iface
	buckets     cowMap[Element, *bucket]            // used instead of index for hash:net,iface
	first, last int32                               // nodes of the oldest and the newest entry
	free        int32                               // first free node; the others are linked by next
	live        int                                 // entries
	lengths     [2]lengths                          // of the networks in it
	soonest     time.Duration                       // earliest time at which an entry may time out; 0 if none does
	seed        maphash.Seed                        // of the hashes in index
	remains     cowMap[Element, netfilter.Counters] // counters of deleted entries of a bitmap, which the kernel does not clear (ip_set_bitmap_gen.h, mtype_del)

	owner  *token // of the entries and buckets that may be written
	sealed bool   // not modified since seal
}

// node holds an entry.
type node struct {
	entry      *Entry
	prev, next int32 // neighbouring nodes in the order of entries
	chain      int32 // next node with the same hash
}

func newStore() store { return store{seed: maphash.MakeSeed(), owner: &token{}} }

// seal makes the store ready to be copied in constant time. Later modifications
// are kept apart from the data that copies share.
func (s *store) seal() {
	if s.sealed {
		return
	}
	s.nodes.seal()
	s.index.seal()
	s.buckets.seal()
	s.remains.seal()
	s.owner, s.sealed = &token{}, true
}

// clone returns an independent copy of a sealed store.
func (s *store) clone() store {
	c := *s
	c.nodes, c.index, c.buckets, c.remains = s.nodes.clone(), s.index.clone(), s.buckets.clone(), s.remains.clone()
	for i := range c.lengths {
		c.lengths[i] = lengths{slices.Clone(s.lengths[i].list), maps.Clone(s.lengths[i].count)}
	}
	c.owner = &token{}
	return c
}

// at returns the entry of a node.
func (s *store) at(place int32) *Entry { return s.nodes.at(int(place - 1)).entry }

// update modifies a node.
func (s *store) update(place int32, change func(*node)) {
	if place == 0 {
		return
	}
	n := s.nodes.at(int(place - 1))
	change(&n)
	s.nodes.set(int(place-1), n)
}

// after returns the next node in the order of entries.
func (s *store) after(place int32) int32 { return s.nodes.at(int(place - 1)).next }

// all yields the entries in their order. The entry being yielded may be
// removed.
func (s *store) all() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for place := s.first; place != 0; {
			n := s.nodes.at(int(place - 1))
			if !yield(n.entry) {
				return
			}
			place = n.next
		}
	}
}

func (s *store) hash(id Element) uint64 { return maphash.Comparable(s.seed, id) }

// lookUp returns the entry of an identity, nil if there is none; not for a
// hash:net,iface.
func (s *Set) lookUp(id Element) *Entry {
	for place := s.index.get(s.hash(id)); place != 0; {
		n := s.nodes.at(int(place - 1))
		if s.Type.identity(n.entry.Element) == id {
			return n.entry
		}
		place = n.chain
	}
	return nil
}

// insert adds an entry after all others. One of a hash:net,iface is put into its
// bucket by the caller.
func (s *Set) insert(e *Entry) { s.insertBefore(e, 0) }

// insertBefore adds an entry before that of a node; 0 stands for the end.
func (s *Set) insertBefore(e *Entry, next int32) {
	s.sealed = false
	n := node{entry: e, prev: s.last, next: next}
	if next != 0 {
		n.prev = s.nodes.at(int(next - 1)).prev
	}
	place := s.free
	if place != 0 {
		s.free = s.after(place)
		s.nodes.set(int(place-1), n)
	} else {
		s.nodes.push(n)
		place = int32(s.nodes.len())
	}
	e.place, e.owner = place, s.owner
	s.link(n.prev, place)
	s.linkBack(next, place)
	if s.Type != HashNetIface {
		h := s.hash(s.Type.identity(e.Element))
		first := s.index.get(h)
		s.update(place, func(n *node) { n.chain = first })
		s.index.set(h, place)
	}
	s.live++
	s.countLengths(e, 1)
}

// link sets the successor of a node, or the first node of the order.
func (s *store) link(place, next int32) {
	if place == 0 {
		s.first = next
	}
	s.update(place, func(n *node) { n.next = next })
}

// linkBack sets the predecessor of a node, or the last node of the order.
func (s *store) linkBack(place, prev int32) {
	if place == 0 {
		s.last = prev
	}
	s.update(place, func(n *node) { n.prev = prev })
}

// remove removes an entry.
func (s *Set) remove(e *Entry) {
	id := s.Type.identity(e.Element)
	if s.Type != HashNetIface {
		s.unchain(s.hash(id), e.place)
	} else if s.ownBucket(id).take(e) {
		s.buckets.set(id, nil)
	}
	s.forget(e)
}

// unchain removes a node from the chain of its hash.
func (s *store) unchain(h uint64, place int32) {
	next := s.nodes.at(int(place - 1)).chain
	p := s.index.get(h)
	if p == place {
		s.index.set(h, next)
		return
	}
	for {
		follows := s.nodes.at(int(p - 1)).chain
		if follows == place {
			s.update(p, func(n *node) { n.chain = next })
			return
		}
		p = follows
	}
}

// forget removes the entry from the order.
func (s *Set) forget(e *Entry) {
	s.sealed = false
	n := s.nodes.at(int(e.place - 1))
	s.link(n.prev, n.next)
	s.linkBack(n.next, n.prev)
	s.nodes.set(int(e.place-1), node{next: s.free})
	s.free = e.place
	s.live--
	s.countLengths(e, -1)
}

// writable returns the entry for modification, after replacing it by a copy if
// it is shared with copies of the set.
func (s *Set) writable(e *Entry) *Entry {
	if e.owner == s.owner {
		return e
	}
	s.sealed = false
	c := *e
	c.owner = s.owner
	s.update(e.place, func(n *node) { n.entry = &c })
	if s.Type == HashNetIface {
		b := s.ownBucket(s.Type.identity(e.Element))
		b.entries[slices.Index(b.entries, e)] = &c
	}
	return &c
}

// ownBucket returns the bucket of an identity for modification, copied if it is
// shared; nil if there is none.
func (s *Set) ownBucket(id Element) *bucket {
	b := s.buckets.get(id)
	if b == nil || b.owner == s.owner {
		return b
	}
	s.sealed = false
	b = &bucket{entries: slices.Clone(b.entries), left: slices.Clone(b.left), owner: s.owner}
	s.buckets.set(id, b)
	return b
}

// purge removes the entries that timed out.
func (s *Set) purge(now time.Duration) {
	if !s.mayPurge(now) {
		return
	}
	s.soonest = 0
	for e := range s.all() {
		if s.expired(e, now) {
			s.remove(e)
		} else {
			s.noteExpiry(e)
		}
	}
}

// mayPurge reports whether entries may have timed out.
func (s *store) mayPurge(now time.Duration) bool { return s.soonest != 0 && now > s.soonest }

// noteExpiry updates the earliest expiry with that of the entry.
func (s *store) noteExpiry(e *Entry) {
	if e.Expires != 0 && (s.soonest == 0 || e.Expires < s.soonest) {
		s.soonest = e.Expires
	}
}

// flush removes all entries. The counters of a bitmap's elements are kept.
func (s *Set) flush() {
	for e := range s.all() {
		if s.Type.isBitmap() {
			s.remain(s.Type.identity(e.Element), netfilter.Counters{Packets: e.Packets, Bytes: e.Bytes})
		}
	}
	remains := s.remains
	s.store = newStore()
	s.remains = remains
}

func (s *Set) remain(id Element, c netfilter.Counters) {
	if s.Counters {
		s.sealed = false
		s.remains.set(id, c)
	}
}
