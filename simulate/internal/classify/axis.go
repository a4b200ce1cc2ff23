package classify

import "slices"

// axis holds rules by one place of the key.
type axis struct {
	place
	starts []Value // of the pieces, in order; the first is the first place of all
	path   []int32 // by piece: the innermost node with rules that holds it; none
	nodes  []node
}

// none ends a path.
const none = -1

// node is a node of the segment tree that has rules.
type node struct {
	up    int32 // next node on the way to the root; none
	rules []int32
}

// entry is a rule on an axis, with a part of what it allows there.
type entry struct {
	rule int32
	in   Span
}

// cut finds the pieces of an axis for these entries.
func (a *axis) cut(entries []entry) {
	a.starts = make([]Value, 1, 2*len(entries)+1)
	for i := range entries {
		a.starts = append(a.starts, entries[i].in.First)
		if last := entries[i].in.Last; last != Max {
			a.starts = append(a.starts, last.next())
		}
	}
	slices.SortFunc(a.starts, Value.compare)
	a.starts = slices.Clip(slices.Compact(a.starts))
}

// find returns the piece that holds a value.
func (a *axis) find(v Value) int {
	lo, hi := 0, len(a.starts) // starts[lo] <= v < starts[hi]
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if v.less(a.starts[mid]) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo
}

// pieces returns the first piece of an interval and the one behind its last.
func (a *axis) pieces(in Span) (from, to int) { return a.find(in.First), a.find(in.Last) + 1 }

// cover calls f for the nodes of a segment tree over m pieces whose union is the
// pieces between two: node i has the children 2i and 2i+1, and piece i is node
// m+i.
func cover(m, from, to int, f func(node int)) {
	for from, to = from+m, to+m; from < to; from, to = from/2, to/2 {
		if from&1 == 1 {
			f(from)
			from++
		}
		if to&1 == 1 {
			to--
			f(to)
		}
	}
}

// grow puts the entries, which are in the order of their rules, into nodes.
func (a *axis) grow(entries []entry) {
	m := len(a.starts)
	sizes := make([]int32, 2*m)
	total := 0
	each := func(f func(e *entry, node int)) {
		for i := range entries {
			from, to := a.pieces(entries[i].in)
			cover(m, from, to, func(node int) { f(&entries[i], node) })
		}
	}
	each(func(_ *entry, node int) { sizes[node]++; total++ })
	lists := make([]int32, total)
	number := make([]int32, 2*m) // of the nodes that have rules; none
	for i, size := range sizes {
		number[i] = none
		if size > 0 {
			number[i] = int32(len(a.nodes))
			a.nodes = append(a.nodes, node{rules: lists[:0:size]})
			lists = lists[size:]
		}
	}
	each(func(e *entry, node int) {
		rules := &a.nodes[number[node]].rules
		*rules = append(*rules, e.rule)
	})
	a.connect(number)
}

// connect makes the paths: a node without rules of its own stands for the next
// one above.
func (a *axis) connect(number []int32) {
	m := len(a.starts)
	for i := 1; i < 2*m; i++ {
		up := int32(none)
		if i > 1 {
			up = number[i/2]
		}
		if number[i] == none {
			number[i] = up
		} else {
			a.nodes[number[i]].up = up
		}
	}
	a.path = slices.Clone(number[m:])
}
