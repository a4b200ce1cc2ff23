package classify

// vector is a set of rules as bits. Its summary has a bit for each of its words
// that is not 0.
type vector struct {
	words   []uint64
	summary []uint64
}

// newVector returns the empty set of n rules.
func newVector(n int) vector {
	w := (n + 63) / 64
	return vector{make([]uint64, w), make([]uint64, (w+63)/64)}
}

func (v *vector) has(i int32) bool { return v.words[i>>6]&(1<<(i&63)) != 0 }

func (v *vector) add(i int32) {
	w := i >> 6
	v.words[w] |= 1 << (i & 63)
	v.summary[w>>6] |= 1 << (w & 63)
}
