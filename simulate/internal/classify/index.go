package classify

import (
	"cmp"
	"slices"
)

// Index is the conditions of a chain's rules. It never changes and may be shared
// between goroutines.
type Index struct {
	n      int
	narrow []axis // the rules that are kept on one axis each
	wide   []wideAxis
	wides  []int32 // the numbers of the wide rules
}

// maxMarks bounds on how many masks of the mark conditions are heeded; those
// under other masks hold for every packet here.
const maxMarks = 8

// New makes an index of rules, which it does not keep.
func New(rules []Rule) *Index {
	x := &Index{n: len(rules)}
	places, entries := gather(rules)
	home := choose(len(rules), places, entries)
	number := make([]int32, len(rules)) // of the wide rules among themselves
	for i, h := range home {
		if h < 0 {
			number[i] = int32(len(x.wides))
			x.wides = append(x.wides, int32(i))
		}
	}
	for i, p := range places {
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
			a := axis{place: p}
			a.cut(narrow)
			a.grow(narrow)
			x.narrow = append(x.narrow, a)
		}
		if len(wide) > 0 && len(x.wides) > fewRules {
			x.wide = append(x.wide, newWide(p, len(x.wides), wide))
		}
	}
	return x
}

// gather sorts the conditions by their places. A rule that allows nothing at a
// place has an entry that holds no value of a packet.
func gather(rules []Rule) (places []place, entries [][]entry) {
	marks := 0
	for i := range rules {
		for _, c := range rules[i].conditions {
			at := slices.Index(places, c.place)
			if at < 0 {
				if c.field == Mark {
					if marks++; marks > maxMarks {
						continue
					}
				}
				at = len(places)
				places = append(places, c.place)
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
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(places[a].field, places[b].field), cmp.Compare(places[a].mask, places[b].mask))
	})
	sorted, lists := make([]place, len(places)), make([][]entry, len(places))
	for i, k := range order {
		sorted[i], lists[i] = places[k], entries[k]
	}
	return sorted, lists
}

// Len returns the number of rules.
func (x *Index) Len() int { return x.n }
