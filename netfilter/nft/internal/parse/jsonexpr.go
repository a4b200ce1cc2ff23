package parse

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// expr parses an expression.
func (r jsonReader) expr(n *node) syntax.Expr {
	var e syntax.Expr
	switch n.kind {
	case jsonText, jsonNumber, jsonBool:
		return r.immediate(n)
	case jsonList:
		l := &syntax.List{}
		for _, x := range n.items {
			l.Items = append(l.Items, r.expr(x))
		}
		e = l
	default:
		name, value, ok := n.only()
		if !ok {
			r.fail(n.at, "malformed object: one property is expected")
		}
		if e = r.compound(name, value); e == nil {
			e = r.jsonFact(name, value)
		}
	}
	e.Info().At = n.at
	return e
}

// immediate parses a constant or the name of a set.
func (r jsonReader) immediate(n *node) syntax.Expr {
	if name, ok := strings.CutPrefix(n.text, "@"); ok && n.kind == jsonText {
		s := &syntax.SetRef{Name: name}
		s.At = n.at
		return s
	}
	s := &syntax.Symbol{Text: n.text}
	if n.kind == jsonBool {
		s.Text = map[string]string{"true": "exists", "false": "missing"}[n.text]
	}
	s.At = n.at
	return s
}

var jsonOps = map[string]syntax.Op{"|": syntax.Or, "^": syntax.Xor, "&": syntax.And, ">>": syntax.Shr, "<<": syntax.Shl}

// compound parses an expression that contains other expressions; nil if it is none.
func (r jsonReader) compound(name string, n *node) syntax.Expr {
	if op, ok := jsonOps[name]; ok {
		return r.operation(op, n)
	}
	switch name {
	case "concat":
		return r.concat(n)
	case "set":
		return r.setExpr(n)
	case "map", "vmap":
		return r.mapExpr(name, n)
	case "prefix":
		return &syntax.Prefix{Base: r.expr(r.need(n, "addr")), Len: int(r.needNumber(n, "len", 16))}
	case "range":
		if n.kind != jsonList || len(n.items) != 2 {
			r.fail(n.at, "a range has two ends")
		}
		return &syntax.Range{From: r.expr(n.items[0]), To: r.expr(n.items[1])}
	case "accept", "drop", "continue", "return", "jump", "goto":
		return r.verdict(name, n)
	}
	return nil
}

// operation parses the operands of an operator: two, or a list of more.
func (r jsonReader) operation(op syntax.Op, n *node) syntax.Expr {
	if n.kind != jsonList || len(n.items) < 2 {
		r.fail(n.at, "an operator has two operands at least")
	}
	e := r.expr(n.items[0])
	for _, x := range n.items[1:] {
		b := &syntax.Binop{Op: op, L: e, R: r.expr(x)}
		b.At = n.at
		e = b
	}
	return e
}

func (r jsonReader) concat(n *node) syntax.Expr {
	if n.kind != jsonList || len(n.items) == 0 {
		r.fail(n.at, "unexpected concat object type %s", nodeKindNames[n.kind])
	}
	if len(n.items) == 1 {
		return r.expr(n.items[0])
	}
	c := &syntax.Concat{}
	for _, x := range n.items {
		c.Parts = append(c.Parts, r.expr(x))
	}
	return c
}

// setExpr parses the elements of a set, or the name of one.
func (r jsonReader) setExpr(n *node) syntax.Expr {
	if n.kind == jsonText && strings.HasPrefix(n.text, "@") {
		return r.immediate(n)
	}
	return r.elements(n)
}

// elements parses the elements of a set or map.
func (r jsonReader) elements(n *node) *syntax.Set {
	s := &syntax.Set{}
	s.At = n.at
	if n.kind != jsonList {
		s.Elems = []*syntax.Elem{r.element(n)}
		return s
	}
	for _, x := range n.items {
		s.Elems = append(s.Elems, r.element(x))
	}
	if len(s.Elems) == 0 {
		r.fail(n.at, "a set has one element at least")
	}
	return s
}

// element parses an element: a key, or a pair of key and data.
func (r jsonReader) element(n *node) *syntax.Elem {
	if n.kind != jsonList || len(n.items) != 2 {
		e := r.key(n)
		e.At = n.at
		return e
	}
	e := r.key(n.items[0])
	e.Data = r.expr(n.items[1])
	e.At = n.at
	return e
}

// key parses the key of an element with its options.
func (r jsonReader) key(n *node) *syntax.Elem {
	e := &syntax.Elem{}
	if name, value, ok := n.only(); ok && name == "elem" {
		r.elementMembers(e, value)
		return e
	}
	if n.kind != jsonText || n.text != "*" {
		e.Key = r.expr(n)
	}
	return e
}

// elementMembers parses a key with options in the same object.
func (r jsonReader) elementMembers(e *syntax.Elem, n *node) {
	if v := r.need(n, "val"); v.kind != jsonText || v.text != "*" {
		e.Key = r.expr(v)
	}
	e.Timeout, e.Expires = r.seconds(n, "timeout"), r.seconds(n, "expires")
	e.Comment = r.comment(n)
	for i, name := range n.names {
		if statefulJSON[name] {
			e.Stmts = append(e.Stmts, r.stmtOf(name, n.items[i], n.at))
		}
	}
}

// statefulJSON are the statements that an element can have.
var statefulJSON = map[string]bool{"counter": true, "limit": true, "quota": true, "ct count": true, "last": true}

func (r jsonReader) mapExpr(name string, n *node) syntax.Expr {
	m := &syntax.Map{Key: r.expr(r.need(n, "key")), Map: r.expr(r.need(n, "data"))}
	switch m.Map.(type) {
	case *syntax.Set, *syntax.SetRef:
	default:
		r.fail(n.at, "illegal map expression data")
	}
	if name == "vmap" {
		m.Type = syntax.VerdictType
	}
	return m
}

func (r jsonReader) verdict(name string, n *node) *syntax.Verdict {
	v := &syntax.Verdict{Code: verdictCodes[name]}
	v.Type, v.At = syntax.VerdictType, n.at
	if v.Code == nft.Jump || v.Code == nft.Goto {
		id := r.str(n, "target")
		v.Chain, v.ChainAt = id.Name, id.At
	}
	return v
}
