package netfilter

import (
	"errors"
	"maps"
)

// Checked is a ruleset that the kernel accepts, together with what Check found out
// about it, so that a later ruleset that shares most of its chains, as those do that
// parser.Onto returns, is checked in a time that depends on what differs. Neither the
// ruleset nor its chains may be changed any more. The zero value is that of an empty
// ruleset.
type Checked struct {
	rules  *Ruleset
	tables []*CheckedTable
}

// NewChecked checks a ruleset; the error is that of Ruleset.Check.
func NewChecked(rs *Ruleset) (*Checked, error) { return (&Checked{}).Update(rs) }

// Ruleset returns the ruleset. It must not be changed.
func (c *Checked) Ruleset() *Ruleset { return c.rules }

// Tables returns the tables of the ruleset in its order. They must not be changed.
func (c *Checked) Tables() []*CheckedTable { return c.tables }

// Update checks another ruleset of the same family. The result is that of
// NewChecked(rs), except for the numbers of chains. c is not changed.
func (c *Checked) Update(rs *Ruleset) (*Checked, error) {
	if rs == nil {
		return nil, errors.New("the ruleset is nil")
	}
	if next := c.next(rs); next != nil {
		return next, nil
	}
	return nil, rs.Check()
}

// next returns nil if Check refuses the ruleset.
func (c *Checked) next(rs *Ruleset) *Checked {
	if rs.Family > IPv6 {
		return nil
	}
	known := map[string]*CheckedTable{}
	if c.rules != nil && rs.Family == c.rules.Family && rs.Backend == c.rules.Backend {
		for _, t := range c.tables {
			known[t.table.Name] = t
		}
	}
	next := &Checked{rules: rs, tables: make([]*CheckedTable, len(rs.Tables))}
	seen := map[string]bool{}
	// Whether the rules that share tables with conditions are the same, in the same order.
	agree := len(rs.Tables) == len(c.tables)
	for i, t := range rs.Tables {
		if t == nil || seen[t.Name] {
			return nil
		}
		seen[t.Name] = true
		old := known[t.Name]
		agree = agree && old != nil && old == c.tables[i]
		if old != nil && old.table == t {
			next.tables[i] = old
			continue
		}
		var u *tableUpdate
		if old != nil {
			u = old.update(rs, t)
		}
		if u != nil {
			next.tables[i], agree = u.table, agree && !u.agreeing
			continue
		}
		agree = false
		if next.tables[i] = newCheckedTable(rs, t); next.tables[i] == nil {
			return nil
		}
	}
	if !agree && len(rs.checkSharing()) > 0 {
		return nil
	}
	return next
}

// CheckedTable is a table of a Checked. Its chains have numbers, which stay the same in
// its updates as long as a chain of the name exists.
type CheckedTable struct {
	table *Table
	names chainNames
	nodes []*checkedChain // by number; nil for numbers that no chain has
	free  []int32         // such numbers

	// The identity of this table and of the table that it is an update of, and the
	// numbers of the chains that differ from the chains of that.
	own, since *byte
	changed    []int32
}

// checkedChain is a chain and how it is reached.
type checkedChain struct {
	chain *Chain
	end   int             // number of its rules that can be reached
	calls []int32         // the chains to which its reachable rules jump, in order
	idle  []int32         // those to which the others do
	refs  int32           // number of rules that jump to the chain
	from  [NumHooks]int32 // of these, the reachable ones by the hook that they are reached from
	owner *byte           // the table that may change it; see CheckedTable.own
}

// Table returns the table. It must not be changed.
func (t *CheckedTable) Table() *Table { return t.table }

// Len returns a number that is greater than those of all chains.
func (t *CheckedTable) Len() int { return len(t.nodes) }

// Chain returns the chain with a number; nil if no chain has it.
func (t *CheckedTable) Chain(number int) *Chain {
	if number < 0 || number >= len(t.nodes) || t.nodes[number] == nil {
		return nil
	}
	return t.nodes[number].chain
}

// Number returns the number of the chain of this name; false if there is none.
func (t *CheckedTable) Number(name string) (int, bool) {
	n, ok := t.names.number(name)
	return int(n), ok
}

