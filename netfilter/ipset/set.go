package ipset

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Set is a set with its entries. Make one with New; fill it through Sets.
type Set struct {
	Name string
	Type Type
	Options

	index   map[Element]*Entry  // by identity
	buckets map[Element]*bucket // instead of index, for a hash:net,iface
	order   []*Entry            // as added; nil where one was deleted
	live    int                 // entries in order
	lengths [2]lengths          // of the networks in it
	// remains are the counters of deleted entries of a bitmap, which the kernel
	// does not clear (ip_set_bitmap_gen.h, mtype_del).
	remains map[Element]netfilter.Counters
	hosts   uint32 // addresses that share an element of a bitmap:ip
}

// New makes an empty set. The options are checked as the kernel does when it
// creates the set, and rounded in the same way.
func New(name string, t Type, o Options) (*Set, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	s := &Set{Name: name, Type: t, Options: o, index: map[Element]*Entry{}, buckets: map[Element]*bucket{}, hosts: 1}
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
// from and holds all of the span; 0 if there is none.
func (s span) around() uint8 {
	for n := uint8(31); n > 0; n-- {
		if s.to&^hostMask(n) == s.from {
			return n
		}
	}
	return 0
}

// Len returns how many entries the set has, those that timed out included.
func (s *Set) Len() int { return s.live }

// Entries returns the entries that have not timed out when now is the time, in
// the order in which they are saved: those of a bitmap sorted, others as they
// were added. The kernel's order in a hash is that of its buckets, which are
// not known here.
func (s *Set) Entries(now time.Duration) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range s.sorted() {
			if e != nil && !s.expired(e, now) && !yield(e) {
				return
			}
		}
	}
}

func (s *Set) sorted() []*Entry {
	if !s.Type.isBitmap() {
		return s.order
	}
	es := slices.DeleteFunc(slices.Clone(s.order), func(e *Entry) bool { return e == nil })
	slices.SortFunc(es, func(a, b *Entry) int {
		return cmp.Or(a.IP.Compare(b.IP), cmp.Compare(a.Port, b.Port))
	})
	return es
}

// Clone returns an independent copy.
func (s *Set) Clone() *Set {
	c := *s
	c.index = make(map[Element]*Entry, len(s.index))
	c.order = make([]*Entry, 0, s.live)
	c.live, c.lengths, c.remains = 0, [2]lengths{}, nil
	copies := map[*Entry]*Entry{}
	for _, e := range s.order {
		if e == nil {
			continue
		}
		entry := *e
		c.insert(&entry)
		if s.Type == HashNetIface {
			copies[e] = &entry
		}
	}
	c.buckets = make(map[Element]*bucket, len(s.buckets))
	for id, b := range s.buckets {
		c.buckets[id] = b.clone(copies)
	}
	for k, v := range s.remains {
		c.remain(k, v)
	}
	return &c
}

// expired reports whether the entry timed out. Nothing does in a set without
// timeout, or while its MAC is not filled in.
func (s *Set) expired(e *Entry, now time.Duration) bool {
	return e.Expires != 0 && now > e.Expires && !s.waiting(e)
}

// waiting reports whether the timeout of the entry has not begun to count.
func (s *Set) waiting(e *Entry) bool {
	return s.Type == BitmapIPMAC && !e.HasMAC
}

// insert adds an entry behind all others. One of a hash:net,iface is put into
// its bucket by the caller.
func (s *Set) insert(e *Entry) {
	if s.Type != HashNetIface {
		s.index[s.Type.identity(e.Element)] = e
	}
	e.pos = len(s.order)
	s.order = append(s.order, e)
	s.live++
	s.countLengths(e, 1)
}

// remove takes an entry out.
func (s *Set) remove(e *Entry) {
	id := s.Type.identity(e.Element)
	if s.Type != HashNetIface {
		delete(s.index, id)
	} else if s.buckets[id].take(e) {
		delete(s.buckets, id)
	}
	s.countLengths(e, -1)
	s.forget(e)
}

// forget takes the entry out of the order.
func (s *Set) forget(e *Entry) {
	s.order[e.pos] = nil
	s.live--
	if len(s.order) > 2*s.live+16 {
		s.renumber(slices.DeleteFunc(s.order, func(e *Entry) bool { return e == nil }))
	}
}

func (s *Set) renumber(order []*Entry) {
	s.order = order
	for i, e := range order {
		e.pos = i
	}
}

// purge takes out what timed out.
func (s *Set) purge(now time.Duration) {
	for _, e := range slices.Clone(s.order) {
		if e != nil && s.expired(e, now) {
			s.remove(e)
		}
	}
}

// flush takes out everything. What the counters of a bitmap stood at stays.
func (s *Set) flush() {
	for _, e := range s.order {
		if e != nil && s.Type.isBitmap() {
			s.remain(s.Type.identity(e.Element), netfilter.Counters{Packets: e.Packets, Bytes: e.Bytes})
		}
	}
	s.index, s.buckets = map[Element]*Entry{}, map[Element]*bucket{}
	s.order, s.live, s.lengths = nil, 0, [2]lengths{}
}

func (s *Set) remain(id Element, c netfilter.Counters) {
	if !s.Counters {
		return
	}
	if s.remains == nil {
		s.remains = map[Element]netfilter.Counters{}
	}
	s.remains[id] = c
}

// find returns the entry of an element, nil if there is none; it may have timed
// out.
func (s *Set) find(e *Element) *Entry {
	if s.Type != HashNetIface {
		return s.index[s.Type.identity(*e)]
	}
	for _, entry := range s.bucketOf(e) {
		if entry != nil && entry.sameIface(e.Iface) {
			return entry
		}
	}
	return nil
}
