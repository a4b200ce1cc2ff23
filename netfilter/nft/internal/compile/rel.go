package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// rel evaluates a comparison.
func (c *compiler) rel(e *syntax.Rel) syntax.Expr {
	if syntax.Constant(e.L) {
		fail(e.L.Info().At, "a constant can't be compared with something: nothing to match")
	}
	l := c.left(presence(e.L, e.R))
	r := c.rightSide(e.R, l)
	limit(l, r)
	out := &syntax.Rel{Op: e.Op, L: l, R: r}
	out.At = e.At
	switch e.Op {
	case syntax.Implicit, syntax.Eq:
		c.learn(out)
		return c.equality(out)
	case syntax.Neq:
		return c.equality(out)
	case syntax.Neg:
		v, ok := r.(*syntax.Value)
		if !ok || !l.Info().Type.IsBitmask() || v.N.Count() == 0 {
			failHint(e.At, "did you mean '!='?", "negation can only be used with singleton bitmask values")
		}
		return c.equality(out)
	}
	return c.order(out)
}

// presence changes a lookup in the routing tables to a test of whether there is a
// result, if it is compared with exists or missing.
func presence(l, r syntax.Expr) syntax.Expr {
	f, ok := l.(*syntax.Fib)
	s, ok2 := r.(*syntax.Symbol)
	if !ok || !ok2 || s.Quoted || s.Text != "exists" && s.Text != "missing" || f.Result == nft.FibAddrType {
		return l
	}
	c := *f
	c.Flags |= nft.FibPresent
	return &c
}

// rightSide evaluates a right side, whose type is that of the left side.
func (c *compiler) rightSide(e syntax.Expr, l syntax.Expr) syntax.Expr {
	want := *l.Info()
	switch e := e.(type) {
	case *syntax.Set:
		return c.anonymous(e, l, nil)
	case *syntax.SetRef:
		return c.named(e, l)
	}
	if want.Type == nil {
		fail(want.At, "the type of this expression is not known")
	}
	return c.right(e, fieldWant(l))
}

// fieldWant returns the type and size of constants that are compared with l. The size
// is that of the field, not of the bytes that contain it.
func fieldWant(l syntax.Expr) syntax.Common {
	want := *l.Info()
	if n, ok := fieldBits(l); ok {
		want.Bits = n
	}
	return want
}

// limit refuses numbers that a generator never returns.
func limit(l syntax.Expr, r syntax.Expr) {
	var most uint64
	switch e := l.(type) {
	case *syntax.Numgen:
		most = uint64(e.Mod) + uint64(e.Offset) - 1
	case *syntax.Hash:
		most = uint64(e.Mod) + uint64(e.Offset) - 1
	case *syntax.Binop:
		if e.Op == syntax.And || e.Op == syntax.Or || e.Op == syntax.Xor {
			limit(e.L, r)
		}
		return
	default:
		return
	}
	switch r := r.(type) {
	case *syntax.Value:
		if r.N.Cmp(syntax.N(most)) > 0 {
			fail(r.At, "Value %s exceeds valid range 0-%d", r.N, most)
		}
	case *syntax.Range:
		limit(l, r.From)
		limit(l, r.To)
	case *syntax.SetRef:
		if r.Init != nil {
			for _, x := range r.Init.Elems {
				if x.Key != nil {
					limit(l, x.Key)
				}
			}
		}
	case *syntax.Concat:
		if c, ok := l.(*syntax.Concat); ok {
			for i := range r.Parts {
				limit(c.Parts[i], r.Parts[i])
			}
		}
	}
}

// fieldBits returns the size of a field under its mask.
func fieldBits(e syntax.Expr) (int, bool) {
	if b, ok := e.(*syntax.Binop); ok {
		if b.Op == syntax.Shr {
			e = b.L
		}
		if s, ok := e.(*syntax.Swap); ok {
			e = s.Arg
		}
		if a, ok := e.(*syntax.Binop); ok && a.Op == syntax.And {
			switch x := a.L.(type) {
			case *syntax.Payload:
				if m, ok := a.R.(*syntax.Value); ok && x.Field != nil && m.N.Count() == x.Field.Len && x.Field.Len%8+x.Field.Off%8 != 0 {
					return x.Field.Len, true
				}
			case *syntax.Exthdr:
				if x.Field != nil && x.Field.Len%8+x.Field.Off%8 != 0 {
					return x.Field.Len, true
				}
			}
		}
	}
	return 0, false
}

