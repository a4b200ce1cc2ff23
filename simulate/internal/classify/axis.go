package classify

import "slices"

// axis indexes rules by their intervals in one dimension of the key.
type axis struct {
	dimension
	starts []Value // first values of the elementary intervals, in order; the first is the zero Value
	path   []int32 // by elementary interval: the lowest node with rules that contains it; none if there is none
	nodes  []node
}

// none terminates a path.
const none = -1

// node is a node of the segment tree that has rules.
type node struct {
	up    int32 // next node with rules on the path to the root; none if there is none
	rules []int32
}

// entry is a rule on an axis with one of the intervals that it allows.
type entry struct {
	rule int32
	in   Span
}

// cut computes the elementary intervals of an axis from the entries.
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

// find returns the index of the elementary interval that contains a value.
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

// intervals returns the elementary intervals from (inclusive) to to (exclusive) of an
// interval.
func (a *axis) intervals(in Span) (from, to int) { return a.find(in.First), a.find(in.Last) + 1 }

// cover calls f for the nodes of a segment tree over m elementary intervals whose union is
// [from, to): node i has the children 2i and 2i+1, and elementary interval i is the leaf
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

// grow inserts the entries, which are in the order of their rules, in the nodes.
func (a *axis) grow(entries []entry) {
	m := len(a.starts)
	sizes := make([]int32, 2*m)
	total := 0
	each := func(f func(e *entry, node int)) {
		for i := range entries {
			from, to := a.intervals(entries[i].in)
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

// connect computes the paths: a node without rules is replaced by its next ancestor with
// rules.
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
