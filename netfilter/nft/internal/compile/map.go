package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// mapOf evaluates a lookup in a map to values of a type.
func (c *compiler) mapOf(m *syntax.Map, want syntax.Common) syntax.Expr {
	if syntax.Constant(m.Key) {
		fail(m.Key.Info().At, "Map expression can not be constant")
	}
	key := c.nested(m.Key)
	out := &syntax.Map{Key: key}
	out.Common = want
	out.At = m.At
	switch e := m.Map.(type) {
	case *syntax.Set:
		data := dataOf(want)
		if data.Kind == nft.ValueData && ranges(e) {
			data.Type.Interval = true
		}
		out.Map = c.anonymous(e, key, &data)
	case *syntax.SetRef:
		out.Map = c.named(e, key)
		c.checkData(out.Map.(*syntax.SetRef), want)
	default:
		fail(m.At, "a map is expected")
	}
	limit(key, out.Map)
	set := out.Map.(*syntax.SetRef).Set
	if set.Interval {
		out.Key = inOrder(out.Key)
	}
	transferMap(out)
	return out
}

// ranges reports whether data of a map are ranges.
func ranges(e *syntax.Set) bool {
	for _, x := range e.Elems {
		switch d := x.Data.(type) {
		case *syntax.Range, *syntax.Prefix:
			return true
		case *syntax.Concat:
			for _, p := range d.Parts {
				switch p.(type) {
				case *syntax.Range, *syntax.Prefix:
					return true
				}
			}
		}
	}
	return false
}

// dataOf returns the data type of a map to values of a type.
func dataOf(want syntax.Common) nft.MapData {
	if want.Type == syntax.VerdictType {
		return nft.MapData{Kind: nft.VerdictData}
	}
	d := nft.MapData{Kind: nft.ValueData}
	if len(want.Type.Sub) > 0 {
		for _, t := range want.Type.Sub {
			d.Type.Fields = append(d.Type.Fields, nft.Field{Type: t.Name, Bits: t.Bits, Host: t.Order == syntax.Host})
		}
		return d
	}
	d.Type.Fields = []nft.Field{{Type: want.Type.Name, Bits: want.Bits, Host: want.Order == syntax.Host}}
	return d
}

func (c *compiler) checkData(ref *syntax.SetRef, want syntax.Common) {
	set := ref.Set
	switch {
	case !set.IsMap():
		fail(ref.At, "Expression is not a map")
	case (want.Type == syntax.VerdictType) != (set.Data.Kind == nft.VerdictData):
		fail(ref.At, "datatype mismatch: %q does not lead to values of type %s", set.Name, want.Type.Desc)
	case set.Data.Kind != nft.ValueData:
		return
	}
	have := typeWant(set.Data.Type)
	if len(have.Type.Sub) != len(want.Type.Sub) || len(have.Type.Sub) == 0 && !compatible(have.Type, want.Type) {
		fail(ref.At, "datatype mismatch, map expects %s, mapping expression has type %s", want.Type.Desc, have.Type.Desc)
	}
}

// objMap evaluates a lookup of an object's name.
func (c *compiler) objMap(m *syntax.Map, kind nft.ObjectKind) syntax.Expr {
	key := c.nested(m.Key)
	out := &syntax.Map{Key: key}
	out.At = m.At
	switch e := m.Map.(type) {
	case *syntax.Set:
		out.Map = c.anonymous(e, key, &nft.MapData{Kind: nft.ObjectData, Object: kind})
	case *syntax.SetRef:
		out.Map = c.named(e, key)
		if s := out.Map.(*syntax.SetRef).Set; s.Data.Kind != nft.ObjectData || s.Data.Object != kind {
			fail(e.At, "%q is not a map to objects of this kind", e.Name)
		}
	default:
		fail(m.At, "a map is expected")
	}
	transferMap(out)
	return out
}

// transferMap shifts the keys of an anonymous map, instead of the expression that is
// looked up.
func transferMap(m *syntax.Map) {
	ref := m.Map.(*syntax.SetRef)
	b, ok := m.Key.(*syntax.Binop)
	if !ok || b.Op != syntax.Shr && b.Op != syntax.Shl || ref.Init == nil {
		return
	}
	n, ok := b.R.(*syntax.Value)
	if !ok {
		return
	}
	movedSet(ref.Set, b, n.N, m.At)
	m.Key = b.L
}

// movedSet applies the inverse of an operation to the elements of a set.
func movedSet(set *nft.Set, b *syntax.Binop, n syntax.Num, at syntax.Span) {
	o := b.L.Info().Order
	if set.Interval {
		o = syntax.Big
	}
	size := b.L.Info().Bytes()
	set.Key.Fields[0].Bits = 8 * size
	if b.L.Info().Bits < 8*size {
		set.Key.Fields[0].Bits = b.L.Info().Bits
	}
	shift := func(s string) string {
		if s == "" {
			return s
		}
		v := syntax.FromBytes(s, o)
		switch b.Op {
		case syntax.Shr:
			v = v.Shl(int(n.Lo))
		case syntax.Shl:
			v = v.Shr(int(n.Lo))
		case syntax.Xor:
			v = v.Xor(n)
		}
		return v.Bytes(size, o)
	}
	for i := range set.Elements {
		set.Elements[i].Key, set.Elements[i].End = shift(set.Elements[i].Key), shift(set.Elements[i].End)
	}
}
