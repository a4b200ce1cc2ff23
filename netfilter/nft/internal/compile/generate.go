package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// generator writes the program of evaluated statements.
type generator struct {
	table *nft.Table
	out   []nft.Expr
	used  int // 32-bit registers in use
}

func (g *generator) put(x nft.Expr) { g.out = append(g.out, x) }

// words returns the number of 32-bit registers that are reserved for an expression.
func words(e syntax.Expr) int {
	if c, ok := e.(*syntax.Concat); ok {
		return (c.Bits + 31) / 32
	}
	return 4
}

// take reserves registers for an expression.
func (g *generator) take(e syntax.Expr) nft.Reg {
	r := nft.DataReg(g.used)
	g.used += words(e)
	if g.used > nft.RegWords {
		at := syntax.Span{}
		if e != nil {
			at = e.Info().At
		}
		fail(at, "the rule needs more registers than the kernel has")
	}
	return r
}

func (g *generator) free(e syntax.Expr) { g.used -= words(e) }

// load loads an expression into a register, which is released at once.
func (g *generator) load(e syntax.Expr) nft.Reg {
	r := g.take(e)
	g.expr(e, r)
	g.free(e)
	return r
}

// expr writes the expressions that compute x.
func (g *generator) expr(e syntax.Expr, dest nft.Reg) {
	switch e := e.(type) {
	case *syntax.Value:
		g.put(&nft.Immediate{Dest: dest, Data: data(e)})
	case *syntax.Swap:
		g.swap(e, dest)
	case *syntax.Binop:
		g.binop(e, dest)
	case *syntax.Concat:
		for _, p := range e.Parts {
			g.expr(p, dest)
			dest += nft.Reg(pad(p.Info().Bytes()) / 4)
		}
	case *syntax.Map:
		g.mapTo(e, dest)
	case *syntax.Payload:
		g.put(&nft.Payload{Base: e.Base, Offset: e.Off / 8, Len: e.Bytes(), Dest: dest})
	case *syntax.Exthdr:
		n := e.Bytes()
		g.put(&nft.Exthdr{Op: e.Op, Type: e.Type, Offset: e.Off / 8, Len: n, Present: e.Present, Dest: dest})
	case *syntax.Meta:
		g.put(&nft.Meta{Key: e.Key, Dest: dest})
	case *syntax.CT:
		x := &nft.CT{Key: e.Key, Dir: e.Dir, Dest: dest}
		if e.Key == nft.CTProtocol || e.Key == nft.CTL3Proto {
			x.Dir = nft.NoDir // the kernel does not store it
		}
		g.put(x)
	case *syntax.RT:
		g.put(&nft.RT{Key: e.Key, Dest: dest})
	case *syntax.Socket:
		g.put(&nft.Socket{Key: e.Key, Level: e.Level, Dest: dest})
	case *syntax.OSF:
		x := &nft.OSF{TTL: e.TTL, Dest: dest}
		if e.Version {
			x.Flags = nft.OSFVersion
		}
		g.put(x)
	case *syntax.Fib:
		g.put(&nft.Fib{Result: e.Result, Flags: e.Flags, Dest: dest})
	case *syntax.Numgen:
		g.put(&nft.Numgen{Random: e.Random, Mod: e.Mod, Offset: e.Offset, Dest: dest})
	case *syntax.Hash:
		g.hash(e, dest)
	case *syntax.Xfrm:
		g.put(&nft.Xfrm{Key: e.Key, Out: e.Out, Num: e.Num, Dest: dest})
	default:
		fail(e.Info().At, "this expression can't be loaded into a register")
	}
}

// data returns the bytes of a constant.
func data(v *syntax.Value) string {
	return bytesOf(v, v.Bytes(), v.Order)
}

func (g *generator) hash(e *syntax.Hash, dest nft.Reg) {
	x := &nft.Hash{Sym: e.Arg == nil, Mod: e.Mod, Seed: e.Seed, HasSeed: e.HasSeed, Offset: e.Offset, Dest: dest}
	if e.Arg != nil {
		x.Source = g.load(e.Arg)
		x.Len = e.Arg.Info().Bytes()
	}
	g.put(x)
}

func (g *generator) swap(e *syntax.Swap, dest nft.Reg) {
	a := e.Arg.Info()
	size := 2
	switch {
	case a.Bits%64 == 0:
		size = 8
	case a.Bits%32 == 0:
		size = 4
	}
	g.expr(e.Arg, dest)
	g.put(&nft.Byteorder{ToNetwork: a.Order == syntax.Host, Source: dest, Dest: dest, Len: e.Bits / 8, Size: size})
}

// binop writes one bitwise expression for a series of masks.
func (g *generator) binop(e *syntax.Binop, dest nft.Reg) {
	n := e.Bytes()
	if e.Op == syntax.Shl || e.Op == syntax.Shr {
		g.expr(e.L, dest)
		op := nft.ShiftLeft
		if e.Op == syntax.Shr {
			op = nft.ShiftRight
		}
		g.put(&nft.Bitwise{Op: op, Source: dest, Dest: dest, Len: n, Shift: uint32(e.R.(*syntax.Value).N.Lo)})
		return
	}
	var chain []*syntax.Binop
	inner := syntax.Expr(e)
	for {
		b, ok := inner.(*syntax.Binop)
		if !ok || b.Op == syntax.Shl || b.Op == syntax.Shr {
			break
		}
		chain = append(chain, b)
		inner = b.L
	}
	g.expr(inner, dest)
	mask, xor := syntax.Ones(e.Bits), syntax.Num{}
	for i := len(chain) - 1; i >= 0; i-- {
		v := number(chain[i].R)
		m, x := syntax.Ones(e.Bits), syntax.Num{}
		switch chain[i].Op {
		case syntax.And:
			m = v
		case syntax.Or:
			m, x = v.Not().And(syntax.Ones(e.Bits)), v
		case syntax.Xor:
			x = v
		}
		xor, mask = x.Xor(xor.And(m)), mask.And(m)
	}
	g.put(&nft.Bitwise{Source: dest, Dest: dest, Len: n, Mask: mask.Bytes(n, e.Order), Xor: xor.Bytes(n, e.Order)})
}

// number returns the numeric value of a constant.
func number(e syntax.Expr) syntax.Num {
	if v, ok := e.(*syntax.Value); ok {
		return v.N
	}
	return syntax.Num{}
}

func setRef(e syntax.Expr) nft.SetRef {
	ref := e.(*syntax.SetRef)
	if ref.Init != nil {
		return nft.SetRef{Anon: ref.Set}
	}
	return nft.SetRef{Name: ref.Name}
}

// mapTo writes a lookup in a map.
func (g *generator) mapTo(e *syntax.Map, dest nft.Reg) {
	source := dest
	if dest == nft.VerdictReg {
		source = g.take(e.Key)
	}
	used := g.used
	g.used = max(g.used, source.Word()+words(e.Key))
	if g.used > nft.RegWords {
		fail(e.At, "the rule needs more registers than the kernel has")
	}
	g.expr(e.Key, source)
	g.used = used
	g.put(&nft.Lookup{Set: setRef(e.Map), Source: source, Map: true, Dest: dest})
	if dest == nft.VerdictReg {
		g.free(e.Key)
	}
}