// learn records what a test of equality implies about the packet.
func (c *compiler) learn(r *syntax.Rel) {
	switch right := r.R.(type) {
	case *syntax.Value:
		c.protos.Learn(r.L, right.N.Lo)
	case *syntax.SetRef:
		if right.Init == nil {
			return
		}
		var values []uint64
		for _, x := range right.Init.Elems {
			if v, ok := x.Key.(*syntax.Value); ok {
				values = append(values, v.N.Lo)
			}
		}
		c.protos.LearnAny(r.L, values)
	}
}

// equality evaluates "==" and "!=".
func (c *compiler) equality(r *syntax.Rel) syntax.Expr {
	l := r.L.Info()
	switch x := r.R.(type) {
	case *syntax.Range:
		if a, b := x.From.(*syntax.Value), x.To.(*syntax.Value); a.N.Cmp(b.N) > 0 {
			// A range of hours over midnight is the inverse of the remaining hours.
			x.From, x.To = b, a
			if r.Op == syntax.Neq {
				r.Op = syntax.Eq
			} else {
				r.Op = syntax.Neq
			}
		}
		r.L, r.R = swapTo(r.L, syntax.Big), swapTo(x, syntax.Big)
	case *syntax.Prefix, *syntax.Value:
		r.R = swapTo(r.R, l.Order)
	case *syntax.SetRef:
		if x.Set.Interval {
			r.L = inOrder(r.L)
		}
	}
	transfer(r)
	return r
}

// inOrder converts an expression that is compared with ranges to network byte order.
func inOrder(e syntax.Expr) syntax.Expr {
	c, ok := e.(*syntax.Concat)
	if !ok {
		return swapTo(e, syntax.Big)
	}
	for i, p := range c.Parts {
		// Here nft also converts single bytes.
		if p.Info().Order == syntax.Host {
			c.Parts[i] = swap(p, syntax.Big)
		}
	}
	return c
}

// order evaluates "<", ">", "<=" and ">=".
func (c *compiler) order(r *syntax.Rel) syntax.Expr {
	v, ok := r.R.(*syntax.Value)
	if !ok {
		fail(r.At, "Relational expression (%s) is undefined for such a right side", r.Op)
	}
	if v.Type.Kind == syntax.String {
		fail(r.At, "Relational expression (%s) is undefined for %s types", r.Op, v.Type.Desc)
	}
	r.L, r.R = swapTo(r.L, syntax.Big), swapTo(r.R, syntax.Big)
	transfer(r)
	return r
}

// transfer replaces operations on the left side by their inverses on the constants of
// the right side, if the result is the same.
func transfer(r *syntax.Rel) {
	for {
		b, ok := r.L.(*syntax.Binop)
		if !ok || b.Op != syntax.Shr && b.Op != syntax.Shl && b.Op != syntax.Xor {
			return
		}
		n, ok := b.R.(*syntax.Value)
		if !ok || !moved(r.R, b, n.N, r.At) {
			return
		}
		r.L = b.L
	}
}

// moved applies the inverse of an operation to constants.
func moved(e syntax.Expr, b *syntax.Binop, n syntax.Num, at syntax.Span) bool {
	switch e := e.(type) {
	case *syntax.Value:
		switch b.Op {
		case syntax.Shr:
			if e.N.Bits()+int(n.Lo) > b.Bits {
				fail(at, "Comparison is always false")
			}
			e.N = e.N.Shl(int(n.Lo))
		case syntax.Shl:
			if e.N.Low() < int(n.Lo) && !e.N.IsZero() {
				fail(at, "Comparison is always false")
			}
			e.N = e.N.Shr(int(n.Lo))
		case syntax.Xor:
			e.N = e.N.Xor(n)
		}
		e.Bits = max(e.Bits, b.L.Info().Bits)
		e.Order = b.L.Info().Order
		return true
	case *syntax.Range:
		return moved(e.From, b, n, at) && moved(e.To, b, n, at)
	case *syntax.SetRef:
		if e.Init == nil {
			return false
		}
		movedSet(e.Set, b, n, at)
		return true
	}
	return false
}

// flagCmp evaluates "flags value / mask".
func (c *compiler) flagCmp(e *syntax.FlagCmp) syntax.Expr {
	l := c.left(e.Expr)
	want := *l.Info()
	if !want.Type.IsBitmask() {
		fail(e.At, "Basetype of type %s is not bitmask", want.Type.Desc)
	}
	value := c.right(e.Value, want)
	mask := c.right(e.Mask, want)
	and := &syntax.Binop{Op: syntax.And, L: l, R: mask}
	and.Common = want
	out := &syntax.Rel{Op: e.Op, L: and, R: value}
	out.At = e.At
	return out
}
