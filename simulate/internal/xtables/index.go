package xtables

import "slices"

// index lets a packet pass over the rules of a chain that are for another
// destination. It changes no answer: those rules do nothing but fail their
// first comparison.
type index struct {
	byDst map[bits128][]int32 // rules for exactly one destination, in order
	rest  []int32             // all other rules, in order
}

// indexFrom is the length of a chain, in rules for exactly one destination,
// from which an index pays.
const indexFrom = 4

// makeIndex gives the chain an index if it is long enough.
func (c *Chain) makeIndex() {
	x := &index{byDst: map[bits128][]int32{}}
	for i := range c.rules {
		h := &c.rules[i].header
		if h.oneDst {
			x.byDst[h.dst] = append(x.byDst[h.dst], int32(i))
		} else {
			x.rest = append(x.rest, int32(i))
		}
	}
	if len(c.rules)-len(x.rest) >= indexFrom {
		c.index = x
	}
}

// next returns the first rule from i on that the destination does not exclude;
// the number of rules if there is none.
func (c *Chain) next(i int, dst bits128) int {
	if c.index == nil {
		return i
	}
	return min(from(c.index.rest, i, len(c.rules)), from(c.index.byDst[dst], i, len(c.rules)))
}

// from returns the first of the sorted numbers that is i or more, end if there
// is none.
func from(sorted []int32, i, end int) int {
	k, _ := slices.BinarySearch(sorted, int32(i))
	if k == len(sorted) {
		return end
	}
	return int(sorted[k])
}
