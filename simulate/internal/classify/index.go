package classify

import (
	"cmp"
	"slices"
)

// Index holds the conditions of a chain's rules. It never changes and may be shared
// between goroutines.
type Index struct {
	n      int
	narrow []axis // the rules that are kept on one axis each
	wide   []wideAxis
	wides  []int32 // the numbers of the wide rules
}

// maxMarks is the number of masks of the mark that have an axis. Conditions under other
// masks are ignored, as if they held for every packet.
const maxMarks = 8

// New returns an index of rules, which it does not keep.
func New(rules []Rule) *Index {
	x := &Index{n: len(rules)}
	dims, entries := byDimension(rules)
	home := choose(len(rules), dims, entries)
	number := make([]int32, len(rules)) // of the wide rules among themselves
	for i, h := range home {
		if h < 0 {
			number[i] = int32(len(x.wides))
			x.wides = append(x.wides, int32(i))
		}
	}
	for i, d := range dims {
		var narrow, wide []entry
		for _, e := range entries[i] {
			switch home[e.rule] {
			case i:
				narrow = append(narrow, e)
			case none:
				e.rule = number[e.rule]
				wide = append(wide, e)
			}
		}
		if len(narrow) > 0 {
			a := axis{dimension: d}
			a.cut(narrow)
			a.grow(narrow)
			x.narrow = append(x.narrow, a)
		}
		if len(wide) > 0 && len(x.wides) > fewRules {
			x.wide = append(x.wide, newWide(d, len(x.wides), wide))
		}
	}
	return x
}

// byDimension groups the conditions by their dimensions. A rule that allows no value of
// a dimension has an entry whose interval contains no value of a packet.
func byDimension(rules []Rule) (dims []dimension, entries [][]entry) {
	marks := 0
	for i := range rules {
		for _, c := range rules[i].conditions {
			at := slices.Index(dims, c.dimension)
			if at < 0 {
				if c.field == Mark {
					if marks++; marks > maxMarks {
						continue
					}
				}
				at = len(dims)
				dims = append(dims, c.dimension)
				entries = append(entries, nil)
			}
			if len(c.in) == 0 {
				entries[at] = append(entries[at], entry{int32(i), Span{Max, Max}})
			}
			for _, s := range c.in {
				entries[at] = append(entries[at], entry{int32(i), s})
			}
		}
	}
	order := make([]int, len(dims))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(dims[a].field, dims[b].field), cmp.Compare(dims[a].mask, dims[b].mask))
	})
	sorted, lists := make([]dimension, len(dims)), make([][]entry, len(dims))
	for i, k := range order {
		sorted[i], lists[i] = dims[k], entries[k]
	}
	return sorted, lists
}

// Len returns the number of rules.
func (x *Index) Len() int { return x.n }
