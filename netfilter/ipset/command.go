package ipset

import (
	"errors"
	"fmt"
	"time"
)

// Add adds the elements of a request to a set. With exist, elements that exist
// already are not an error, and their extensions are overwritten.
func (ss *Sets) Add(name string, r Request, exist bool) error {
	return ss.do(name, &r, exist, func(s *Set, c *change) error {
		if s.Type == ListSet {
			return ss.addMember(s, &r, c)
		}
		before := s.Len()
		return s.expand(&r, func(e *Element) error {
			if err := ss.expand(); err != nil {
				return err
			}
			if err := ss.mayHold(s.Len() - before); err != nil && s.find(e) == nil {
				return err
			}
			return ignore(s.add(e, c), ErrExist, exist)
		})
	})
}

// Del deletes the elements of a request from a set. With exist, missing
// elements are not an error.
func (ss *Sets) Del(name string, r Request, exist bool) error {
	return ss.do(name, &r, exist, func(s *Set, c *change) error {
		if s.Type == ListSet {
			return ignore(ss.delMember(s, &r, c), ErrNotExist, exist)
		}
		return s.expand(&r, func(e *Element) error {
			if err := ss.expand(); err != nil {
				return err
			}
			return ignore(s.del(e, c.now), ErrNotExist, exist)
		})
	})
}

// Test reports whether an element is in a set; an element that the set could
// not store is not. With Request.NoMatch it reports whether the element is an
// exception. The only error is that there is no such set.
func (ss *Sets) Test(name string, r Request) (bool, error) {
	s := ss.Get(name)
	switch {
	case s == nil:
		return false, fmt.Errorf("set %s: %w", name, ErrNoSuchSet)
	case s.Type == ListSet:
		return ss.checkMember(&r) == nil && s.testMember(&r, ss.now), nil
	}
	return s.testRequest(&r, ss.now), nil
}

func (s *Set) testRequest(r *Request, now time.Duration) bool {
	e, err := s.single(r)
	if err != nil {
		return false
	}
	if s.Type == BitmapIPMAC {
		return s.testMAC(&e, now)
	}
	l := lookup{now: now}
	o := l.test(s, &e)
	if r.NoMatch && s.Type.HasNomatch() {
		return o == noMatch
	}
	return o == hit
}

// testMAC reports whether an entry matches the MAC of the request. An entry
// without MAC matches any, and a request without MAC matches any entry, even
// one that timed out (ip_set_bitmap_ipmac.c, bitmap_ipmac_do_test).
func (s *Set) testMAC(e *Element, now time.Duration) bool {
	entry := s.find(e)
	switch {
	case entry == nil:
		return false
	case !e.HasMAC || s.waiting(entry):
		return true
	}
	return entry.MAC == e.MAC && !s.expired(entry, now)
}

func (ss *Sets) do(name string, r *Request, exist bool, f func(*Set, *change) error) error {
	s, err := ss.own(name)
	if err != nil {
		return err
	}
	c, err := s.change(r, exist, ss.now)
	if err == nil && s.Type == ListSet {
		err = ss.checkMember(r)
	}
	if err == nil {
		if !ss.batch {
			ss.expanded = 0
		}
		before := s.Len()
		err = f(s, c)
		ss.held += s.Len() - before
	}
	return s.wrap(err)
}

// checkMember refuses members that do not exist or are lists themselves
// (ip_set_list_set.c, list_set_uadt).
func (ss *Sets) checkMember(r *Request) error {
	m := ss.Get(r.set)
	switch {
	case m == nil:
		return fmt.Errorf("member %s: %w", r.set, ErrNoSuchSet)
	case m.Type == ListSet:
		return fmt.Errorf("member %s: %w", r.set, ErrNested)
	case r.ref != "" && ss.Get(r.ref) == nil:
		return fmt.Errorf("member %s: %w", r.ref, ErrNoReference)
	}
	return nil
}

func ignore(err, this error, yes bool) error {
	if yes && errors.Is(err, this) {
		return nil
	}
	return err
}
