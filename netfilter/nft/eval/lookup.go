package eval

// lookup looks up a key in a set, and loads the data of a map
// (net/netfilter/nft_lookup.c, nft_lookup_eval). The stateful expressions of
// the element, such as a counter, are then evaluated.
type lookup struct {
	src     register
	set     *set
	invert  bool
	hasDst  bool
	dst     register
	verdict bool // the data is a verdict
}

func (e *lookup) eval(m *machine) {
	l := m.state.lookup(e.set, m.regs.bytes(e.src, e.set.keyLen), m.c.Engine.Now())
	if (l != nil) == e.invert {
		m.breakRule()
		return
	}
	if l == nil {
		return
	}
	switch {
	case e.verdict:
		m.verdict = l.element.verdict
	case e.hasDst:
		m.regs.store(e.dst, l.data)
	}
	l.run(m)
}

// run evaluates the stateful expressions of the element
// (include/net/netfilter/nf_tables_core.h, nft_set_elem_update_expr).
func (l *liveElement) run(m *machine) {
	for i, f := range l.stateful {
		if !f.run(m, l.memory[i]) {
			m.breakRule()
			return
		}
	}
}
