package netfilter

// tableUpdate checks a table that shares chains with one that was checked.
type tableUpdate struct {
	table    *CheckedTable
	agreeing bool            // a rule that differs shares a table with conditions (Agreeing)
	before   map[int32]Hooks // hooks that chains were reached from before, of those that are owned
	family   Family
	backend  Backend
}

// update returns nil if the table may be refused: then all of it has to be checked.
func (t *CheckedTable) update(rs *Ruleset, to *Table) *tableUpdate {
	d, ok := diffChains(t.table.Chains, to.Chains)
	if !ok || to.checkComments() != nil {
		return nil
	}
	n := &CheckedTable{table: to, names: t.names.clone(), nodes: append(make([]*checkedChain, 0, len(t.nodes)+len(d.added)), t.nodes...),
		free: append([]int32(nil), t.free...), own: new(byte), since: t.own}
	u := &tableUpdate{table: n, before: map[int32]Hooks{}, family: rs.Family, backend: rs.Backend}
	for _, c := range d.moved {
		for _, r := range c.Rules {
			u.agreeing = u.agreeing || r.agrees()
		}
	}
	edits, ok := u.assignNumbers(d)
	if !ok || !u.connect(edits) || u.loops(edits) || !u.checkRules(edits) {
		return nil
	}
	return u
}

// chainEdit is a chain that differs.
type chainEdit struct {
	number   int32
	old, new *Chain // nil for a chain that was added or removed
	// Rules with equal pointers at the start and at the end of both.
	head, tail int
	calls      []int32 // jumps that only the new chain has, and maybe some of both
	whole      bool    // rules that both share may be reached from other hooks than before
}

// assignNumbers gives the chains that differ their numbers.
func (u *tableUpdate) assignNumbers(d chainDiff) (edits []chainEdit, ok bool) {
	n := u.table
	info, _ := TableInfoFor(n.table.Name)
	for _, c := range d.removed {
		number, known := n.names.number(c.Name)
		if !known || c.Builtin() {
			return nil, false
		}
		n.names.over[c.Name] = noChain
		edits = append(edits, chainEdit{number: number, old: c})
	}
	for _, p := range d.replaced {
		number, known := n.names.number(p.new.Name)
		if !known || p.old.Builtin() != p.new.Builtin() {
			return nil, false
		}
		edits = append(edits, chainEdit{number: number, old: p.old, new: p.new})
	}
	for _, c := range d.added {
		if _, known := n.names.number(c.Name); known || c.Builtin() {
			return nil, false
		}
		number := int32(len(n.nodes))
		if last := len(n.free) - 1; last >= 0 {
			number, n.free = n.free[last], n.free[:last]
		} else {
			n.nodes = append(n.nodes, nil)
		}
		n.nodes[number] = &checkedChain{chain: c, owner: n.own}
		n.names.over[c.Name] = number
		edits = append(edits, chainEdit{number: number, new: c})
	}
	for i := range edits {
		e := &edits[i]
		if e.new != nil && (checkChain(info, e.new) != nil || len(e.new.missing(n.table)) > 0) {
			return nil, false
		}
		e.trim()
		n.changed = append(n.changed, e.number)
	}
	return edits, true
}

// trim finds the rules that both chains share at their ends.
func (e *chainEdit) trim() {
	if e.old == nil || e.new == nil {
		return
	}
	a, b := e.old.Rules, e.new.Rules
	most := min(len(a), len(b))
	for e.head < most && a[e.head] == b[e.head] {
		e.head++
	}
	for e.tail < most-e.head && a[len(a)-1-e.tail] == b[len(b)-1-e.tail] {
		e.tail++
	}
}

// edit returns a chain that may be changed.
func (u *tableUpdate) edit(number int32) *checkedChain {
	c := u.table.nodes[number]
	if c.owner != u.table.own {
		own := *c
		own.owner = u.table.own
		u.before[number] = c.hooks()
		c = &own
		u.table.nodes[number] = c
	}
	return c
}

