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
	el, memory := m.state.lookup(e.set, m.regs.bytes(e.src, e.set.keyLen), m.c.Engine.Now())
	if (el != nil) == e.invert {
		m.breakRule()
		return
	}
	if el == nil {
		return
	}
	switch {
	case e.verdict:
		m.verdict = el.verdict
	case e.hasDst:
		m.regs.store(e.dst, el.data)
	}
	m.update(el.stateful, memory)
}

// update evaluates the stateful expressions of an element
// (include/net/netfilter/nf_tables_core.h, nft_set_elem_update_expr).
func (m *machine) update(list []stateful, memory []memory) {
	for i, f := range list {
		if !f.run(m, memory[i]) {
			m.breakRule()
			return
		}
	}
}
