package ipset

import (
	"time"
)

// neighbours removes members that timed out and returns the member named by the
// request and the one it is to be placed next to, nil for none. A member cannot
// be placed next to itself.
func (ss *Sets) neighbours(s *Set, r *Request, c *change) (member, ref *Entry) {
	if s.mayPurge(c.now) {
		ss.countMembers(s, -1)
		s.purge(c.now)
		ss.countMembers(s, 1)
	}
	if r.ref != "" && r.ref != r.set {
		ref = s.find(&Element{Set: r.ref})
	}
	return s.find(&Element{Set: r.set}), ref
}

// addMember adds a set to a list (ip_set_list_set.c, list_set_uadd).
func (ss *Sets) addMember(s *Set, r *Request, c *change) error {
	member, ref := ss.neighbours(s, r, c)
	switch {
	case r.ref != "" && ref == nil:
		return ErrReference
	case member != nil && !c.exist:
		return ErrExist
	case member != nil:
		c.apply(s, s.writable(member))
		return nil
	}
	if err := ss.mayHold(0); err != nil {
		return err
	}
	e := &Entry{Element: Element{Set: r.set}}
	ss.refs.set(r.set, ss.refs.get(r.set)+1)
	c.apply(s, e)
	switch {
	case r.ref == "":
		s.insert(e)
	case r.before:
		s.insertBefore(e, ref.place)
	default:
		s.insertBefore(e, s.after(ref.place))
	}
	return nil
}

// delMember removes a set from a list (ip_set_list_set.c, list_set_udel).
func (ss *Sets) delMember(s *Set, r *Request, c *change) error {
	member, ref := ss.neighbours(s, r, c)
	switch {
	case r.ref != "" && (member == nil || !s.adjoins(r, member, ref, c.now)):
		return ErrReference
	case member == nil:
		return ErrNotExist
	}
	s.remove(member)
	ss.refs.set(r.set, ss.refs.get(r.set)-1)
	return nil
}

// adjoins reports whether the member is in the position that the request names,
// ignoring members that timed out.
func (s *Set) adjoins(r *Request, member, ref *Entry, now time.Duration) bool {
	switch {
	case r.ref == "":
		return true
	case ref == nil:
		return false
	case r.before:
		return s.follows(member, now) == ref
	}
	return s.follows(ref, now) == member
}

// follows returns the next entry that has not timed out, nil if there is none.
func (s *Set) follows(e *Entry, now time.Duration) *Entry {
	for place := s.after(e.place); place != 0; place = s.after(place) {
		if next := s.at(place); !s.expired(next, now) {
			return next
		}
	}
	return nil
}

// testMember reports whether a set is in a list (list_set_utest).
func (s *Set) testMember(r *Request, now time.Duration) bool {
	member := s.find(&Element{Set: r.set})
	if member == nil || s.expired(member, now) {
		return false
	}
	var ref *Entry
	if r.ref != "" && r.ref != r.set {
		if ref = s.find(&Element{Set: r.ref}); ref == nil || s.expired(ref, now) {
			return false
		}
	}
	return s.adjoins(r, member, ref, now)
}
