package compile

import "github.com/packetpath/packetpath/netfilter/nft/internal/syntax"

// binop evaluates an operation of two expressions.
func (c *compiler) binop(e *syntax.Binop) syntax.Expr {
	var l, r syntax.Expr
	switch {
	case syntax.Constant(e.L) && syntax.Constant(e.R):
		fail(e.At, "No symbol type information")
	case syntax.Constant(e.L):
		// A constant is moved to the right side.
		if e.Op == syntax.Shl || e.Op == syntax.Shr {
			fail(e.At, "Left hand side of a shift can't be constant")
		}
		l = c.left(e.R)
		r = c.right(e.L, *l.Info())
	default:
		l = c.left(e.L)
		want := fieldWant(l)
		if e.Op == syntax.Shl || e.Op == syntax.Shr {
			want.Set(syntax.IntegerType, 32, syntax.Host)
		}
		r = c.operand(e.R, want)
		limit(l, r)
	}
	return c.operation(e, l, r)
}

// operand evaluates the right side of an operation.
func (c *compiler) operand(e syntax.Expr, want syntax.Common) syntax.Expr {
	if !syntax.Constant(e) {
		failHint(e.Info().At, "kernels before 6.13 combine facts with constants only", "Right hand side of binary operation must be constant")
	}
	return c.right(e, want)
}

func (c *compiler) operation(e *syntax.Binop, l, r syntax.Expr) syntax.Expr {
	li := l.Info()
	if !li.Type.IsInteger() && li.Type.Kind != syntax.String || len(li.Type.Sub) > 0 {
		fail(e.At, "Binary operation (%s) is undefined for %s types", e.Op, li.Type.Desc)
	}
	v, ok := r.(*syntax.Value)
	if !ok {
		fail(e.At, "Binary operation (%s) is undefined for such a right side", e.Op)
	}
	out := &syntax.Binop{Op: e.Op, L: l, R: r}
	out.At = e.At
	if e.Op == syntax.Shl || e.Op == syntax.Shr {
		width := li.Bits
		if c.want != nil {
			width = max(width, c.want.Bits)
		}
		word := "Left"
		if e.Op == syntax.Shr {
			word = "Right"
		}
		if v.N.Cmp(syntax.N(uint64(width))) >= 0 {
			fail(e.At, "%s shift of %s bits is undefined for type of %d bits width", word, v.N, width)
		}
		out.L = swapTo(l, syntax.Host)
		out.Set(syntax.IntegerType, width, syntax.Host)
		return out
	}
	if c.want != nil && c.want.Bits > li.Bits {
		out.L = swapTo(l, syntax.Host)
		v.Order = syntax.Host
		out.Set(syntax.IntegerType, c.want.Bits, syntax.Host)
		return out
	}
	v.Order = li.Order
	out.Set(li.Type, li.Bits, li.Order)
	return out
}

// swapTo converts an expression to another byte order.
func swapTo(e syntax.Expr, o syntax.Order) syntax.Expr {
	i := e.Info()
	if i.Order == o || i.Order == syntax.None || i.Bits <= 8 {
		return e
	}
	return swap(e, o)
}

// swap is like swapTo, but also converts a single byte.
func swap(e syntax.Expr, o syntax.Order) syntax.Expr {
	i := e.Info()
	switch e := e.(type) {
	case *syntax.Value:
		if e.Type.Kind != syntax.String {
			e.Order = o
		}
		return e
	case *syntax.Range:
		e.From, e.To, e.Order = swapTo(e.From, o), swapTo(e.To, o), o
		return e
	case *syntax.Prefix:
		e.Base, e.Order = swapTo(e.Base, o), o
		return e
	case *syntax.Concat, *syntax.SetRef:
		return e
	}
	if !i.Type.IsInteger() {
		return e
	}
	s := &syntax.Swap{Arg: e}
	s.Set(i.Type, i.Bits, o)
	s.At = i.At
	return s
}
