package ipset

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Sets are the sets of a network namespace. The zero value has none. They are
// for one goroutine at a time; copies made by Clone are independent.
type Sets struct {
	list  []slot
	names map[string]int // where in list the set of a name is
	// borrowed says that names is shared with a clone and is copied before it
	// changes.
	borrowed bool
	epoch    time.Time
	now      time.Duration
}

// slot is a place for a set in a namespace; without one it is free, and the next
// set made takes the first that is free. A set that is not owned is shared with
// a clone and is copied before it changes.
type slot struct {
	set   *Set
	owned bool
}

// NewSets returns the sets of a namespace. The sets given are not changed, and
// must not be changed afterwards.
func NewSets(sets []*Set) (*Sets, error) {
	ss := &Sets{}
	for _, s := range sets {
		if err := ss.Create(s, false); err != nil {
			return nil, err
		}
	}
	ss = ss.Copy() // which owns none of them
	for _, s := range sets {
		for e := range s.Entries(0) {
			if s.Type == ListSet && ss.Get(e.Set) == nil {
				return nil, s.wrap(fmt.Errorf("member %s: %w", e.Set, ErrNoSuchSet))
			}
		}
	}
	return ss, nil
}

// Clone implements netfilter.State. Nothing is copied before it changes.
func (ss *Sets) Clone() netfilter.State { return ss.Copy() }

// Copy returns an independent copy.
func (ss *Sets) Copy() *Sets {
	for i := range ss.list {
		if ss.list[i].owned { // else it is not written, for others may copy, too
			ss.list[i].owned = false
		}
	}
	if !ss.borrowed {
		ss.borrowed = true
	}
	c := *ss
	c.list = slices.Clone(ss.list)
	return &c
}

// Begin says at which time the timeouts of the sets began to count.
func (ss *Sets) Begin(at time.Time) { ss.epoch = at }

// At says what time it is.
func (ss *Sets) At(now time.Time) { ss.now = now.Sub(ss.epoch) }

// Get returns the set of this name, nil if there is none. It must not be
// changed.
func (ss *Sets) Get(name string) *Set {
	if i := ss.find(name); i >= 0 {
		return ss.list[i].set
	}
	return nil
}

func (ss *Sets) find(name string) int {
	if i, ok := ss.names[name]; ok {
		return i
	}
	return -1
}

// place notes where the set of a name is; with a negative place it is gone.
func (ss *Sets) place(name string, i int) {
	if ss.borrowed || ss.names == nil {
		names := make(map[string]int, len(ss.names)+1)
		maps.Copy(names, ss.names)
		ss.names, ss.borrowed = names, false
	}
	if i < 0 {
		delete(ss.names, name)
		return
	}
	ss.names[name] = i
}

// own returns the set of this name ready for changing.
func (ss *Sets) own(name string) (*Set, error) {
	i := ss.find(name)
	if i < 0 {
		return nil, fmt.Errorf("set %s: %w", name, ErrNoSuchSet)
	}
	if !ss.list[i].owned {
		ss.list[i] = slot{ss.list[i].set.Clone(), true}
	}
	return ss.list[i].set, nil
}

// All returns the sets in the order in which they are saved: lists behind all
// others. They must not be changed.
func (ss *Sets) All() []*Set {
	var plain, lists []*Set
	for _, s := range ss.list {
		switch {
		case s.set == nil:
		case s.set.Type == ListSet:
			lists = append(lists, s.set)
		default:
			plain = append(plain, s.set)
		}
	}
	return append(plain, lists...)
}

// AppendSave appends the sets as "ipset save" prints them.
func (ss *Sets) AppendSave(b []byte) []byte {
	for _, s := range ss.All() {
		b = s.AppendSave(b, ss.now)
	}
	return b
}

// Create adds an empty set. With exist it is no error if there is one just like
// it (ip_set_core.c, ip_set_create).
func (ss *Sets) Create(s *Set, exist bool) error {
	if old := ss.Get(s.Name); old != nil {
		if exist && old.like(s) {
			return nil
		}
		return s.wrap(ErrSetExists)
	}
	free := len(ss.list)
	if len(ss.names) < len(ss.list) {
		free = slices.IndexFunc(ss.list, func(s slot) bool { return s.set == nil })
		ss.list[free] = slot{s, true}
	} else {
		ss.list = append(ss.list, slot{s, true})
	}
	ss.place(s.Name, free)
	return nil
}

