package classify

// wideAxis holds the wide rules by one dimension of the key, as sets to be ANDed with
// those of other axes. Rules are numbered among the wide ones.
type wideAxis struct {
	axis
	free  vector   // the rules without a condition here
	frees int      // how many they are
	dense []vector // by node: its rules; no words where they are few
}

// denseFrom is the share of all rules, 1/denseFrom, from which a node has a
// vector, which then takes at most as much memory as its list.
const denseFrom = 32

// newWide returns the axis of n wide rules.
func newWide(d dimension, n int, entries []entry) wideAxis {
	a := wideAxis{axis: axis{dimension: d}, free: newVector(n)}
	limited := newVector(n)
	for i := range entries {
		limited.add(entries[i].rule)
	}
	for i := range int32(n) {
		if !limited.has(i) {
			a.free.add(i)
			a.frees++
		}
	}
	a.cut(entries)
	a.grow(entries)
	a.dense = make([]vector, len(a.nodes))
	for i := range a.nodes {
		if rules := a.nodes[i].rules; len(rules) >= max(n/denseFrom, 1) {
			a.dense[i] = newVector(n)
			for _, r := range rules {
				a.dense[i].add(r)
			}
		}
	}
	return a
}
