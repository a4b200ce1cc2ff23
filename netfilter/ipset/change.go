package ipset

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// change holds the extensions and flags with which an element is added
// (include/linux/netfilter/ipset/ip_set.h, struct ip_set_ext).
type change struct {
	Extensions // Expires is the requested timeout, from now
	packets    bool
	bytes      bool
	noMatch    bool
	wildcard   bool
	exist      bool // adding an existing element is not an error (-exist)
	packet     bool // added by a packet (SET target); an existing entry of a hash then keeps its comment
	now        time.Duration
}

// change checks the extensions of a request (ip_set_core.c,
// ip_set_get_extensions).
func (s *Set) change(r *Request, exist bool, now time.Duration) (*change, error) {
	switch {
	case r.HasTimeout && !s.HasTimeout:
		return nil, ErrNoTimeout
	case (r.HasPackets || r.HasBytes) && !s.Counters:
		return nil, ErrNoCounters
	case r.HasComment && !s.Comment:
		return nil, ErrNoComment
	case r.HasSKBInfo && !s.SKBInfo:
		return nil, ErrNoSKBInfo
	}
	c := &change{Extensions: r.Extensions, packets: r.HasPackets, bytes: r.HasBytes, noMatch: r.NoMatch,
		wildcard: r.Wildcard, exist: exist, now: now}
	if !r.HasTimeout {
		c.Expires = s.Timeout
	}
	return c, nil
}

// expires returns the time at which an entry with timeout d expires; 0 means
// never.
func (c *change) expires(d time.Duration) time.Duration {
	if d == 0 {
		return 0
	}
	return c.now + d
}

// apply sets the extensions of an entry. Counters that are not given are kept;
// all other extensions are overwritten.
func (c *change) apply(s *Set, e *Entry) {
	e.NoMatch = c.noMatch
	if c.packets && s.Counters {
		e.Packets = c.Packets
	}
	if c.bytes && s.Counters {
		e.Bytes = c.Bytes
	}
	if s.Comment && !(c.packet && !s.Type.isBitmap()) {
		e.Comment = c.Comment
	}
	if s.SKBInfo {
		e.SKBMark, e.SKBMask, e.SKBPrio, e.SKBQueue = c.SKBMark, c.SKBMask, c.SKBPrio, c.SKBQueue
	}
	if s.HasTimeout {
		e.Expires = c.expires(c.Extensions.Expires)
		s.noteExpiry(e)
	}
}

// add adds one element.
func (s *Set) add(e *Element, c *change) error {
	if s.Type.isBitmap() {
		return s.addBitmap(e, c)
	}
	return s.addHash(e, c)
}

// del deletes one element.
func (s *Set) del(e *Element, now time.Duration) error {
	if s.Type.isBitmap() {
		return s.delBitmap(e, now)
	}
	entry := s.find(e)
	if entry == nil || s.expired(entry, now) {
		return ErrNotExist
	}
	s.remove(entry)
	return nil
}

// addHash adds an element to a hash (ip_set_hash_gen.h, mtype_add). With
// forceadd, a full set drops its oldest entry here; the kernel drops one from
// the hash bucket of the new entry, which cannot be predicted.
func (s *Set) addHash(e *Element, c *change) error {
	if old := s.find(e); old != nil {
		switch {
		case s.expired(old, c.now):
			s.remove(old)
		case !c.exist:
			return ErrExist
		default:
			c.apply(s, s.writable(old))
			return nil
		}
	}
	if s.Type == HashNetIface {
		return s.addIface(e, c)
	}
	if err := s.room(c.now); err != nil {
		return err
	}
	entry := &Entry{Element: *e}
	c.apply(s, entry)
	s.insert(entry)
	return nil
}

// room ensures that the set can take another entry.
func (s *Set) room(now time.Duration) error {
	if s.live >= s.maxElem() {
		s.purge(now)
	}
	if s.live >= s.maxElem() {
		if !s.ForceAdd || s.live == 0 {
			return ErrFull
		}
		s.remove(s.at(s.first))
	}
	return nil
}

// addIface adds an element to a hash:net,iface. A freed slot of its bucket is
// reused even if the set is full.
func (s *Set) addIface(e *Element, c *change) error {
	id := s.Type.identity(*e)
	b := s.ownBucket(id)
	place := -1
	if b != nil {
		place = b.free(func(e *Entry) bool { return s.expired(e, c.now) })
	}
	if place >= 0 {
		if old := b.entries[place]; old != nil {
			s.forget(old)
		}
	} else if err := s.room(c.now); err != nil {
		return err
	} else if b = s.ownBucket(id); b != nil { // unless room removed it
		if err := s.roomInBucket(b); err != nil {
			return err
		}
	}
	if b == nil {
		b = &bucket{owner: s.owner}
		s.buckets.set(id, b)
	}
	entry := &Entry{Element: *e, Wildcard: c.wildcard}
	found := b.put(entry, place)
	if s.Counters {
		entry.Packets, entry.Bytes = found.Packets, found.Bytes
	}
	c.apply(s, entry)
	s.insert(entry)
	return nil
}

// addBitmap adds an element to a bitmap (ip_set_bitmap_gen.h, mtype_add;
// ip_set_bitmap_ipmac.c, bitmap_ipmac_do_add, bitmap_ipmac_add_timeout). The
// kernel treats an entry without MAC that has a timeout as expired.
func (s *Set) addBitmap(e *Element, c *change) error {
	id := s.Type.identity(*e)
	old := s.lookUp(id)
	if old == nil {
		remains := s.remains.get(id)
		entry := &Entry{Element: *e}
		entry.Packets, entry.Bytes = remains.Packets, remains.Bytes
		c.apply(s, entry)
		s.startTimeout(entry, c, c.Extensions.Expires, e.HasMAC)
		s.insert(entry)
		return nil
	}
	timeout := c.Extensions.Expires
	old = s.writable(old)
	switch {
	case s.waiting(old) && e.HasMAC:
		if timeout == s.Timeout {
			timeout = old.Expires
		}
		old.MAC, old.HasMAC = e.MAC, true
	case s.expired(old, c.now) || s.waiting(old) && old.Expires != 0:
		old.Comment = ""
	case !c.exist:
		return ErrExist
	default:
		old.Comment = ""
		if e.HasMAC {
			old.MAC = e.MAC
		}
	}
	c.apply(s, old)
	s.startTimeout(old, c, timeout, e.HasMAC)
	return nil
}

// startTimeout starts the timeout of the entry unless its MAC is not known yet.
// The kernel does not start it either when an entry with a MAC is added again
// without one; such an entry is expired at once.
func (s *Set) startTimeout(e *Entry, c *change, timeout time.Duration, hasMAC bool) {
	switch {
	case !s.HasTimeout:
	case s.waiting(e):
		e.Expires = timeout
	case s.Type == BitmapIPMAC && !hasMAC && timeout != 0:
		e.Expires = -1
	default:
		e.Expires = c.expires(timeout)
	}
}

// delBitmap deletes an element from a bitmap. For an entry that timed out, or
// that has a timeout and no MAC, it returns an error but deletes it
// nevertheless (ip_set_bitmap_gen.h, mtype_del).
func (s *Set) delBitmap(e *Element, now time.Duration) error {
	id := s.Type.identity(*e)
	old := s.lookUp(id)
	if old == nil {
		return ErrNotExist
	}
	s.remain(id, netfilter.Counters{Packets: old.Packets, Bytes: old.Bytes})
	gone := s.expired(old, now) || s.waiting(old) && old.Expires != 0
	s.remove(old)
	if gone {
		return ErrNotExist
	}
	return nil
}
