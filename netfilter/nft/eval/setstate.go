package eval

import (
	"time"
)

// setState holds the changes of a set: elements added or deleted by packets,
// and the state of stateful elements. Elements that have not changed are not in
// it.
type setState struct {
	added   map[string]*liveElement
	order   []*liveElement // added elements in the order of insertion
	touched map[*element]*liveElement
}

// liveElement is the state of an element in a session.
type liveElement struct {
	*element
	expires time.Time // zero: never
	deleted bool
	memory  []memory // of its stateful instructions
}

func (s *setState) clone() *setState {
	if s == nil {
		return nil
	}
	c := &setState{
		added:   make(map[string]*liveElement, len(s.added)),
		order:   make([]*liveElement, 0, len(s.order)),
		touched: make(map[*element]*liveElement, len(s.touched)),
	}
	for _, l := range s.order {
		if s.added[string(l.from)] == l {
			l = l.clone()
			c.added[string(l.from)] = l
			c.order = append(c.order, l)
		}
	}
	for e, l := range s.touched {
		c.touched[e] = l.clone()
	}
	return c
}

func (l *liveElement) clone() *liveElement {
	c := *l
	c.memory = make([]memory, len(l.memory))
	for i, m := range l.memory {
		c.memory[i] = m.clone()
	}
	return &c
}

// alive reports whether the element is there at a time.
func (l *liveElement) alive(now time.Time) bool {
	return !l.deleted && (l.expires.IsZero() || now.Before(l.expires))
}

// lookup returns the element that matches a key; nil if there is none.
func (st *State) lookup(s *set, key []byte, now time.Time) *liveElement {
	changes := st.sets[s.index]
	if changes != nil {
		if l := changes.added[string(key)]; l != nil && l.alive(now) {
			return l
		}
	}
	e := s.find.find(key, func(e *element) bool { return st.isAlive(s, e, now) })
	if e == nil {
		if s.catchAll == nil || !st.isAlive(s, s.catchAll, now) {
			return nil
		}
		e = s.catchAll
	}
	if changes != nil {
		if l := changes.touched[e]; l != nil {
			return l
		}
	}
	if len(e.stateful) == 0 {
		return &liveElement{element: e, expires: st.expiry(s, e)}
	}
	return st.touch(s, e)
}

// isAlive reports whether an element present at load is neither deleted nor
// expired.
func (st *State) isAlive(s *set, e *element, now time.Time) bool {
	if changes := st.sets[s.index]; changes != nil {
		if l := changes.touched[e]; l != nil {
			return l.alive(now)
		}
	}
	x := st.expiry(s, e)
	return x.IsZero() || now.Before(x)
}

// expiry returns the time at which an element present at load expires; the zero
// time if it does not.
func (st *State) expiry(s *set, e *element) time.Time {
	left := e.expires
	if left == 0 {
		left = e.timeout
	}
	if left == 0 {
		left = s.timeout
	}
	if left == 0 {
		return time.Time{}
	}
	return st.loaded.Add(left)
}

// touch returns the mutable state of an element, created on first use.
func (st *State) touch(s *set, e *element) *liveElement {
	l := &liveElement{element: e, expires: st.expiry(s, e), memory: make([]memory, len(e.stateful))}
	for i, f := range e.stateful {
		l.memory[i] = f.newMemory()
	}
	st.changes(s).touched[e] = l
	return l
}

// changes returns the changes of a set, created on first use.
func (st *State) changes(s *set) *setState {
	c := st.sets[s.index]
	if c == nil {
		c = &setState{added: map[string]*liveElement{}, touched: map[*element]*liveElement{}}
		st.sets[s.index] = c
	}
	return c
}

// full reports whether the set is full, after removing expired elements.
func (st *State) full(s *set, now time.Time) bool {
	if s.size == 0 || st.count(s) < s.size {
		return false
	}
	changes := st.changes(s)
	for key, l := range changes.added {
		if !l.alive(now) {
			delete(changes.added, key)
		}
	}
	for _, e := range s.elements {
		if changes.touched[e] == nil && !st.isAlive(s, e, now) {
			st.touch(s, e)
		}
	}
	for _, l := range changes.touched {
		l.deleted = l.deleted || !l.alive(now)
	}
	return st.count(s) >= s.size
}

// count returns the number of elements, including expired ones that have not
// been removed yet.
func (st *State) count(s *set) int {
	n := len(s.elements)
	if changes := st.sets[s.index]; changes != nil {
		n += len(changes.added)
		for _, l := range changes.touched {
			if l.deleted {
				n--
			}
		}
	}
	return n
}