// connect replaces the jumps of the chains that differ; false if one leads nowhere.
func (u *tableUpdate) connect(edits []chainEdit) bool {
	n := u.table
	for i := range edits {
		e := &edits[i]
		node := u.edit(e.number)
		calls, idle := node.calls, node.idle
		e.whole = e.old == nil || node.end < len(e.old.Rules)
		node.calls, node.idle, node.end = nil, nil, 0
		if e.new != nil {
			node.chain = e.new
			if !u.resolve(node) {
				return false
			}
		}
		head, tail := 0, 0
		for most := min(len(calls), len(node.calls)); head < most && calls[head] == node.calls[head]; {
			head++
		}
		for most := min(len(calls), len(node.calls)) - head; tail < most && calls[len(calls)-1-tail] == node.calls[len(node.calls)-1-tail]; {
			tail++
		}
		e.calls = node.calls[head : len(node.calls)-tail]
		hooks := node.hooks()
		u.refer(e.calls, 1, hooks)
		u.refer(node.idle, 1, 0)
		u.refer(calls[head:len(calls)-tail], -1, hooks)
		u.refer(idle, -1, 0)
	}
	for _, e := range edits {
		if e.new != nil {
			continue
		}
		if n.nodes[e.number].refs > 0 {
			return false // a rule still jumps to it
		}
		n.nodes[e.number] = nil
		n.free = append(n.free, e.number)
	}
	return true
}

// resolve finds the chains that the rules of a chain jump to.
func (u *tableUpdate) resolve(c *checkedChain) bool {
	rules := c.chain.Rules
	c.end = len(rules)
	for i, r := range rules {
		j, ok := r.Target.(*Jump)
		switch {
		case ok:
			to, known := u.table.names.number(j.Chain)
			if !known || u.table.nodes[to].chain.Builtin() {
				return false
			}
			if i < c.end {
				c.calls = append(c.calls, to)
			} else {
				c.idle = append(c.idle, to)
			}
		case r.Goto:
			return false
		case i < c.end && endsChain(r):
			c.end = i + 1
		}
	}
	return true
}

// refer adds n to the number of rules that jump to the chains of a list, and that are
// reached from these hooks. What the chains are reached from changes with it.
func (u *tableUpdate) refer(list []int32, n int32, hooks Hooks) {
	for _, to := range list {
		u.edit(to).refs += n
		for h := Prerouting; h < NumHooks; h++ {
			if hooks.Has(h) {
				u.reach(to, h, n)
			}
		}
	}
}

