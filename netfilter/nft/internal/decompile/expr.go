package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// expr processes one expression of the program.
func (p *program) expr(x nft.Expr) {
	switch x := x.(type) {
	case *nft.Immediate:
		p.set(x.Dest, raw(x.Data))
	case *nft.SetVerdict:
		p.put(&syntax.VerdictStmt{Verdict: verdict(x.Verdict)})
	case *nft.Cmp:
		p.cmp(x)
	case *nft.Range:
		op := syntax.Eq
		if x.Not {
			op = syntax.Neq
		}
		p.put(&syntax.ExprStmt{Expr: &syntax.Rel{Op: op, L: p.get(x.Source), R: &syntax.Range{From: raw(x.From), To: raw(x.To)}}})
	case *nft.Lookup:
		p.lookup(x)
	case *nft.Bitwise:
		p.bitwise(x)
	case *nft.Byteorder:
		arg := p.get(x.Source)
		s := &syntax.Swap{Arg: arg}
		s.Bits = arg.Info().Bits
		p.set(x.Dest, s)
	default:
		if e := p.fact(x); e != nil {
			return
		}
		p.stmt(x)
	}
}

func verdict(v nft.Verdict) *syntax.Verdict {
	out := &syntax.Verdict{Code: v.Code, Chain: v.Chain, Block: v.Block}
	out.Type = syntax.VerdictType
	return out
}

var cmpOps = map[nft.CmpOp]syntax.Op{nft.Eq: syntax.Eq, nft.Neq: syntax.Neq, nft.Lt: syntax.Lt, nft.Lte: syntax.Lte, nft.Gt: syntax.Gt, nft.Gte: syntax.Gte}

// cmp processes a comparison with a constant. A constant that is shorter than the left
// side is a prefix, a longer one a concatenation.
func (p *program) cmp(x *nft.Cmp) {
	left := p.get(x.Source)
	var right syntax.Expr = raw(x.Data)
	bits, have := left.Info().Bits, 8*len(x.Data)
	t := left.Info().Type
	switch {
	case bits > have && (t == nil || t.Kind != syntax.String):
		v := raw(x.Data)
		v.N, v.Bits = v.N.Shl(bits-have), bits
		pre := &syntax.Prefix{Base: v, Len: have}
		pre.Bits = bits
		right = pre
	case 0 < bits && (bits+7)/8*8 < have:
		left = p.concat(x.Source, len(x.Data))
		c := &syntax.Concat{}
		data := x.Data
		for _, part := range left.(*syntax.Concat).Parts {
			n := min(part.Info().Bytes(), len(data))
			c.Parts = append(c.Parts, raw(data[:n]))
			data = data[min(pad(n), len(data)):]
		}
		right = c
	}
	p.put(&syntax.ExprStmt{Expr: &syntax.Rel{Op: cmpOps[x.Op], L: left, R: right}})
}

func (p *program) lookup(x *nft.Lookup) {
	set := x.Set.In(p.table)
	if set == nil {
		set = &nft.Set{Name: x.Set.Name}
	}
	left := p.key(x.Source, set)
	ref := p.ref(x.Set, set)
	if !x.Map {
		op := syntax.Eq
		if x.Not {
			op = syntax.Neq
		}
		p.put(&syntax.ExprStmt{Expr: &syntax.Rel{Op: op, L: left, R: ref}})
		return
	}
	m := &syntax.Map{Key: left, Map: ref}
	if x.Dest == nft.VerdictReg {
		m.Type = syntax.VerdictType
		p.put(&syntax.ExprStmt{Expr: m})
		return
	}
	setType(&m.Common, set.Data.Type)
	p.set(x.Dest, m)
}

func (p *program) ref(r nft.SetRef, set *nft.Set) *syntax.SetRef {
	ref := &syntax.SetRef{Name: r.Name, Set: set}
	if r.Anon != nil {
		ref.Init = Elements(p.table, r.Anon, p.release)
	}
	return ref
}

// bitwise converts mask and xor to the operators from which they were compiled.
func (p *program) bitwise(x *nft.Bitwise) {
	left := p.get(x.Source)
	bits := left.Info().Bits
	binop := func(op syntax.Op, l, r syntax.Expr) syntax.Expr {
		b := &syntax.Binop{Op: op, L: l, R: r}
		b.Bits = bits
		return b
	}
	constant := func(n syntax.Num) *syntax.Value {
		v := &syntax.Value{N: n}
		v.Set(nil, 8*x.Len, syntax.Big)
		return v
	}
	e := left
	switch x.Op {
	case nft.ShiftLeft, nft.ShiftRight:
		n := &syntax.Value{N: syntax.N(uint64(x.Shift))}
		n.Set(syntax.IntegerType, 32, syntax.Big)
		op := syntax.Shl
		if x.Op == nft.ShiftRight {
			op = syntax.Shr
		}
		e = binop(op, left, n)
	case nft.MaskXor:
		m, xor := syntax.FromBytes(x.Mask, syntax.Big), syntax.FromBytes(x.Xor, syntax.Big)
		or := m.And(xor).Xor(xor)
		xor, m = xor.And(m), m.Or(or)
		if bits == 0 || m != syntax.Ones(8*x.Len) || bits < 8*x.Len && m != syntax.Ones(bits) {
			e = binop(syntax.And, e, constant(m))
		}
		if !xor.IsZero() {
			e = binop(syntax.Xor, e, constant(xor))
		}
		if !or.IsZero() {
			e = binop(syntax.Or, e, constant(or))
		}
	default:
		op := map[nft.BitwiseOp]syntax.Op{nft.And: syntax.And, nft.Or: syntax.Or, nft.Xor: syntax.Xor}[x.Op]
		e = binop(op, left, p.get(x.Source2))
	}
	p.set(x.Dest, e)
}
