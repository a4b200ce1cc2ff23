package eval

import (
	"time"
)

// setState holds the changes of a set: elements added or deleted by packets,
// and the state of stateful elements. Elements that have not changed are not in
// it.
type setState struct {
	added   map[string]*liveElement
	order   []*liveElement // added elements in the order of insertion, some of them removed since
	touched map[*element]*liveElement
	room    room
}

// liveElement is the state of an element in a session.
type liveElement struct {
	*element
	expires time.Time // zero: never
	deleted bool
	memory  []memory // of its stateful instructions
}

func (s *setState) clone() *setState {
	c := &setState{
		added:   make(map[string]*liveElement, len(s.added)),
		order:   make([]*liveElement, 0, len(s.order)),
		touched: make(map[*element]*liveElement, len(s.touched)),
		room:    s.room.clone(),
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

// lookup returns the element that matches a key and the state of its stateful
// instructions; nil if there is none.
func (st *State) lookup(s *set, key []byte, now time.Time) (*element, []memory) {
	if changes := st.sets[s.index]; changes != nil {
		if l := changes.added[string(key)]; l != nil && l.alive(now) {
			return l.element, l.memory
		}
	}
	at := lifetimes{st, s, now}
	e := s.find.find(key, at)
	if e == nil {
		if e = s.catchAll; e == nil || !at.has(e) {
			return nil, nil
		}
	}
	if len(e.stateful) == 0 {
		return e, nil
	}
	return e, st.touch(s, e).memory
}

// lifetimes determines which of the initial elements exist at a time.
type lifetimes struct {
	state *State
	set   *set
	now   time.Time
}

// has reports whether an element is neither deleted nor expired.
func (l lifetimes) has(e *element) bool {
	if changes := l.state.sets[l.set.index]; changes != nil {
		if t := changes.touched[e]; t != nil {
			return t.alive(l.now)
		}
	}
	x := l.state.expiry(l.set, e)
	return x.IsZero() || l.now.Before(x)
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
	changes := st.changes(s)
	if l := changes.touched[e]; l != nil {
		return l
	}
	l := &liveElement{element: e, expires: st.expiry(s, e), memory: make([]memory, len(e.stateful))}
	for i, f := range e.stateful {
		l.memory[i] = f.newMemory()
	}
	changes.touched[e] = l
	return l
}

// changes returns the changes of a set, created on first use.
func (st *State) changes(s *set) *setState {
	c := st.sets[s.index]
	if c == nil {
		if st.sets == nil {
			st.sets = map[int]*setState{}
		}
		c = &setState{added: map[string]*liveElement{}, touched: map[*element]*liveElement{}}
		st.sets[s.index] = c
	}
	return c
}
