package compile

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// right evaluates a constant whose type and size are known.
func (c *compiler) right(e syntax.Expr, want syntax.Common) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Symbol:
		return c.symbol(e, want)
	case *syntax.Value:
		v := *e
		return &v
	case *syntax.Prefix:
		return c.prefix(e, want)
	case *syntax.Range:
		return c.rangeOf(e, want)
	case *syntax.List:
		return c.list(e, want)
	case *syntax.Binop:
		return c.constant(e, want)
	case *syntax.Concat:
		return c.constants(e, want)
	case *syntax.Verdict:
		if want.Type != syntax.VerdictType {
			fail(e.At, "datatype mismatch, expected %s, expression has type verdict", want.Type.Desc)
		}
		return e
	case *syntax.Set:
		fail(e.At, "a set can't stand here")
	case *syntax.SetRef:
		fail(e.At, "a set can't stand here")
	}
	fail(e.Info().At, "a constant is expected here")
	return nil
}

// symbol converts a word to a value of a type.
func (c *compiler) symbol(s *syntax.Symbol, want syntax.Common) syntax.Expr {
	t := want.Type
	if t == nil {
		fail(s.At, "No symbol type information")
	}
	if len(t.Sub) > 0 {
		fail(s.At, "datatype mismatch, expected concatenation of (%s)", t.Desc)
	}
	if t == syntax.VerdictType {
		fail(s.At, "datatype mismatch, expected verdict")
	}
	v := &syntax.Value{}
	v.Set(t, want.Bits, want.Order)
	v.At = s.At
	if t.Kind == syntax.String {
		c.text(v, s.Text, want.Bits)
		return v
	}
	n, msg := c.number(t, s.Text)
	if msg != "" {
		fail(s.At, "%s", msg)
	}
	if t.Parse != nil && t == syntax.TimeType {
		v.N = n
		return v
	}
	if want.Bits > 0 && n.Bits() > want.Bits {
		bits := want.Bits
		fail(s.At, "Value %s exceeds valid range 0-%s", n, syntax.Ones(bits))
	}
	v.N = n
	return v
}

// text converts a string. A trailing "*" matches any remainder.
func (c *compiler) text(v *syntax.Value, s string, bits int) {
	v.S = s
	if strings.HasSuffix(s, `\*`) {
		v.S = s[:len(s)-2] + "*"
	} else if strings.HasSuffix(s, "*") {
		v.S, v.Wild = s[:len(s)-1], true
		if v.S == "" {
			fail(v.At, "All-wildcard strings are not supported")
		}
	}
	if v.S == "" {
		fail(v.At, "Empty string is not allowed")
	}
	if bits > 0 && 8*len(v.S) >= bits {
		fail(v.At, "String exceeds maximum length of %d", bits/8-1)
	}
}

// number converts a number or the name of one.
func (c *compiler) number(t *syntax.Type, s string) (syntax.Num, string) {
	if n, ok := t.Symbols.Find(s); ok {
		return syntax.N(n), ""
	}
	if t.Parse != nil {
		if n, ok := t.Parse(s); ok {
			return n, ""
		}
	}
	if t == syntax.IfIndexType {
		if n, ok := syntax.ParseNum(s); ok {
			return n, ""
		}
		if len(s) > 15 {
			return syntax.Num{}, "Interface does not exist"
		}
		return syntax.N(uint64(c.Ruleset.LinkIndex(s))), ""
	}
	if n, ok := syntax.ParseNum(s); ok && t != syntax.IPv6Type && t != syntax.EtherType && t != syntax.LLAddrType {
		return n, ""
	}
	return syntax.Num{}, unreadable(t, s)
}

// unreadable fails because a word is not a value of a type.
func unreadable(t *syntax.Type, s string) string {
	switch t {
	case syntax.IPv4Type, syntax.IPv6Type:
		return fmt.Sprintf("Could not resolve hostname %q: names are not looked up", s)
	case syntax.ServiceType:
		return fmt.Sprintf("Could not resolve service: %q is not known", s)
	case syntax.UIDType:
		return fmt.Sprintf("User %q does not exist (names of other users than those of every system are not looked up)", s)
	case syntax.GIDType:
		return fmt.Sprintf("Group %q does not exist (names of other groups than those of every system are not looked up)", s)
	}
	for _, n := range t.Symbols {
		if len(s) > 2 && (strings.HasPrefix(n.Name, s) || strings.HasPrefix(s, n.Name)) {
			return fmt.Sprintf("Could not parse %s expression %q; did you mean %q?", t.Desc, s, n.Name)
		}
	}
	return fmt.Sprintf("Could not parse %s expression %q", t.Desc, s)
}