// References returns how many rules jump to the chain with a number; 0 if no chain has it.
func (t *CheckedTable) References(number int) int {
	if t.Chain(number) == nil {
		return 0
	}
	return int(t.nodes[number].refs)
}

// Since returns the numbers of the chains that differ from those of old; false if the
// table is not an update of old.
func (t *CheckedTable) Since(old *CheckedTable) ([]int32, bool) {
	if t.since == nil || old == nil || t.since != old.own {
		return nil, false
	}
	return t.changed, true
}

// newCheckedTable returns nil if the table is refused.
func newCheckedTable(rs *Ruleset, t *Table) *CheckedTable {
	for _, c := range t.Chains {
		if c == nil || len(c.missing(t)) > 0 {
			return nil
		}
	}
	w, errs := t.check(rs.Family, rs.Backend)
	if len(errs) > 0 {
		return nil
	}
	n := &CheckedTable{table: t, names: chainNames{base: w.ids}, nodes: make([]*checkedChain, len(t.Chains)), own: new(byte)}
	slab := make([]checkedChain, len(t.Chains))
	calls := make([]int32, len(w.jumps))
	for i, c := range t.Chains {
		n.nodes[i] = &slab[i]
		*n.nodes[i] = checkedChain{chain: c, end: int(w.ends[i])}
	}
	for i, c := range t.Chains {
		from, to := w.first[i], w.first[i+1]
		for k := from; k < to; k++ {
			calls[k] = w.jumps[k].to
		}
		node := n.nodes[i]
		node.calls = calls[from:to:to]
		for _, r := range c.Rules[node.end:] {
			if j, ok := r.Target.(*Jump); ok {
				node.idle = append(node.idle, w.ids[j.Chain])
			}
		}
		for _, list := range [][]int32{node.calls, node.idle} {
			for _, callee := range list {
				n.nodes[callee].refs++
			}
		}
		for h := Prerouting; h < NumHooks; h++ {
			if !w.seen[i].Has(h) {
				continue
			}
			for _, callee := range node.calls {
				n.nodes[callee].from[h]++
			}
		}
	}
	return n
}

// hooks returns the hooks that the chain is reached from.
func (c *checkedChain) hooks() (s Hooks) {
	if h, ok := HookByName(c.chain.Name); ok && c.chain.Builtin() {
		s = HooksOf(h)
	}
	for h, n := range c.from {
		if n > 0 {
			s |= HooksOf(Hook(h))
		}
	}
	return s
}

// hooksOf returns the hooks that a rule is reached from.
func (c *checkedChain) hooksOf(rule int) Hooks {
	if rule >= c.end {
		return 0
	}
	return c.hooks()
}

// chainNames holds the numbers of chains by name, in a map that tables share and one of
// what has changed.
type chainNames struct{ base, over map[string]int32 }

// noChain is the number in chainNames.over of a name that no chain has any more.
const noChain = -1

func (n *chainNames) number(name string) (int32, bool) {
	if i, ok := n.over[name]; ok {
		return i, i != noChain
	}
	i, ok := n.base[name]
	return i, ok
}

// clone returns a copy that can be changed. Once many names have changed, it makes one
// map of both.
func (n *chainNames) clone() chainNames {
	const few = 256
	if len(n.over) < few+len(n.base)/few {
		c := chainNames{n.base, maps.Clone(n.over)}
		if c.over == nil {
			c.over = map[string]int32{}
		}
		return c
	}
	all := maps.Clone(n.base)
	for name, i := range n.over {
		if all[name] = i; i == noChain {
			delete(all, name)
		}
	}
	return chainNames{all, map[string]int32{}}
}

// Differing returns the numbers of the chains that may differ from those of old, which
// may be nil: all of them unless the table was found by an update of old.
func (t *CheckedTable) Differing(old *Checked) []int32 {
	if old != nil {
		for _, o := range old.tables {
			if o == t {
				return nil
			}
			if changed, ok := t.Since(o); ok {
				return changed
			}
		}
	}
	all := make([]int32, len(t.nodes))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}
