package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// concatExpr parses the left side of a comparison: properties of the packet, separated
// by dots.
func (p *parser) concatExpr() syntax.Expr {
	start := p.tok().start
	first := p.binary(p.primary)
	if !p.tok().is(".") {
		return first
	}
	c := &syntax.Concat{Parts: []syntax.Expr{first}}
	for p.accept(".") {
		p.newlines()
		c.Parts = append(c.Parts, p.binary(p.primary))
	}
	c.At = p.from(start)
	return c
}

// levels are the binary operators by precedence, lowest first.
var levels = [][]struct {
	text string
	op   syntax.Op
}{
	{{"|", syntax.Or}, {"or", syntax.Or}},
	{{"^", syntax.Xor}, {"xor", syntax.Xor}},
	{{"&", syntax.And}, {"and", syntax.And}},
	{{"<<", syntax.Shl}, {"lshift", syntax.Shl}, {">>", syntax.Shr}, {"rshift", syntax.Shr}},
}

// binary parses operands and binary operators.
func (p *parser) binary(operand func() syntax.Expr) syntax.Expr { return p.level(0, operand) }

func (p *parser) level(n int, operand func() syntax.Expr) syntax.Expr {
	if n == len(levels) {
		return operand()
	}
	start := p.tok().start
	left := p.level(n+1, operand)
	for {
		op := syntax.Implicit
		for _, l := range levels[n] {
			if p.accept(l.text) {
				op = l.op
				break
			}
		}
		if op == syntax.Implicit {
			return left
		}
		p.deeper()
		b := &syntax.Binop{Op: op, L: left, R: p.level(n+1, operand)}
		b.At = p.from(start)
		left = b
	}
}

// deeper counts nested operators and parentheses, whose number is limited.
func (p *parser) deeper() {
	p.depth++
	if p.depth > maxNesting {
		p.fail(span(p.tok()), "expression too long")
	}
}

const maxNesting = 4096

// parens parses an expression in parentheses.
func (p *parser) parens(inner func() syntax.Expr) syntax.Expr {
	p.expect("(")
	p.nested++
	if p.nested > 100 {
		p.fail(span(p.tok()), "too many parentheses")
	}
	e := inner()
	p.nested--
	p.expect(")")
	return e
}

// primary parses a property, a constant or an expression in parentheses.
func (p *parser) primary() syntax.Expr {
	if p.tok().is("(") {
		return p.parens(func() syntax.Expr { return p.binary(p.primary) })
	}
	if e := p.fact(); e != nil {
		return e
	}
	return p.symbol()
}

// symbol parses a constant.
func (p *parser) symbol() syntax.Expr {
	t := p.tok()
	switch {
	case t.is("$"):
		return p.variable()
	case t.is("@"):
		return p.setName()
	case t.kind == word, t.kind == star, t.kind == number, t.kind == address, t.kind == duration, t.kind == classid, t.kind == quoted, t.kind == bracket:
		if t.kind == word && isOperator[t.text] {
			p.unexpected()
		}
		p.pos++
		s := &syntax.Symbol{Text: t.text, Quoted: t.kind == quoted}
		s.At = span(t)
		return s
	}
	p.unexpected()
	return nil
}

// isOperator are the words that cannot be a constant.
var isOperator = map[string]bool{"map": true, "vmap": true, "set": true, "comment": true, "eq": true, "ne": true, "lt": true,
	"gt": true, "le": true, "ge": true, "and": true, "or": true, "xor": true, "lshift": true, "rshift": true, "counter": true,
	"accept": true, "drop": true, "jump": true, "goto": true, "return": true, "continue": true, "log": true, "limit": true,
	"queue": true, "masquerade": true, "quota": true, "notrack": true,
	"to": true, "timeout": true, "expires": true, "position": true, "handle": true}

