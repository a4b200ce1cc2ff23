package decompile

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// fieldType returns type, size and byte order of a field of a key.
func fieldType(f nft.Field) (*syntax.Type, int, syntax.Order) {
	t := syntax.TypeByName(f.Type)
	if t == nil {
		t = syntax.IntegerType
	}
	o := syntax.Big
	if f.Host {
		o = syntax.Host
	}
	return t, f.Bits, o
}

func setType(i *syntax.Common, t nft.Type) {
	if len(t.Fields) == 1 {
		i.Type, i.Bits, i.Order = fieldType(t.Fields[0])
		return
	}
	i.Bits = 8 * t.Len()
}

// give sets the type of an expression. Constants keep their bytes: finish converts
// those in host byte order.
func give(e syntax.Expr, t *syntax.Type, o syntax.Order) {
	switch e := e.(type) {
	case *syntax.Value:
		e.Type, e.Order = t, o
	case *syntax.Prefix:
		e.Type, e.Order = t, o
		give(e.Base, t, o)
	case *syntax.Range:
		e.Type, e.Order = t, o
		give(e.From, t, o)
		give(e.To, t, o)
	case *syntax.Concat:
		if t != nil && len(t.Sub) == len(e.Parts) {
			for i, x := range e.Parts {
				give(x, t.Sub[i], t.Sub[i].Order)
			}
		}
	}
}

// retype changes the type of finished constants.
func retype(e syntax.Expr, t *syntax.Type) {
	switch e := e.(type) {
	case *syntax.Value:
		if t != nil && e.Type != nil && t.Kind == e.Type.Kind && t != syntax.HexType {
			e.Type = t
		}
	case *syntax.Prefix:
		retype(e.Base, t)
	case *syntax.Range:
		retype(e.From, t)
		retype(e.To, t)
	}
}

// finish converts the bytes of a typed constant to the form in which it is written.
func finish(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Value:
		return finishValue(e)
	case *syntax.Prefix:
		e.Base = finish(e.Base)
	case *syntax.Range:
		e.From, e.To = finish(e.From), finish(e.To)
	}
	return e
}

func finishValue(v *syntax.Value) syntax.Expr {
	if v.Type == nil {
		return v
	}
	if v.Type.Kind == syntax.String {
		v.S = v.N.Bytes(v.Bytes(), syntax.Big)
		v.Wild = v.S == "" || v.S[len(v.S)-1] != 0
		v.S, _, _ = strings.Cut(v.S, "\x00")
		return v
	}
	if v.Order == syntax.Host {
		v.N = syntax.FromBytes(v.N.Bytes(v.Bytes(), syntax.Big), syntax.Host)
	}
	if v.Type.IsBitmask() {
		return flags(v)
	}
	return v
}

// flags splits a constant into its flags.
func flags(v *syntax.Value) syntax.Expr {
	if v.N.Count() < 2 || v.Type == syntax.CTLabelType {
		return v
	}
	var out syntax.Expr
	for n := v.N; !n.IsZero(); {
		bit := syntax.N(1).Shl(n.Low())
		n = n.Xor(bit)
		one := &syntax.Value{Common: v.Common, N: bit}
		if out == nil {
			out = one
			continue
		}
		out = &syntax.Binop{Common: v.Common, Op: syntax.Or, L: out, R: one}
	}
	return out
}
