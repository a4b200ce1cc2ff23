package fib

// lookup4 finds the route of one table: the longest prefix with a route that
// suits TOS and output link (net/ipv4/fib_trie.c, fib_table_lookup).
func (t *table) lookup4(fl *flowKey, m *match) Errno {
	for n := t.v4.find(fl.dstKey, 32); n != none; n = t.v4.up(n) {
		for _, e := range *t.v4.val(n) {
			if e.tos != 0 && e.tos != fl.tos&tosBits4 {
				continue
			}
			if err := e.typ.errno(); err != 0 {
				m.e, m.hop, m.choice = e, none, nil
				return err
			}
			if h := e.pick4(fl); h != none {
				m.e, m.hop, m.choice = e, h, e.choice
				return 0
			}
		}
	}
	m.e = nil
	return errAgain
}

// pick4 returns the first usable next hop (fib_lookup_good_nhc).
func (e *entry) pick4(fl *flowKey) int {
	for i := range e.hops {
		h := &e.hops[i]
		if h.dead || !fl.flags.ignoreDown && h.idle {
			continue
		}
		if fl.want == 0 || fl.want == h.link.Index {
			return i
		}
	}
	return none
}

// usesLink reports whether one of the next hops goes through l
// (fib_info_nh_uses_dev).
func (e *entry) usesLink(l *link) bool {
	for i := range e.hops {
		if e.hops[i].link == l {
			return true
		}
	}
	return false
}
