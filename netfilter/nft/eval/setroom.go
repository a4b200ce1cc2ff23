package eval

import (
	"slices"
	"time"
)

// room counts the elements that occupy a set with a size. One that was deleted or
// has expired does so until the next run of the kernel's garbage collection
// (net/netfilter/nft_set_hash.c, nft_rhash_gc).
type room struct {
	gone     []time.Time // when deleted elements went that are not collected yet
	freed    int         // elements present at load that are collected, or among gone
	earliest time.Time   // no element expires before this time; the zero time: not known
	known    bool        // earliest is known
}

func (r *room) clone() room {
	c := *r
	c.gone = slices.Clone(r.gone)
	return c
}

// defaultGC is the interval of the garbage collection unless the set has one
// (nft_set_hash.c, nft_rhash_gc_init; include/net/netfilter/nf_tables.h,
// nft_set_gc_interval).
const defaultGC = time.Second

// lastGC returns the time of the last garbage collection of a set.
func (st *State) lastGC(s *set, now time.Time) time.Time {
	interval := s.model.GCInterval
	if interval <= 0 {
		interval = defaultGC
	}
	return st.loaded.Add(now.Sub(st.loaded).Truncate(interval))
}

// full reports whether the set has no room for another element.
func (st *State) full(s *set, now time.Time) bool {
	if s.size == 0 || st.occupied(s) < s.size {
		return false
	}
	st.collect(s, st.lastGC(s, now))
	return st.occupied(s) >= s.size
}

func (st *State) occupied(s *set) int {
	n := len(s.elements)
	if c := st.sets[s.index]; c != nil {
		n += len(c.added) + len(c.room.gone) - c.room.freed
	}
	return n
}

// collect frees the room of elements that went before a garbage collection.
func (st *State) collect(s *set, at time.Time) {
	c := st.changes(s)
	c.room.gone = slices.DeleteFunc(c.room.gone, func(t time.Time) bool { return t.Before(at) })
	if c.room.known && (c.room.earliest.IsZero() || c.room.earliest.After(at)) {
		return
	}
	c.room.known, c.room.earliest = true, time.Time{}
	for key, l := range c.added {
		if expired(l.expires, at) {
			delete(c.added, key)
		} else {
			c.room.expects(l.expires)
		}
	}
	for _, e := range s.elements {
		x, l := st.expiry(s, e), c.touched[e]
		if l != nil {
			x = l.expires
		}
		switch {
		case l != nil && l.deleted:
		case expired(x, at):
			st.touch(s, e).deleted = true
			c.room.freed++
		default:
			c.room.expects(x)
		}
	}
}

func expired(x, now time.Time) bool { return !x.IsZero() && !now.Before(x) }

// expects takes the time at which an element expires into account; the zero time
// is never.
func (r *room) expects(x time.Time) {
	if !x.IsZero() && (r.earliest.IsZero() || x.Before(r.earliest)) {
		r.earliest = x
	}
}

// add adds a new element.
func (c *setState) add(l *liveElement) {
	if len(c.order) > 2*len(c.added)+16 {
		c.order = slices.DeleteFunc(c.order, func(l *liveElement) bool { return c.added[string(l.from)] != l })
	}
	c.added[string(l.from)] = l
	c.order = append(c.order, l)
	c.room.expects(l.expires)
}

// remove removes an element that was deleted or expired at a time.
func (c *setState) remove(l *liveElement, at time.Time) {
	c.room.gone = append(c.room.gone, at)
	if c.added[string(l.from)] == l {
		delete(c.added, string(l.from))
		return
	}
	l.deleted = true
	c.room.freed++
}
