package ipset

import (
	"container/heap"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Sets are the sets of a network namespace. The zero value has none, and the
// default limits. Sets must not be used by several goroutines at once. Copies
// made by Clone are independent and take constant time, regardless of the
// number of sets and entries.
type Sets struct {
	list   cowSlice[slot]
	names  cowMap[string, int] // index in list of the set with this name, counted from 1
	refs   cowMap[string, int] // number of lists that a set is a member of
	count  int                 // sets
	free   []int               // free indexes of list, a heap
	owner  *token              // owner of the slots that may be modified
	owned  []int               // indexes of the slots with this owner
	limits Limits
	held   int // number of entries of all sets
	epoch  time.Time
	begun  bool // epoch is set
	now    time.Duration

	batch    bool // a Batch is in progress
	expanded int  // number of elements that requests expanded to
}

// slot is an entry of the namespace's list of sets. A slot without a set is
// free; a new set takes the first free slot. A set with another owner is shared
// with a clone and is copied before it is modified.
type slot struct {
	set   *Set
	owner *token
}

// NewSets returns the sets of a namespace. The sets given are not changed, and
// must not be changed afterwards; nil is refused.
func NewSets(sets []*Set) (*Sets, error) {
	ss := &Sets{}
	for _, s := range sets {
		if s == nil {
			return nil, errors.New("a set is nil")
		}
		if !s.sealed && s.owner != nil {
			s = s.Clone() // other goroutines may read it meanwhile
		}
		if err := ss.Create(s, false); err != nil {
			return nil, err
		}
	}
	for _, s := range ss.All() {
		for e := range s.Entries(0) {
			if s.Type == ListSet && ss.Get(e.Set) == nil {
				return nil, s.wrap(fmt.Errorf("member %s: %w", e.Set, ErrNoSuchSet))
			}
		}
	}
	return ss.Copy(), nil // the copy owns none of the sets
}

// Clone implements netfilter.State. Sets are copied only when they are
// modified.
func (ss *Sets) Clone() netfilter.State { return ss.Copy() }

// Copy returns an independent copy.
func (ss *Sets) Copy() *Sets {
	if ss.owner != nil { // else nothing is written, because others may copy concurrently
		for _, i := range ss.owned {
			if s := ss.list.at(i); s.owner == ss.owner && s.set != nil {
				s.set.seal()
			}
		}
		ss.list.seal()
		ss.names.seal()
		ss.refs.seal()
		ss.owner, ss.owned = nil, nil
	}
	c := *ss
	c.list, c.names, c.refs, c.free = ss.list.clone(), ss.names.clone(), ss.refs.clone(), slices.Clone(ss.free)
	return &c
}

// Begin sets the time from which times and timeouts of the sets are counted.
func (ss *Sets) Begin(at time.Time) { ss.epoch, ss.begun = at, true }

// At sets the current time.
func (ss *Sets) At(now time.Time) { ss.now = now.Sub(ss.epoch) }

// Get returns the set of this name, nil if there is none. It must not be
// changed.
func (ss *Sets) Get(name string) *Set {
	if i := ss.find(name); i >= 0 {
		return ss.list.at(i).set
	}
	return nil
}

// find returns the index in list of the set with this name, -1 if there is
// none.
func (ss *Sets) find(name string) int { return ss.names.get(name) - 1 }

// change prepares the list of sets for modification.
func (ss *Sets) change() {
	if ss.owner == nil {
		ss.owner = &token{}
	}
}

// put stores a set, to be modified by these Sets only, in the slot at an index;
// nil frees the slot.
func (ss *Sets) put(i int, s *Set) {
	ss.change()
	if i == ss.list.len() {
		ss.list.push(slot{})
	}
	ss.list.set(i, slot{s, ss.owner})
	ss.owned = append(ss.owned, i)
}

// own returns the set of this name for modification, copied if it is shared.
func (ss *Sets) own(name string) (*Set, error) {
	i := ss.find(name)
	if i < 0 {
		return nil, fmt.Errorf("set %s: %w", name, ErrNoSuchSet)
	}
	s := ss.list.at(i)
	if s.owner == nil || s.owner != ss.owner {
		ss.put(i, s.set.Clone())
	}
	return ss.list.at(i).set, nil
}

// All returns the sets in the order in which they are saved: lists after all
// other types. They must not be modified.
func (ss *Sets) All() []*Set {
	var plain, lists []*Set
	for i := range ss.list.len() {
		switch s := ss.list.at(i).set; {
		case s == nil:
		case s.Type == ListSet:
			lists = append(lists, s)
		default:
			plain = append(plain, s)
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

// Create adds an empty set. With exist it is not an error if an equal one
// exists (ip_set_core.c, ip_set_create). Sets that New did not make are
// refused.
func (ss *Sets) Create(s *Set, exist bool) error {
	if s == nil {
		return errors.New("a set is nil")
	}
	if s.owner == nil {
		return s.wrap(errors.New("New did not make it"))
	}
	if err := CheckName(s.Name); err != nil {
		return err
	}
	if old := ss.Get(s.Name); old != nil {
		if exist && old.like(s) {
			return nil
		}
		return s.wrap(ErrSetExists)
	}
	if ss.count >= ss.limits.sets() {
		return s.wrap(&LimitError{"Sets", ss.limits.sets()})
	}
	if ss.held += s.Len(); ss.held > ss.limits.elements() {
		ss.held -= s.Len()
		return s.wrap(&LimitError{"Elements", ss.limits.elements()})
	}
	place := ss.list.len()
	if len(ss.free) > 0 {
		place = heap.Pop((*places)(&ss.free)).(int)
	}
	ss.put(place, s)
	ss.names.set(s.Name, place+1)
	ss.count++
	ss.countMembers(s, 1)
	return nil
}

// places is a min-heap of slot indexes.
type places []int

func (p places) Len() int           { return len(p) }
func (p places) Less(i, j int) bool { return p[i] < p[j] }
func (p places) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *places) Push(x any)        { *p = append(*p, x.(int)) }
func (p *places) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// countMembers updates the reference counts of the members of a list.
func (ss *Sets) countMembers(s *Set, by int) {
	if s.Type == ListSet {
		for e := range s.all() {
			ss.refs.set(e.Set, ss.refs.get(e.Set)+by)
		}
	}
}

// like reports whether sets were created with the same options, as far as the
// kernel compares them (same_set of the types). Families of hashes are not
// compared.
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
func (ss *Sets) referenced(name string) bool { return ss.refs.get(name) > 0 }

// Destroy removes a set, or all sets if the name is empty. With exist it is not
// an error if there is no such set.
func (ss *Sets) Destroy(name string, exist bool) error {
	if name == "" {
		for _, s := range ss.All() {
			if ss.referenced(s.Name) {
				return s.wrap(ErrInUse)
			}
		}
		*ss = Sets{limits: ss.limits, epoch: ss.epoch, now: ss.now, batch: ss.batch, expanded: ss.expanded}
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
	s := ss.list.at(i).set
	ss.countMembers(s, -1)
	ss.held -= s.Len()
	ss.count--
	ss.put(i, nil)
	ss.names.set(name, 0)
	heap.Push((*places)(&ss.free), i)
	return nil
}

// Flush removes all entries of a set, or of all sets if the name is empty.
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
		ss.countMembers(s, -1)
		ss.held -= s.Len()
		s.flush()
	}
	return err
}

// Rename changes the name of a set.
func (ss *Sets) Rename(from, to string) error {
	if err := CheckName(to); err != nil {
		return err
	}
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
	ss.names.set(from, 0)
	ss.names.set(to, i+1)
	return nil
}

// Swap exchanges the contents of two sets, options included. They must have the
// same element parts and the same family.
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
	at, bt := ss.list.at(i), ss.list.at(j)
	ss.list.set(i, bt)
	ss.list.set(j, at)
	return nil
}

// features of types that must agree for a swap (ip_set.h, IPSET_TYPE_*).
func (t Type) features() [7]bool {
	info := t.info()
	return [7]bool{t.has(partIP) || t.has(partNet), t.has(partPort), t.has(partMAC), t.has(partMark), t.has(partIface),
		t.has(partName), len(info.parts) > 1 && (info.parts[len(info.parts)-1] == partIP || info.parts[len(info.parts)-1] == partNet)}
}

func (t Type) swappable(o Type) bool {
	return t.features() == o.features() && t.HasNomatch() == o.HasNomatch() && t.HasFamily() == o.HasFamily()
}
