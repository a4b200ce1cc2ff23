package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

var cmpOps = map[syntax.Op]nft.CmpOp{syntax.Implicit: nft.Eq, syntax.Eq: nft.Eq, syntax.Neq: nft.Neq, syntax.Lt: nft.Lt,
	syntax.Lte: nft.Lte, syntax.Gt: nft.Gt, syntax.Gte: nft.Gte}

// rel writes a comparison.
func (g *generator) rel(e *syntax.Rel) {
	switch r := e.R.(type) {
	case *syntax.SetRef:
		source := g.load(e.L)
		g.put(&nft.Lookup{Set: setRef(r), Source: source, Not: e.Op == syntax.Neq})
	case *syntax.Range:
		g.rangeRel(e, r)
	case *syntax.Prefix:
		g.prefixRel(e, r)
	case *syntax.Concat:
		source := g.load(e.L)
		s := ""
		for i, p := range r.Parts {
			v, ok := p.(*syntax.Value)
			if !ok || v.Wild {
				fail(r.At, "ranges in a concatenation have to stand in a set")
			}
			b := bytesOf(v, v.Bytes(), v.Order)
			if i < len(r.Parts)-1 {
				b = padded(b)
			}
			s += b
		}
		g.put(&nft.Cmp{Op: cmpOps[e.Op], Source: source, Data: padded(s)})
	case *syntax.Value:
		g.valueRel(e, r)
	default:
		fail(e.At, "this right side can't be compared with")
	}
}

func (g *generator) valueRel(e *syntax.Rel, v *syntax.Value) {
	if (e.Op == syntax.Implicit || e.Op == syntax.Neg) && v.Type.IsBitmask() {
		g.flagRel(e, v)
		return
	}
	source := g.load(e.L)
	if v.Type != nil && v.Type.Kind == syntax.String {
		s := bytesOf(v, v.Bytes(), v.Order)
		if v.Wild {
			s = v.S
		}
		g.put(&nft.Cmp{Op: cmpOps[e.Op], Source: source, Data: s})
		return
	}
	g.put(&nft.Cmp{Op: cmpOps[e.Op], Source: source, Data: data(v)})
}

// flagRel writes a test of whether any of the flags of a mask is set, or none of them.
func (g *generator) flagRel(e *syntax.Rel, v *syntax.Value) {
	source := g.load(e.L)
	n := e.L.Info().Bytes()
	zero := string(make([]byte, n))
	if _, masked := e.L.(*syntax.Binop); masked {
		g.put(&nft.Cmp{Op: nft.Eq, Source: source, Data: bytesOf(v, n, v.Order)})
		return
	}
	g.put(&nft.Bitwise{Source: source, Dest: source, Len: n, Mask: bytesOf(v, n, v.Order), Xor: zero})
	op := nft.Neq
	if e.Op == syntax.Neg {
		op = nft.Eq
	}
	g.put(&nft.Cmp{Op: op, Source: source, Data: zero})
}

func (g *generator) rangeRel(e *syntax.Rel, r *syntax.Range) {
	source := g.load(e.L)
	from, to := data(r.From.(*syntax.Value)), data(r.To.(*syntax.Value))
	if e.Op == syntax.Neq {
		g.put(&nft.Range{Not: true, Source: source, From: from, To: to})
		return
	}
	g.put(&nft.Cmp{Op: nft.Gte, Source: source, Data: from})
	g.put(&nft.Cmp{Op: nft.Lte, Source: source, Data: to})
}

// prefixRel loads only the bytes that the prefix covers, if its length is a whole number
// of bytes.
func (g *generator) prefixRel(e *syntax.Rel, r *syntax.Prefix) {
	v := r.Base.(*syntax.Value)
	if r.Order == syntax.Big && r.Len > 0 && r.Len%8 == 0 {
		l := e.L
		if p, ok := l.(*syntax.Payload); ok {
			short := *p
			short.Bits = r.Len
			l = &short
		}
		source := g.load(l)
		g.put(&nft.Cmp{Op: cmpOps[e.Op], Source: source, Data: data(v)[:r.Len/8]})
		return
	}
	source := g.load(e.L)
	n := v.Bytes()
	mask := syntax.Ones(r.Len).Shl(v.Bits - r.Len)
	g.put(&nft.Bitwise{Source: source, Dest: source, Len: n, Mask: mask.Bytes(n, v.Order), Xor: string(make([]byte, n))})
	g.put(&nft.Cmp{Op: cmpOps[e.Op], Source: source, Data: data(v)})
}