func (c *compiler) prefix(e *syntax.Prefix, want syntax.Common) syntax.Expr {
	base := c.right(e.Base, want)
	v, ok := base.(*syntax.Value)
	if !ok {
		fail(e.At, "Prefix expression is undefined for such values")
	}
	if e.Len > v.Bits {
		fail(e.At, "Prefix length %d is invalid for type of %d bits width", e.Len, v.Bits)
	}
	out := &syntax.Prefix{Base: v, Len: e.Len}
	out.Common = v.Common
	out.At = e.At
	v.N = v.N.And(syntax.Ones(e.Len).Shl(v.Bits - e.Len))
	return out
}

func (c *compiler) rangeOf(e *syntax.Range, want syntax.Common) syntax.Expr {
	from, ok := c.right(e.From, want).(*syntax.Value)
	to, ok2 := c.right(e.To, want).(*syntax.Value)
	if !ok || !ok2 || from.Type.Kind == syntax.String {
		fail(e.At, "Range expression is undefined for %s types", want.Type.Desc)
	}
	out := &syntax.Range{From: from, To: to}
	out.Common = from.Common
	out.At = e.At
	if from.N.Cmp(to.N) > 0 {
		if want.Type == syntax.HourType {
			return out
		}
		fail(e.At, "Range has zero or negative size")
	}
	return out
}

// list combines flags to one value.
func (c *compiler) list(e *syntax.List, want syntax.Common) syntax.Expr {
	out := &syntax.Value{}
	out.Set(want.Type, want.Bits, want.Order)
	out.At = e.At
	if !want.Type.IsBitmask() {
		fail(e.At, "Basetype of type %s is not bitmask", want.Type.Desc)
	}
	for _, x := range e.Items {
		v, ok := c.right(x, want).(*syntax.Value)
		if !ok {
			fail(x.Info().At, "List member must be a constant value")
		}
		out.N = out.N.Or(v.N)
	}
	return out
}

// constant computes an operation of constants.
func (c *compiler) constant(e *syntax.Binop, want syntax.Common) syntax.Expr {
	l, ok := c.right(e.L, want).(*syntax.Value)
	rw := want
	if e.Op == syntax.Shl || e.Op == syntax.Shr {
		rw.Set(syntax.IntegerType, 32, syntax.Host)
	}
	r, ok2 := c.right(e.R, rw).(*syntax.Value)
	if !ok || !ok2 || !want.Type.IsInteger() {
		fail(e.At, "Binary operation (%s) is undefined for such values", e.Op)
	}
	out := &syntax.Value{Common: l.Common}
	out.At = e.At
	mask := syntax.Ones(want.Bits)
	switch e.Op {
	case syntax.And:
		out.N = l.N.And(r.N)
	case syntax.Or:
		out.N = l.N.Or(r.N)
	case syntax.Xor:
		out.N = l.N.Xor(r.N)
	case syntax.Shl:
		out.N = l.N.Shl(int(min(r.N.Lo, 128))).And(mask)
	case syntax.Shr:
		out.N = l.N.Shr(int(min(r.N.Lo, 128)))
	}
	return out
}

// constants evaluates a concatenation, whose parts have the types of want.
func (c *compiler) constants(e *syntax.Concat, want syntax.Common) syntax.Expr {
	t := want.Type
	if t == nil || len(t.Sub) == 0 {
		desc := "one value"
		if t != nil {
			desc = t.Desc
		}
		fail(e.At, "unexpected concat component, expecting %s", desc)
	}
	if len(e.Parts) != len(t.Sub) {
		fail(e.At, "datatype mismatch, expected concatenation of (%s), %d parts are given", t.Desc, len(e.Parts))
	}
	out := &syntax.Concat{}
	out.Common = want
	out.At = e.At
	for i, p := range e.Parts {
		w := syntax.Common{Type: t.Sub[i], Bits: t.Sub[i].Bits, Order: t.Sub[i].Order}
		if w.Bits == 0 {
			w.Bits = 32
		}
		out.Parts = append(out.Parts, c.right(p, w))
	}
	return out
}