// setName parses "@name".
func (p *parser) setName() syntax.Expr {
	start := p.tok().start
	p.expect("@")
	id := p.ident()
	r := &syntax.SetRef{Name: id.Name}
	r.At = p.from(start)
	return r
}

// rhs parses the right side of a comparison: constants, ranges, prefixes, flags or a
// set.
func (p *parser) rhs() syntax.Expr {
	start := p.tok().start
	switch t := p.tok(); {
	case t.is("{"):
		return p.elementSet()
	case t.is("@"):
		return p.setName()
	}
	first := p.rhsConcat()
	if !p.tok().is(",") || !p.listFollows() {
		return first
	}
	l := &syntax.List{Items: []syntax.Expr{first}}
	for p.tok().is(",") && p.listFollows() {
		p.pos++
		p.newlines()
		l.Items = append(l.Items, p.rhsConcat())
	}
	l.At = p.from(start)
	return l
}

// listFollows reports whether the token after a comma can be a flag.
func (p *parser) listFollows() bool {
	n := 1
	for p.peek(n).kind == newline {
		n++
	}
	switch t := p.peek(n); t.kind {
	case word, number, quoted, address, star, duration:
		return true
	case sign:
		return t.text == "$" || t.text == "("
	}
	return false
}

// rhsConcat parses constants that are separated by dots.
func (p *parser) rhsConcat() syntax.Expr {
	start := p.tok().start
	first := p.rhsMulti()
	if !p.tok().is(".") {
		return first
	}
	c := &syntax.Concat{Parts: []syntax.Expr{first}}
	for p.accept(".") {
		p.newlines()
		c.Parts = append(c.Parts, p.rhsMulti())
	}
	c.At = p.from(start)
	return c
}

// rhsMulti parses a constant, a range or a prefix.
func (p *parser) rhsMulti() syntax.Expr { return p.multi(p.binary(p.rhsPrimary), p.rhsPrimary) }

// multi parses the rest of a range or a prefix that begins with an expression.
func (p *parser) multi(e syntax.Expr, operand func() syntax.Expr) syntax.Expr {
	start := e.Info().At.Start
	switch {
	case p.tok().is("/") && p.peek(1).kind == number:
		p.pos++
		pre := &syntax.Prefix{Base: e, Len: int(p.uint(16))}
		pre.At = syntax.Span{Start: start, End: p.last()}
		return pre
	case p.tok().is("-"):
		p.pos++
		r := &syntax.Range{From: e, To: p.binary(operand)}
		r.At = syntax.Span{Start: start, End: p.last()}
		return r
	}
	return e
}

func (p *parser) rhsPrimary() syntax.Expr {
	if p.tok().is("(") {
		return p.parens(func() syntax.Expr { return p.binary(p.rhsPrimary) })
	}
	if p.tok().is("@") {
		p.unexpected()
	}
	return p.symbol()
}

// stmtExpr parses the value of a statement: constants, properties, maps.
func (p *parser) stmtExpr() syntax.Expr {
	start := p.tok().start
	e := p.multi(p.concatExpr(), p.primary)
	if p.accept("map") {
		return p.mapOf(e, start)
	}
	if !p.tok().is(",") || !p.listFollows() {
		return e
	}
	l := &syntax.List{Items: []syntax.Expr{e}}
	for p.tok().is(",") && p.listFollows() {
		p.pos++
		p.newlines()
		l.Items = append(l.Items, p.multi(p.concatExpr(), p.primary))
	}
	l.At = p.from(start)
	return l
}

// mapOf parses the map in which an expression is looked up.
func (p *parser) mapOf(key syntax.Expr, start int) syntax.Expr {
	m := &syntax.Map{Key: key}
	switch t := p.tok(); {
	case t.is("{"):
		m.Map = p.elementSet()
	case t.is("@"):
		m.Map = p.setName()
	case t.is("$"):
		m.Map = p.variable()
	default:
		p.unexpected()
	}
	m.At = p.from(start)
	return m
}
