package ipset

import (
	"slices"
	"time"
)

// neighbours finds, among the members that have not timed out, the one named
// and the one it shall stand next to; -1 for none.
func (s *Set) neighbours(r *Request, c *change) (member, ref int) {
	member, ref = -1, -1
	s.purge(c.now)
	s.renumber(slices.DeleteFunc(s.order, func(e *Entry) bool { return e == nil }))
	for i, e := range s.order {
		switch e.Set {
		case r.set:
			member = i
		case r.ref:
			ref = i
		}
	}
	return member, ref
}

// addMember adds a set to a list (ip_set_list_set.c, list_set_uadd).
func (s *Set) addMember(r *Request, c *change) error {
	member, ref := s.neighbours(r, c)
	switch {
	case r.ref != "" && ref < 0:
		return ErrReference
	case member >= 0 && !c.exist:
		return ErrExist
	case member >= 0:
		c.apply(s, s.order[member])
		return nil
	}
	e := &Entry{Element: Element{Set: r.set}}
	c.apply(s, e)
	s.insert(e)
	if r.ref == "" {
		return nil
	}
	if !r.before {
		ref++
	}
	order := slices.Insert(s.order[:len(s.order)-1], ref, e)
	s.renumber(order)
	return nil
}

// delMember takes a set out of a list (ip_set_list_set.c, list_set_udel).
func (s *Set) delMember(r *Request, c *change) error {
	member, ref := s.neighbours(r, c)
	switch {
	case r.ref != "" && (member < 0 || !r.adjoins(member, ref)):
		return ErrReference
	case member < 0:
		return ErrNotExist
	}
	s.remove(s.order[member])
	return nil
}

// adjoins reports whether the member stands where the request says.
func (r *Request) adjoins(member, ref int) bool {
	switch {
	case r.ref == "":
		return true
	case ref < 0:
		return false
	case r.before:
		return ref == member+1
	}
	return ref == member-1
}

// testMember reports whether a set is in a list (list_set_utest).
func (s *Set) testMember(r *Request, now time.Duration) bool {
	member, ref, n := -1, -1, 0
	for e := range s.Entries(now) {
		switch e.Set {
		case r.set:
			member = n
		case r.ref:
			ref = n
		}
		n++
	}
	return member >= 0 && r.adjoins(member, ref)
}
