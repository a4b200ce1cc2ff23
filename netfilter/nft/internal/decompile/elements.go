package decompile

import (
	"slices"
	"sort"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// Elements returns the elements of a set in the order of a listing.
func Elements(t *nft.Table, s *nft.Set, release syntax.Release) *syntax.Set {
	out := &syntax.Set{Elems: make([]*syntax.Elem, 0, len(s.Elements))}
	for i := range s.Elements {
		out.Elems = append(out.Elems, element(s, &s.Elements[i]))
	}
	order(s, out.Elems, release)
	return out
}

func element(s *nft.Set, x *nft.Element) *syntax.Elem {
	e := &syntax.Elem{Timeout: x.Timeout, Expires: x.Expires, Never: x.Never, Comment: x.Comment, Stmts: Stateful(x.Exprs)}
	if !x.Default {
		e.Key = key(s, x)
	}
	switch s.Data.Kind {
	case nft.VerdictData:
		e.Data = verdict(x.Verdict)
	case nft.ObjectData:
		v := &syntax.Value{S: x.Object}
		v.Set(syntax.StringType, 8*len(x.Object), syntax.Host)
		e.Data = v
	case nft.ValueData:
		e.Data = data(s.Data.Type, x.Value)
	}
	return e
}

// key decodes an element's key.
func key(s *nft.Set, x *nft.Element) syntax.Expr {
	swapped := s.Interval
	if len(s.Key.Fields) == 1 {
		return part(s.Key.Fields[0], x.Key, x.End, swapped, true)
	}
	c := &syntax.Concat{}
	off := 0
	for _, f := range s.Key.Fields {
		n := f.Len()
		from, to := slice(x.Key, off, n), slice(x.End, off, n)
		if from == to {
			to = ""
		}
		c.Parts = append(c.Parts, part(f, from, to, swapped, true))
		off += pad(n)
	}
	return c
}

// slice returns at most n bytes of s.
func slice(s string, off, n int) string {
	off = min(off, len(s))
	return s[off:min(off+n, len(s))]
}

// part decodes one field of a key. In interval sets numbers of all types are in network
// byte order, so that ranges can be compared.
func part(f nft.Field, from, to string, swapped, prefixes bool) syntax.Expr {
	t, _, o := fieldType(f)
	if swapped && t.Kind != syntax.String {
		o = syntax.Big
	}
	one := func(s string) syntax.Expr {
		v := raw(s)
		v.Type, v.Order = t, o
		v.Bits = max(v.Bits, 8)
		if t.Kind != syntax.String && f.Bits < v.Bits {
			v.Bits = 8 * len(s)
		}
		return finish(v)
	}
	if to == "" || to == from {
		v := one(from)
		if s, ok := v.(*syntax.Value); ok && t.Kind == syntax.String {
			s.Wild = false
		}
		return v
	}
	if t.Kind == syntax.String {
		v := &syntax.Value{S: commonPrefix(from, to), Wild: true}
		v.Set(t, 8*len(from), o)
		return v
	}
	a, b := one(from), one(to)
	av, ok := a.(*syntax.Value)
	bv, ok2 := b.(*syntax.Value)
	if ok && ok2 && t.Prefix && prefixes {
		if n, ok := prefixLen(av.N, bv.N, f.Bits); ok {
			pre := &syntax.Prefix{Base: av, Len: n}
			pre.Common = av.Common
			return pre
		}
	}
	r := &syntax.Range{From: a, To: b}
	r.Common = *a.Info()
	return r
}

func bitmask(s *nft.Set) bool {
	t, _, _ := fieldType(s.Key.Fields[0])
	return t.IsBitmask()
}

func commonPrefix(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[:i]
		}
	}
	return a
}