// like reports whether sets were created alike as far as the kernel compares
// (same_set of the types). Families of hashes are not compared.
func (s *Set) like(o *Set) bool {
	same := s.Type == o.Type && s.HasTimeout == o.HasTimeout && s.Timeout == o.Timeout && s.Counters == o.Counters &&
		s.Comment == o.Comment && s.SKBInfo == o.SKBInfo
	switch {
	case !same:
		return false
	case s.Type.isBitmap():
		return s.From == o.From && s.To == o.To && s.FromPort == o.FromPort && s.ToPort == o.ToPort && s.hosts == o.hosts
	case s.Type == ListSet:
		return max(s.size(), minListSize) == max(o.size(), minListSize)
	}
	return s.maxElem() == o.maxElem() && s.mask() == o.mask() && s.markMask() == o.markMask()
}

// referenced reports whether the set is a member of another.
func (ss *Sets) referenced(name string) bool {
	return slices.ContainsFunc(ss.list, func(s slot) bool {
		return s.set != nil && s.set.Type == ListSet && s.set.find(&Element{Set: name}) != nil
	})
}

// Destroy removes a set, or with an empty name all sets. With exist it is no
// error if there is no such set.
func (ss *Sets) Destroy(name string, exist bool) error {
	if name == "" {
		for _, s := range ss.All() {
			if ss.referenced(s.Name) {
				return s.wrap(ErrInUse)
			}
		}
		ss.list, ss.names, ss.borrowed = nil, nil, false
		return nil
	}
	i := ss.find(name)
	switch {
	case i < 0 && exist:
		return nil
	case i < 0:
		return fmt.Errorf("set %s: %w", name, ErrNoSuchSet)
	case ss.referenced(name):
		return fmt.Errorf("set %s: %w", name, ErrInUse)
	}
	ss.list[i] = slot{}
	ss.place(name, -1)
	return nil
}

// Flush empties a set, or with an empty name all sets.
func (ss *Sets) Flush(name string) error {
	if name == "" {
		for _, s := range ss.All() {
			if err := ss.Flush(s.Name); err != nil {
				return err
			}
		}
		return nil
	}
	s, err := ss.own(name)
	if err == nil {
		s.flush()
	}
	return err
}

// Rename gives a set another name.
func (ss *Sets) Rename(from, to string) error {
	s, err := ss.own(from)
	switch {
	case err != nil:
		return err
	case ss.referenced(from):
		return s.wrap(ErrInUse)
	case ss.Get(to) != nil:
		return fmt.Errorf("set %s: %w", to, ErrSetExists)
	}
	s.Name = to
	i := ss.find(from)
	ss.place(from, -1)
	ss.place(to, i)
	return nil
}

// Swap exchanges the contents of two sets, options included, which must be
// alike in the parts of their elements and in family.
func (ss *Sets) Swap(from, to string) error {
	a, err := ss.own(from)
	if err != nil {
		return err
	}
	b, err := ss.own(to)
	if err != nil {
		return err
	}
	if !a.Type.swappable(b.Type) || a.Type.HasFamily() && a.Family != b.Family {
		return a.wrap(ErrTypeMismatch)
	}
	i, j := ss.find(from), ss.find(to)
	a.Name, b.Name = b.Name, a.Name
	ss.list[i], ss.list[j] = ss.list[j], ss.list[i]
	return nil
}

// features of types that must agree for a swap (ip_set.h, IPSET_TYPE_*).
func (t Type) features() [7]bool {
	info := &types[t]
	return [7]bool{t.has(partIP) || t.has(partNet), t.has(partPort), t.has(partMAC), t.has(partMark), t.has(partIface),
		t.has(partName), len(info.parts) > 1 && (info.parts[len(info.parts)-1] == partIP || info.parts[len(info.parts)-1] == partNet)}
}

func (t Type) swappable(o Type) bool {
	return t.features() == o.features() && t.HasNomatch() == o.HasNomatch() && t.HasFamily() == o.HasFamily()
}
