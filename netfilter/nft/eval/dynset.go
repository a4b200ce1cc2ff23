package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// dynset adds, updates or deletes an element of a set
// (net/netfilter/nft_dynset.c).
type dynset struct {
	op       nft.DynsetOp
	set      *set
	key      register
	hasData  bool
	data     register
	dataLen  int
	timeout  time.Duration // 0: that of the set
	stateful []stateful
	exprs    []nft.Expr // the expressions in the model
}

func (e *dynset) eval(m *machine) {
	key := m.regs.bytes(e.key, e.set.keyLen)
	now := m.c.Engine.Now()
	changes := m.state.changes(e.set)
	l := m.state.exact(e.set, key, now)
	switch {
	case e.op == nft.DynsetDelete:
		if l != nil {
			changes.remove(l, now)
		}
		return
	case l == nil:
		if m.state.full(e.set, now) {
			m.breakRule()
			return
		}
		l = e.newElement(m, key, now)
		changes.add(l)
	case e.op == nft.DynsetUpdate:
		if t := e.lifetime(); t != 0 {
			l.expires = now.Add(t)
		}
	}
	m.update(l.stateful, l.memory)
}

// lifetime returns the timeout of a new element; 0 means that it does not
// expire.
func (e *dynset) lifetime() time.Duration {
	if e.timeout != 0 {
		return e.timeout
	}
	return e.set.timeout
}

// newElement creates the element of a key (nft_dynset_new).
func (e *dynset) newElement(m *machine, key []byte, now time.Time) *liveElement {
	el := &element{from: append([]byte(nil), key...), timeout: e.timeout, stateful: e.stateful, exprs: e.exprs}
	if len(el.stateful) == 0 {
		el.stateful, el.exprs = e.set.stateful, e.set.model.Exprs
	}
	if e.hasData {
		el.data = append([]byte(nil), m.regs.bytes(e.data, e.dataLen)...)
	}
	l := &liveElement{element: el}
	if t := e.lifetime(); t != 0 {
		l.expires = now.Add(t)
	}
	for _, f := range el.stateful {
		l.memory = append(l.memory, f.newMemory())
	}
	return l
}

// exact returns the element whose key is this one; nil if there is none.
func (st *State) exact(s *set, key []byte, now time.Time) *liveElement {
	changes := st.changes(s)
	if l := changes.added[string(key)]; l != nil {
		if l.alive(now) {
			return l
		}
		changes.remove(l, l.expires)
	}
	e := s.find.find(key, lifetimes{st, s, now})
	if e == nil {
		return nil
	}
	return st.touch(s, e)
}
