package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// keyType returns the key type of sets in which an expression is looked up.
func keyType(e syntax.Expr) nft.Type {
	if c, ok := e.(*syntax.Concat); ok {
		var t nft.Type
		for _, p := range c.Parts {
			t.Fields = append(t.Fields, field(p))
		}
		return t
	}
	return nft.Type{Fields: []nft.Field{field(e)}}
}

func field(e syntax.Expr) nft.Field {
	i := e.Info()
	f := nft.Field{Type: i.Type.Name, Bits: i.Bits, Host: i.Order == syntax.Host}
	if i.Type.Name == "" {
		f.Type = "integer"
	}
	return f
}

// typeWant returns the type and size of constants of a type.
func typeWant(t nft.Type) syntax.Common {
	if len(t.Fields) == 1 {
		return fieldCommon(t.Fields[0])
	}
	var sub []*syntax.Type
	bits := 0
	for _, f := range t.Fields {
		w := fieldCommon(f)
		st := *w.Type
		st.Bits, st.Order = w.Bits, w.Order
		if w.Type.Bits == w.Bits {
			sub = append(sub, w.Type)
		} else {
			sub = append(sub, &st)
		}
		bits += 8 * pad(f.Len())
	}
	return syntax.Common{Type: syntax.Concatenated(sub), Bits: bits}
}

func fieldCommon(f nft.Field) syntax.Common {
	t := syntax.TypeByName(f.Type)
	if t == nil {
		t = syntax.IntegerType
	}
	w := syntax.Common{Type: t, Bits: f.Bits, Order: syntax.Big}
	if f.Host {
		w.Order = syntax.Host
	}
	return w
}

func setWant(s *nft.Set) syntax.Common { return typeWant(s.Key) }

// named checks a named set in which an expression is looked up.
func (c *compiler) named(e *syntax.SetRef, l syntax.Expr) syntax.Expr {
	set := c.Table.Set(e.Name)
	if set == nil {
		fail(e.At, "No such file or directory: set %q", e.Name)
	}
	c.checkKey(set, l, e.At)
	out := &syntax.SetRef{Name: e.Name, Set: set}
	out.At = e.At
	return out
}

func (c *compiler) checkKey(set *nft.Set, l syntax.Expr, at syntax.Span) {
	want, have := setWant(set), l.Info()
	if len(want.Type.Sub) != len(have.Type.Sub) {
		fail(at, "datatype mismatch, expected %s, expression has type %s", have.Type.Desc, want.Type.Desc)
	}
	if len(want.Type.Sub) == 0 {
		if !compatible(want.Type, have.Type) {
			fail(at, "datatype mismatch, expected %s, expression has type %s", have.Type.Desc, want.Type.Desc)
		}
		return
	}
	for i, t := range want.Type.Sub {
		if !compatible(t, have.Type.Sub[i]) {
			fail(at, "datatype mismatch, expected %s, expression has type %s", have.Type.Desc, want.Type.Desc)
		}
	}
}

// anonymous creates the anonymous set of a rule. A set of one element is replaced by
// the element.
func (c *compiler) anonymous(e *syntax.Set, l syntax.Expr, data *nft.MapData) syntax.Expr {
	set := &nft.Set{Key: keyType(l), Constant: true}
	if data != nil {
		set.Data = *data
		if f := set.Key.Fields; len(f) == 1 && f[0].Type == syntax.HexType.Name {
			f[0].Type = syntax.IntegerType.Name // as nft declares it in maps
		}
	}
	want := *l.Info()
	if len(want.Type.Sub) == 0 {
		want = fieldWant(l)
	}
	flat := flatten(e.Elems)
	if len(flat) == 0 {
		fail(e.At, "Set is empty")
	}
	elems := make([]*syntax.Elem, 0, len(flat))
	for _, x := range flat {
		elems = append(elems, c.element(x, want, set))
	}
	if data == nil && len(elems) == 1 && elems[0].Key != nil {
		if single(elems[0].Key) {
			return elems[0].Key
		}
	}
	for _, x := range elems {
		if x.Key != nil && !oneValue(x.Key) {
			set.Interval = true
		}
	}
	fill(c.Env, set, elems, true)
	ref := &syntax.SetRef{Set: set, Init: &syntax.Set{Elems: elems}}
	ref.Common = want
	ref.At = e.At
	return ref
}

// single reports whether a lookup in a set of one element can be replaced by a
// comparison. Statements and options of the element are lost, as in nft.
func single(e syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Value, *syntax.Range, *syntax.Prefix:
		return true
	}
	return false
}

// flatten replaces sets that are elements of the set by their elements.
func flatten(elems []*syntax.Elem) []*syntax.Elem {
	var out []*syntax.Elem
	for _, x := range elems {
		switch k := x.Key.(type) {
		case *syntax.Set:
			for _, y := range flatten(k.Elems) {
				z := *y
				if x.Data != nil {
					z.Data = x.Data
				}
				out = append(out, &z)
			}
			continue
		}
		out = append(out, x)
	}
	return out
}

// oneValue reports whether a key is a single value, not a range.
func oneValue(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Value:
		return !e.Wild
	case *syntax.Prefix:
		return e.Len == e.Bits && false
	case *syntax.Concat:
		for _, p := range e.Parts {
			if !oneValue(p) {
				return false
			}
		}
		return true
	}
	return false
}

// element evaluates key and data of an element.
func (c *compiler) element(x *syntax.Elem, want syntax.Common, set *nft.Set) *syntax.Elem {
	out := *x
	if x.Key != nil {
		if _, ok := x.Key.(*syntax.SetRef); ok {
			fail(x.At, "Set reference cannot be part of another set")
		}
		out.Key = c.right(x.Key, want)
	}
	switch set.Data.Kind {
	case nft.NoData:
		if x.Data != nil {
			fail(x.At, "a set has no data: expected a map")
		}
	case nft.ObjectData:
		s, ok := x.Data.(*syntax.Symbol)
		if !ok {
			fail(x.At, "the name of an object is expected")
		}
		out.Data = s
	default:
		if x.Data == nil {
			fail(x.At, "Expected mapping: data are missing")
		}
		out.Data = c.data(x.Data, set.Data)
	}
	return &out
}

func (c *compiler) data(e syntax.Expr, d nft.MapData) syntax.Expr {
	if d.Kind == nft.VerdictData {
		v, ok := e.(*syntax.Verdict)
		if !ok {
			fail(e.Info().At, "datatype mismatch, expected verdict")
		}
		if v.Rules != nil {
			fail(v.At, "a chain without a name can't be part of a map")
		}
		return v
	}
	return c.right(e, typeWant(d.Type))
}
