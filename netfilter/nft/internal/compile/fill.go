package compile

import (
	"slices"
	"sort"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Elements evaluates elements and adds them to a named set.
func Elements(env Env, set *nft.Set, elems *syntax.Set) *Fault {
	return catch(func() {
		c := &compiler{Env: env, protos: syntax.NewProtocols(env.Table.Family)}
		want := setWant(set)
		var out []*syntax.Elem
		for _, x := range flatten(elems.Elems) {
			out = append(out, c.element(x, want, set))
		}
		fill(env, set, out, false)
	})
}

// Find evaluates elements and returns them as they would be stored in the set.
func Find(env Env, set *nft.Set, elems *syntax.Set) ([]nft.Element, *Fault) {
	probe := *set
	probe.Elements = nil
	probe.Data = nft.MapData{}
	probe.Exprs = nil
	var plain syntax.Set
	for _, x := range flatten(elems.Elems) {
		y := *x
		y.Data = nil
		plain.Elems = append(plain.Elems, &y)
	}
	err := Elements(env, &probe, &plain)
	return probe.Elements, err
}

// fill puts evaluated elements into a set.
func fill(env Env, set *nft.Set, elems []*syntax.Elem, anonymous bool) {
	set.Elements = slices.Grow(set.Elements, len(elems))
	for _, x := range elems {
		e := nft.Element{Default: x.Key == nil, Timeout: x.Timeout, Expires: x.Expires, Never: x.Never, Comment: x.Comment}
		if e.Exprs = stateful(x.Stmts); len(e.Exprs) == 0 {
			for _, s := range set.Exprs {
				e.Exprs = append(e.Exprs, clonePlain(s))
			}
		}
		checkElement(set, x, anonymous)
		if x.Key != nil {
			e.Key, e.End = encode(set, x.Key)
		}
		encodeData(env, set, x, &e)
		set.Elements = append(set.Elements, e)
	}
	arrange(set, elems, anonymous)
}

func checkElement(set *nft.Set, x *syntax.Elem, anonymous bool) {
	if x.Key != nil && !oneValue(x.Key) && !set.Interval {
		word := "set"
		if set.IsMap() {
			word = "map"
		}
		fail(x.At, "You must add 'flags interval' to your %s declaration if you want to add %s elements", word, shape(x.Key))
	}
	if (x.Timeout != 0 || x.Expires != 0) && !set.HasTimeout && set.Timeout == 0 {
		failHint(x.At, "add 'flags timeout' to the set", "the set's elements have no timeouts")
	}
	if !anonymous && len(x.Stmts) > 0 && len(set.Exprs) == 0 && !set.Dynamic {
		fail(x.At, "missing statement in set declaration")
	}
}

func shape(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Prefix:
		return "prefix"
	case *syntax.Range:
		return "range"
	case *syntax.Value:
		if e.Wild {
			return "prefix"
		}
	case *syntax.Concat:
		for _, p := range e.Parts {
			if !oneValue(p) {
				return shape(p)
			}
		}
	}
	return "interval"
}

// encode returns the bytes of a key: of its value, or of the two ends of its range.
func encode(set *nft.Set, e syntax.Expr) (from, to string) {
	c, ok := e.(*syntax.Concat)
	if !ok {
		from, to = ends(e, set.Key.Fields[0], set.Interval)
	} else {
		for i, p := range c.Parts {
			a, b := ends(p, set.Key.Fields[i], set.Interval)
			from, to = from+padded(a), to+padded(b)
		}
	}
	if from == to {
		to = ""
	}
	return from, to
}

func padded(s string) string {
	for len(s)%4 != 0 {
		s += "\x00"
	}
	return s
}

// ends returns the bytes of the first and the last value of a constant. In sets
// of ranges numbers are in network byte order.
func ends(e syntax.Expr, f nft.Field, big bool) (from, to string) {
	switch e := e.(type) {
	case *syntax.Value:
		o := e.Order
		if big {
			o = syntax.Big
		}
		s := bytesOf(e, f.Len(), o)
		if !e.Wild {
			return s, s
		}
		b := []byte(s)
		for i := len(e.S); i < len(b); i++ {
			b[i] = 0xff
		}
		return s, string(b)
	case *syntax.Range:
		from, _ = ends(e.From, f, big)
		_, to = ends(e.To, f, big)
		return from, to
	case *syntax.Prefix:
		v := *e.Base.(*syntax.Value)
		from, _ = ends(&v, f, big)
		v.N = v.N.Or(syntax.Ones(v.Bits - e.Len))
		to, _ = ends(&v, f, big)
		return from, to
	}
	return "", ""
}

// bytesOf returns a constant in n bytes.
func bytesOf(v *syntax.Value, n int, o syntax.Order) string {
	if v.Type != nil && v.Type.Kind == syntax.String {
		b := make([]byte, n)
		copy(b, v.S)
		return string(b)
	}
	return v.N.Bytes(n, o)
}

func encodeData(env Env, set *nft.Set, x *syntax.Elem, e *nft.Element) {
	switch set.Data.Kind {
	case nft.VerdictData:
		v := x.Data.(*syntax.Verdict)
		env.target(v)
		e.Verdict = nft.Verdict{Code: v.Code, Chain: v.Chain}
	case nft.ObjectData:
		s := x.Data.(*syntax.Symbol)
		if env.Table.Object(set.Data.Object, s.Text) == nil {
			fail(s.At, "No such file or directory: %s %q", set.Data.Object, s.Text)
		}
		e.Object = s.Text
	case nft.ValueData:
		from, to := dataEnds(x.Data, set.Data.Type)
		if set.Data.Type.Interval {
			e.Value = from + to
		} else {
			if from != to {
				failHint(x.At, "declare the data with 'interval'", "a range can't be the data of this map")
			}
			e.Value = from
		}
	}
}