// data decodes the data of an element of a map.
func data(t nft.Type, s string) syntax.Expr {
	decode := func(s string) syntax.Expr {
		if len(t.Fields) == 1 {
			return constant(t.Fields[0], s)
		}
		c := &syntax.Concat{}
		off := 0
		for _, f := range t.Fields {
			c.Parts = append(c.Parts, constant(f, slice(s, off, f.Len())))
			off += pad(f.Len())
		}
		return c
	}
	if !t.Interval {
		return decode(s)
	}
	n := len(s) / 2
	from, to := decode(s[:n]), decode(s[n:])
	a, ok := from.(*syntax.Concat)
	b, ok2 := to.(*syntax.Concat)
	if ok && ok2 {
		for i := range a.Parts {
			a.Parts[i] = between(a.Parts[i], b.Parts[i])
		}
		return a
	}
	return between(from, to)
}

// between returns the range from one value to another in its shortest form: a value, a
// prefix or a range.
func between(from, to syntax.Expr) syntax.Expr {
	a, ok := from.(*syntax.Value)
	b, ok2 := to.(*syntax.Value)
	if ok && ok2 && a.N == b.N {
		return a
	}
	if ok && a.Type.Prefix {
		return reduce(from, to)
	}
	r := &syntax.Range{From: from, To: to}
	r.Common = *from.Info()
	return r
}

func constant(f nft.Field, s string) syntax.Expr {
	t, _, o := fieldType(f)
	v := raw(s)
	v.Type, v.Order = t, o
	return finish(v)
}

// order sorts elements as nft does: those of interval sets by their keys, others
// by their bytes as one number, concatenated ranges not at all. The catch-all
// element comes last.
func order(s *nft.Set, elems []*syntax.Elem, release syntax.Release) {
	if s.Interval && s.Concat() {
		sort.SliceStable(elems, func(i, j int) bool { return elems[i].Key != nil && elems[j].Key == nil })
		return
	}
	if release < syntax.Release117 && len(s.Key.Fields) == 1 && s.Key.Fields[0].Bits <= 16 && bitmask(s) {
		// Combinations of flags with the same lowest flag have equal weights: nft
		// 1.0.6 reverses these.
		slices.Reverse(elems)
	}
	weights := make(map[*syntax.Elem]string, len(elems))
	for _, e := range elems {
		weights[e] = weight(e.Key, release, s.Interval)
	}
	sort.SliceStable(elems, func(i, j int) bool {
		a, b := elems[i], elems[j]
		if a.Key == nil || b.Key == nil {
			return a.Key != nil && b.Key == nil
		}
		return weights[a] < weights[b]
	})
}

// weight returns bytes that sort as the number that nft sorts by.
func weight(e syntax.Expr, release syntax.Release, interval bool) string {
	switch e := e.(type) {
	case *syntax.Value:
		if e.Type.Kind == syntax.String {
			if release >= syntax.Release117 || interval {
				return e.S
			}
			b := make([]byte, 16)
			copy(b, e.S)
			return reversed(string(b))
		}
		return e.N.Bytes(16, syntax.Big)
	case *syntax.Binop:
		return weight(e.L, release, interval)
	case *syntax.Prefix:
		return weight(e.Base, release, interval)
	case *syntax.Range:
		return weight(e.From, release, interval)
	case *syntax.Concat:
		out := ""
		for _, x := range e.Parts {
			if release >= syntax.Release117 {
				out += weight(x, syntax.Release106, false)
			} else {
				out += export(x)
			}
		}
		if release >= syntax.Release117 {
			return out
		}
		return reversed(out)
	}
	return ""
}

// export returns the bytes of a part in the byte order of its type.
func export(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Value:
		if e.Type.Kind == syntax.String {
			b := make([]byte, e.Bytes())
			copy(b, e.S)
			return string(b)
		}
		return e.N.Bytes(min(e.Bytes(), 16), e.Order)
	case *syntax.Prefix:
		return export(e.Base)
	case *syntax.Range:
		return export(e.From)
	case *syntax.Binop:
		return export(e.L)
	}
	return ""
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
