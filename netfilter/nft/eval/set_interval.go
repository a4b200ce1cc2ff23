package eval

import (
	"bytes"
	"slices"
	"sort"
)

// intervalFinder looks up elements that are ranges of one field. They do not
// overlap (net/netfilter/nft_set_rbtree.c).
type intervalFinder []*element

func newIntervalFinder(elements []*element) intervalFinder {
	f := slices.Clone(elements)
	slices.SortStableFunc(f, func(a, b *element) int { return bytes.Compare(a.from, b.from) })
	return f
}

func (f intervalFinder) find(key []byte, l lifetimes) *element {
	i := sort.Search(len(f), func(i int) bool { return bytes.Compare(f[i].from, key) > 0 })
	if i == 0 {
		return nil
	}
	e := f[i-1]
	last := e.to
	if last == nil {
		last = e.from
	}
	if bytes.Compare(key, last) > 0 || !l.has(e) {
		return nil
	}
	return e
}