func dataEnds(e syntax.Expr, t nft.Type) (from, to string) {
	c, ok := e.(*syntax.Concat)
	if !ok {
		return ends(e, t.Fields[0], false)
	}
	for i, p := range c.Parts {
		a, b := ends(p, t.Fields[i], false)
		from, to = from+padded(a), to+padded(b)
	}
	return from, to
}

// arrange removes duplicate elements and merges or refuses overlapping ranges.
func arrange(set *nft.Set, elems []*syntax.Elem, anonymous bool) {
	if set.Interval && !set.Concat() {
		intervals(set, elems, anonymous)
		return
	}
	if set.Interval {
		overlaps(set, elems)
	}
	seen := make(map[string]int, len(set.Elements))
	out := set.Elements[:0]
	for _, e := range set.Elements {
		k := e.Key + "\x00" + e.End
		if e.Default {
			k = "*"
		}
		if i, ok := seen[k]; ok {
			clash(set, &out[i], &e, elems)
			continue
		}
		seen[k] = len(out)
		out = append(out, e)
	}
	set.Elements = out
	if !anonymous && set.Size != 0 && len(out) > int(set.Size) {
		fail(place(elems), "Too many open files in system: the set holds at most %d elements", set.Size)
	}
}

// overlaps refuses ranges of which one end is within an existing element
// (nft_set_pipapo.c, nft_pipapo_insert).
func overlaps(set *nft.Set, elems []*syntax.Elem) {
	ranged := false
	for i := range set.Elements {
		ranged = ranged || set.Elements[i].End != ""
	}
	if !ranged {
		return
	}
	for i := range set.Elements {
		x := &set.Elements[i]
		for j := range set.Elements[:i] {
			y := &set.Elements[j]
			if x.Default || y.Default || x.Key == y.Key && x.End == y.End {
				continue
			}
			if within(set, y, x.Key) || within(set, y, last(x)) {
				fail(place(elems), "File exists: elements overlap")
			}
		}
	}
}

func last(e *nft.Element) string {
	if e.End != "" {
		return e.End
	}
	return e.Key
}

// within reports whether the ranges of an element contain a key.
func within(set *nft.Set, e *nft.Element, key string) bool {
	off := 0
	end := last(e)
	for _, f := range set.Key.Fields {
		n := f.Len()
		if k := key[off : off+n]; k < e.Key[off:off+n] || k > end[off:off+n] {
			return false
		}
		off += pad(n)
	}
	return true
}

func place(elems []*syntax.Elem) syntax.Span {
	if len(elems) == 0 {
		return syntax.Span{}
	}
	return elems[0].At.To(elems[len(elems)-1].At)
}

// clash refuses a key that is already mapped to other data.
func clash(set *nft.Set, a, b *nft.Element, elems []*syntax.Elem) {
	if set.IsMap() && (a.Value != b.Value || a.Verdict != b.Verdict || a.Object != b.Object) {
		fail(place(elems), "File exists: a key leads to two values")
	}
}

// intervals sorts ranges. Overlapping ranges are merged in anonymous sets and in sets
// with auto-merge.
func intervals(set *nft.Set, elems []*syntax.Elem, anonymous bool) {
	merge := (anonymous || set.AutoMerge) && !set.IsMap()
	var all, rest []nft.Element
	for _, e := range set.Elements {
		if e.Default {
			rest = append(rest, e)
		} else {
			all = append(all, e)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Key < all[j].Key })
	out := all[:0]
	for _, e := range all {
		if len(out) == 0 {
			out = append(out, e)
			continue
		}
		last := &out[len(out)-1]
		end := last.Key
		if last.End != "" {
			end = last.End
		}
		to := e.Key
		if e.End != "" {
			to = e.End
		}
		switch {
		case e.Key == last.Key && to == end:
			clash(set, last, &e, elems)
		case merge && (e.Key <= end || follows(end, e.Key)):
			if to > end {
				last.End = to
			}
		case e.Key <= end:
			fail(place(elems), "conflicting intervals specified")
		default:
			out = append(out, e)
		}
	}
	open(set, out)
	set.Elements = append(out, rest...)
}

// open extends a range that ends at the greatest value of a field that does not fill its
// bytes to the greatest value of these bytes: nft sends no end for it.
func open(set *nft.Set, elems []nft.Element) {
	f := set.Key.Fields[0]
	if f.Bits%8 == 0 || len(elems) == 0 {
		return
	}
	e := &elems[len(elems)-1]
	if last(e) == syntax.Ones(f.Bits).Bytes(f.Len(), syntax.Big) {
		e.End = syntax.Ones(8*f.Len()).Bytes(f.Len(), syntax.Big)
	}
}

// follows reports whether b is the value next to a.
func follows(a, b string) bool {
	x := []byte(a)
	for i := len(x) - 1; i >= 0; i-- {
		x[i]++
		if x[i] != 0 {
			return string(x) == b
		}
	}
	return false
}
