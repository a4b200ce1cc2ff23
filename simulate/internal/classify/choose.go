package classify

// A rule is narrow on an axis if it allows at most 1/narrowest of the elementary intervals
// there, and no elementary interval is allowed by more than crowded narrow rules.
const (
	narrowest = 8
	crowded   = 64
)

// choose returns for each of n rules the axis on which it is stored: of those on which it
// is narrow, the one with the fewest overlapping rules; none if it is wide on every axis.
func choose(n int, dims []dimension, entries [][]entry) []int {
	home, best := make([]int, n), make([]int32, n)
	for i := range home {
		home[i], best[i] = none, crowded+1
	}
	for at := range dims {
		a := axis{dimension: dims[at]}
		a.cut(entries[at])
		a.crowds(entries[at], func(rule, crowd int32) {
			if crowd < best[rule] {
				home[rule], best[rule] = at, crowd
			}
		})
	}
	return home
}

// crowds calls f for every rule that allows few enough elementary intervals, with the
// maximum number of such rules that overlap in one of these intervals.
func (a *axis) crowds(entries []entry, f func(rule, crowd int32)) {
	m := len(a.starts)
	few := make([]bool, len(entries))
	change := make([]int32, m+1) // of the crowd, from each elementary interval to the next
	eachRule(entries, func(first, end int) {
		size := 0
		for i := first; i < end; i++ {
			from, to := a.intervals(entries[i].in)
			size += to - from
		}
		if size*narrowest > m {
			return
		}
		for i := first; i < end; i++ {
			few[i] = true
			from, to := a.intervals(entries[i].in)
			change[from]++
			change[to]--
		}
	})
	most := maxTree(change[:m])
	eachRule(entries, func(first, end int) {
		if !few[first] {
			return
		}
		crowd := int32(0)
		for i := first; i < end; i++ {
			from, to := a.intervals(entries[i].in)
			cover(m, from, to, func(node int) { crowd = max(crowd, most[node]) })
		}
		f(entries[first].rule, crowd)
	})
}

// eachRule calls f for the entries of each rule, which are consecutive.
func eachRule(entries []entry, f func(first, end int)) {
	for first := 0; first < len(entries); {
		end := first + 1
		for end < len(entries) && entries[end].rule == entries[first].rule {
			end++
		}
		f(first, end)
		first = end
	}
}

// maxTree returns the segment tree of the greatest sums of the changes up to each
// elementary interval.
func maxTree(change []int32) []int32 {
	m, sum := len(change), int32(0)
	tree := make([]int32, 2*m)
	for i, c := range change {
		sum += c
		tree[m+i] = sum
	}
	for i := m - 1; i > 0; i-- {
		tree[i] = max(tree[2*i], tree[2*i+1])
	}
	return tree
}