// reach adds n to the number of jumps to a chain that are reached from a hook.
func (u *tableUpdate) reach(to int32, h Hook, n int32) {
	for stack := []int32{to}; len(stack) > 0; {
		c := u.edit(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		was := c.from[h] > 0
		if c.from[h] += n; was != (c.from[h] > 0) {
			stack = append(stack, c.calls...)
		}
	}
}

// loops reports whether a new jump that can be reached closes a loop.
func (u *tableUpdate) loops(edits []chainEdit) bool {
	for i := range edits {
		e := &edits[i]
		if e.new == nil || u.table.nodes[e.number].hooks() == 0 {
			continue
		}
		const active, done = 1, 2
		state := map[int32]int{e.number: active}
		var visit func(n int32) bool
		visit = func(n int32) bool {
			state[n] = active
			for _, to := range u.table.nodes[n].calls {
				if state[to] == active || state[to] == 0 && visit(to) {
					return true
				}
			}
			state[n] = done
			return false
		}
		for _, to := range e.calls {
			if state[to] == active || state[to] == 0 && visit(to) {
				return true
			}
		}
	}
	return false
}

// checkRules checks the rules that differ and those that are reached from further hooks.
func (u *tableUpdate) checkRules(edits []chainEdit) bool {
	for _, e := range edits {
		for _, c := range []*Chain{e.old, e.new} {
			if c == nil {
				continue
			}
			for _, r := range c.Rules[e.head : len(c.Rules)-e.tail] {
				u.agreeing = u.agreeing || r.agrees()
			}
		}
		if e.new == nil {
			continue
		}
		node := u.table.nodes[e.number]
		from, to := e.head, len(e.new.Rules)-e.tail
		if e.whole || node.end < len(e.new.Rules) {
			from, to = 0, len(e.new.Rules)
		}
		if !u.check(node, from, to) {
			return false
		}
	}
	for number, before := range u.before {
		if node := u.table.nodes[number]; node != nil && node.hooks()&^before != 0 && !u.check(node, 0, len(node.chain.Rules)) {
			return false
		}
	}
	return true
}

// check reports whether the rules of a chain with indexes from from (inclusive) to to
// (exclusive) are accepted.
func (u *tableUpdate) check(c *checkedChain, from, to int) bool {
	for i := from; i < to; i++ {
		p := CheckContext{Family: u.family, Backend: u.backend, Table: u.table.table.Name, Hooks: c.hooksOf(i), Rule: c.chain.Rules[i]}
		if p.check(c.chain) != nil {
			return false
		}
	}
	return true
}

// agrees reports whether an extension of the rule shares a table with conditions.
func (r *Rule) agrees() bool {
	for e := range r.extensions {
		if _, ok := e.(Agreeing); ok {
			return true
		}
	}
	return false
}

// chainDiff is how the chains of two tables differ.
type chainDiff struct {
	removed, added []*Chain
	moved          []*Chain // have another position
	replaced       []chainPair
}

// chainPair is a chain of both tables.
type chainPair struct{ old, new *Chain }

// diffChains compares the chains of tables by pointer; false if there is a nil chain or two
// have the same name.
func diffChains(old, new []*Chain) (d chainDiff, ok bool) {
	for len(old) > 0 && len(new) > 0 && old[0] == new[0] {
		old, new = old[1:], new[1:]
	}
	for len(old) > 0 && len(new) > 0 && old[len(old)-1] == new[len(new)-1] {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	for len(old) > 0 || len(new) > 0 {
		switch {
		case len(new) > 0 && new[0] == nil:
			return d, false
		case len(old) == 0 || len(new) > 1 && new[1] == old[0] && new[0] != old[0]:
			d.added, new = append(d.added, new[0]), new[1:]
			continue
		case len(new) == 0 || len(old) > 1 && old[1] == new[0] && new[0] != old[0]:
			d.removed, old = append(d.removed, old[0]), old[1:]
			continue
		case old[0] == new[0]:
		case old[0].Name == new[0].Name:
			d.replaced = append(d.replaced, chainPair{old[0], new[0]})
		default:
			d.removed, d.added = append(d.removed, old[0]), append(d.added, new[0])
		}
		old, new = old[1:], new[1:]
	}
	return d, d.pair()
}

// pair finds chains that are both removed and added because their position differs; false if
// two added chains have the same name.
func (d *chainDiff) pair() bool {
	removed := make(map[string]*Chain, len(d.removed))
	for _, c := range d.removed {
		removed[c.Name] = c
	}
	added := make(map[string]bool, len(d.added))
	kept := d.added[:0]
	for _, c := range d.added {
		if added[c.Name] {
			return false
		}
		added[c.Name] = true
		old := removed[c.Name]
		if old == nil {
			kept = append(kept, c)
			continue
		}
		d.moved = append(d.moved, c)
		if delete(removed, c.Name); old != c {
			d.replaced = append(d.replaced, chainPair{old, c})
		}
	}
	d.added = kept
	gone := d.removed[:0]
	for _, c := range d.removed {
		if removed[c.Name] == c {
			gone = append(gone, c)
		}
	}
	d.removed = gone
	return true
}
