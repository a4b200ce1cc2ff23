package ipset

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Set is a set with its entries. It is created by New and filled through Sets.
type Set struct {
	Name string
	Type Type
	Options

	store
	hosts uint32 // addresses that share an element of a bitmap:ip
}

// New returns an empty set. The options are checked as the kernel does when it
// creates the set, and rounded in the same way.
func New(name string, t Type, o Options) (*Set, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	if int(t) >= len(types) {
		return nil, fmt.Errorf("set %s: there is no type %d", name, t)
	}
	if o.Family > netfilter.IPv6 {
		return nil, fmt.Errorf("set %s: %w", name, ErrFamily)
	}
	s := &Set{Name: name, Type: t, Options: o, store: newStore(), hosts: 1}
	if err := s.checkOptions(); err != nil {
		return nil, s.wrap(err)
	}
	return s, nil
}

func (s *Set) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("set %s: %w", s.Name, err)
}

func (s *Set) checkOptions() error {
	bits := s.hostBits()
	switch {
	case s.NetMask > bits || s.BitMask.IsValid() && (s.BitMask.BitLen() != int(bits) || s.BitMask.IsUnspecified()):
		return ErrNetmask
	case s.NetMask != 0 && s.BitMask.IsValid():
		return fmt.Errorf("%w: give one of them", ErrNetmask)
	case s.Type.isBitmap():
		return s.checkRange()
	}
	if s.BucketSize != 0 {
		s.BucketSize = min(max(s.BucketSize, 2), defaultBucket)
		s.BucketSize += s.BucketSize % 2
	}
	return nil
}

// checkRange aligns the range of a bitmap to its netmask
// (ip_set_bitmap_ip.c, bitmap_ip_create).
func (s *Set) checkRange() error {
	if s.Type == BitmapPort {
		if s.FromPort > s.ToPort {
			s.FromPort, s.ToPort = s.ToPort, s.FromPort
		}
		return nil
	}
	if !s.From.Is4() || !s.To.Is4() {
		return fmt.Errorf("a bitmap needs a range of IPv4 addresses: %w", ErrRange)
	}
	r := span{number(s.From), number(s.To)}
	elements := uint64(r.to) - uint64(r.from) + 1
	if s.NetMask != 0 && s.NetMask < 32 {
		r = span{r.from &^ hostMask(s.NetMask), r.to | hostMask(s.NetMask)}
		around := r.around()
		if around > 0 && r.to&^hostMask(around) != r.from || s.NetMask <= around {
			return ErrRange
		}
		s.hosts = hostMask(s.NetMask) + 1
		elements = 1 << (s.NetMask - around)
	}
	if elements > maxBitmapRange+1 {
		return ErrRangeSize
	}
	s.From, s.To = address(r.from), address(r.to)
	return nil
}

// around returns the length of the longest prefix, at most 31, that begins at
// the first address of the span and contains all of it; 0 if there is none.
func (s span) around() uint8 {
	for n := uint8(31); n > 0; n-- {
		if s.to&^hostMask(n) == s.from {
			return n
		}
	}
	return 0
}

// Len returns the number of entries, including those that timed out.
func (s *Set) Len() int { return s.live }

// Entries returns the entries that have not timed out at time now, in the order
// in which they are saved: those of a bitmap sorted, others in the order of
// insertion. The kernel saves a hash in the order of its buckets, which this
// package does not model.
func (s *Set) Entries(now time.Duration) iter.Seq[*Entry] {
	entries := s.all()
	if s.Type.isBitmap() {
		entries = s.sorted()
	}
	return func(yield func(*Entry) bool) {
		for e := range entries {
			if !s.expired(e, now) && !yield(e) {
				return
			}
		}
	}
}

func (s *Set) sorted() iter.Seq[*Entry] {
	return slices.Values(slices.SortedFunc(s.all(), func(a, b *Entry) int {
		return cmp.Or(a.IP.Compare(b.IP), cmp.Compare(a.Port, b.Port))
	}))
}

// Clone returns an independent copy.
func (s *Set) Clone() *Set {
	c := *s
	if s.sealed {
		c.store = s.store.clone()
		return &c
	}
	c.store = newStore()
	copies := map[*Entry]*Entry{}
	for e := range s.all() {
		entry := *e
		c.insert(&entry)
		c.noteExpiry(&entry)
		if s.Type == HashNetIface {
			copies[e] = &entry
		}
	}
	for id, b := range s.buckets.all() {
		c.buckets.set(id, b.clone(copies, c.owner))
	}
	for k, v := range s.remains.all() {
		c.remain(k, v)
	}
	return &c
}

// expired reports whether the entry timed out. Entries of a set without
// timeout, and entries whose MAC is not filled in yet, do not time out.
func (s *Set) expired(e *Entry, now time.Duration) bool {
	return e.Expires != 0 && now > e.Expires && !s.waiting(e)
}

// waiting reports whether the timeout of the entry has not been started yet.
func (s *Set) waiting(e *Entry) bool {
	return s.Type == BitmapIPMAC && !e.HasMAC
}

// find returns the entry of an element, nil if there is none; it may have timed
// out.
func (s *Set) find(e *Element) *Entry {
	if s.Type != HashNetIface {
		return s.lookUp(s.Type.identity(*e))
	}
	for _, entry := range s.bucketOf(e) {
		if entry != nil && entry.sameIface(e.Iface) {
			return entry
		}
	}
	return nil
}
