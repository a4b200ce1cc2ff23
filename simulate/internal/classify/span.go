package classify

import "slices"

// Span is the interval of the values from First to Last, both included.
type Span struct{ First, Last Value }

// Spans is a set of values: its intervals in order, none of which adjoins another.
type Spans []Span

// everything is all values.
var everything = Spans{{Last: Max}}

// Union returns the values in any of the spans; a span whose Last is less than its
// First is empty.
func Union(in ...Span) Spans {
	in = slices.DeleteFunc(in, func(s Span) bool { return s.Last.less(s.First) })
	slices.SortFunc(in, func(a, b Span) int { return a.First.compare(b.First) })
	var out Spans
	for _, s := range in {
		if n := len(out); n > 0 && (out[n-1].Last == Max || !out[n-1].Last.next().less(s.First)) {
			if out[n-1].Last.less(s.Last) {
				out[n-1].Last = s.Last
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// Not returns all other values.
func (s Spans) Not() Spans {
	var out Spans
	at := Value{}
	for _, x := range s {
		if at.less(x.First) {
			out = append(out, Span{at, x.First.prev()})
		}
		if x.Last == Max {
			return out
		}
		at = x.Last.next()
	}
	return append(out, Span{at, Max})
}

// and returns the values in both.
func (s Spans) and(o Spans) Spans {
	var out Spans
	for len(s) > 0 && len(o) > 0 {
		a, b := s[0], o[0]
		first, last := a.First, a.Last
		if first.less(b.First) {
			first = b.First
		}
		if b.Last.less(last) {
			last = b.Last
		}
		if !last.less(first) {
			out = append(out, Span{first, last})
		}
		if a.Last.less(b.Last) {
			s = s[1:]
		} else {
			o = o[1:]
		}
	}
	return out
}

// all reports whether the set contains every value.
func (s Spans) all() bool { return len(s) == 1 && s[0] == everything[0] }
