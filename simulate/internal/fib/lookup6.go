package fib

// walk6 visits the IPv6 routes that match a flow, from the longest prefix to the
// shortest; under each destination prefix source-specific routes come first.
type walk6 struct {
	t   *trie[node6]
	n   int32
	sub *trie[[]*entry] // tree by source of node n while walking it
	sn  int32
}

// first finds the longest match. A prefix whose source-specific routes all fail
// is skipped here together with its routes from anywhere, unless it is the
// default route (net/ipv6/ip6_fib.c, fib6_node_lookup_1).
func (w *walk6) first(t *trie[node6], fl *flowKey) bool {
	w.t = t
	for w.n = t.find(fl.dstKey, 128); w.n != none; w.n = t.up(w.n) {
		v := t.val(w.n)
		if v.bySrc != nil {
			if w.enter(v, fl) {
				return true
			}
			continue
		}
		if len(v.plain) > 0 {
			return true
		}
	}
	if len(t.nodes) > 0 && t.nodes[0].val != none {
		w.n = 0
		return len(t.val(0).plain) > 0
	}
	return false
}

func (w *walk6) enter(v *node6, fl *flowKey) bool {
	if sn := v.bySrc.find(fl.srcKey, 128); sn != none {
		w.sub, w.sn = v.bySrc, sn
		return true
	}
	return false
}

// next goes on to the next shorter match (net/ipv6/route.c, fib6_backtrack).
func (w *walk6) next(fl *flowKey) bool {
	if w.sub != nil {
		w.sn = w.sub.up(w.sn)
		if w.sn != none {
			return true
		}
		w.sub = nil
		if len(w.t.val(w.n).plain) > 0 {
			return true
		}
	}
	for w.n = w.t.up(w.n); w.n != none; w.n = w.t.up(w.n) {
		v := w.t.val(w.n)
		if v.bySrc != nil && w.enter(v, fl) || len(v.plain) > 0 {
			return true
		}
	}
	return false
}

func (w *walk6) entries() []*entry {
	if w.sub != nil {
		return *w.sub.val(w.sn)
	}
	return w.t.val(w.n).plain
}

// lookup6 finds the route of one table (net/ipv6/route.c, fib6_table_lookup,
// fib6_select_path).
func (t *table) lookup6(fl *flowKey, m *match) Errno {
	var w walk6
	for ok := w.first(t.v6, fl); ok; ok = w.next(fl) {
		e := select6(w.entries(), fl)
		if e == nil {
			continue
		}
		m.set6(e, fl)
		return e.typ.errno()
	}
	m.e = nil
	return errAgain
}

func (m *match) set6(e *entry, fl *flowKey) {
	m.e, m.hop, m.choice = e, 0, nil
	if e.group == nil {
		return
	}
	m.choice = e.group.all
	if fl.flags.strict && fl.want != 0 {
		m.choice = e.group.byLink[fl.want]
	}
}

// select6 chooses between the routes to one prefix: the best score of the lowest
// metric; if none of that metric fits, of all others together (rt6_select,
// find_rr_leaf).
func select6(list []*entry, fl *flowKey) *entry {
	if fl.flags.plain {
		return fl.plain6(list)
	}
	if len(list) == 0 {
		return nil
	}
	cut := 1
	for cut < len(list) && list[cut].metric == list[0].metric {
		cut++
	}
	if e := best6(list[:cut], fl); e != nil {
		return e
	}
	return best6(list[cut:], fl)
}

func best6(list []*entry, fl *flowKey) *entry {
	var best *entry
	high := -1
	for _, e := range list {
		if s := e.score6(fl); s > high {
			best, high = e, s
		}
	}
	return best
}

// score6 follows rt6_score_route: the wanted link counts 2, router preference 4
// a step. -1 means unusable. Neighbours are taken to be reachable.
func (e *entry) score6(fl *flowKey) int {
	h := &e.hops[0]
	if h.dead || !fl.flags.ignoreDown && h.idle {
		return -1
	}
	score := 0
	if fl.want == 0 || h.link.Index == fl.want {
		score = 2
	} else if fl.flags.strict {
		return -1
	}
	return score | (int(e.route.Pref)+2)<<2
}
