package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// stmt parses one statement.
func (p *parser) stmt() syntax.Stmt {
	start := p.tok().start
	t := p.tok()
	if t.kind == word {
		if s := p.keyword(t); s != nil {
			return s
		}
	}
	e := p.concatExpr()
	switch {
	case p.accept("set"):
		return p.assign(e, p.stmtExpr, func() syntax.Span { return p.from(start) })
	case p.accept("vmap"):
		m := p.mapOf(e, start).(*syntax.Map)
		m.Type = syntax.VerdictType
		return &syntax.ExprStmt{Span: p.from(start), Expr: m}
	}
	return p.relation(e, start)
}

// relOps are the signs and words of comparisons.
var relOps = []struct {
	text string
	op   syntax.Op
}{{"==", syntax.Eq}, {"eq", syntax.Eq}, {"!=", syntax.Neq}, {"ne", syntax.Neq}, {"<=", syntax.Lte}, {"le", syntax.Lte},
	{">=", syntax.Gte}, {"ge", syntax.Gte}, {"<", syntax.Lt}, {"lt", syntax.Lt}, {">", syntax.Gt}, {"gt", syntax.Gt},
	{"!", syntax.Neg}, {"not", syntax.Neg}}

// relation parses the right side of a comparison.
func (p *parser) relation(left syntax.Expr, start int) syntax.Stmt {
	r := &syntax.Rel{L: left}
	for _, o := range relOps {
		if p.accept(o.text) {
			r.Op = o.op
			break
		}
	}
	if p.atEnd() {
		p.unexpected()
	}
	r.R = p.rhs()
	if p.accept("/") {
		f := &syntax.FlagCmp{Op: r.Op, Expr: left, Value: r.R, Mask: p.rhs()}
		if f.Op == syntax.Implicit {
			f.Op = syntax.Eq
		}
		f.At = p.from(start)
		return &syntax.ExprStmt{Span: f.At, Expr: f}
	}
	r.At = p.from(start)
	return &syntax.ExprStmt{Span: r.At, Expr: r}
}

// assign parses the value that a property is set to.
func (p *parser) assign(e syntax.Expr, value func() syntax.Expr, at func() syntax.Span) syntax.Stmt {
	switch e := e.(type) {
	case *syntax.Payload:
		return &syntax.PayloadSet{To: e, Val: value(), Span: at()}
	case *syntax.Exthdr:
		return &syntax.ExthdrSet{To: e, Val: value(), Span: at()}
	case *syntax.Meta:
		if e.Key == nft.MetaSecMark {
			return &syntax.ObjRef{Kind: nft.SecMarkObject, Expr: value(), Span: at()}
		}
		return &syntax.MetaSet{Key: e.Key, Expr: value(), Span: at()}
	case *syntax.CT:
		if e.Key == nft.CTHelperName {
			return &syntax.ObjRef{Kind: nft.CTHelperObject, Expr: value(), Span: at()}
		}
		return &syntax.CTSet{Key: e.Key, Dir: e.Dir, Expr: value(), Span: at()}
	}
	p.fail(e.Info().At, "this expression can't be set")
	return nil
}

func (p *parser) objSet(k nft.ObjectKind, start int) syntax.Stmt {
	return &syntax.ObjRef{Kind: k, Expr: p.stmtExpr(), Span: p.from(start)}
}

var verdictCodes = map[string]nft.VerdictCode{"accept": nft.Accept, "drop": nft.Drop, "continue": nft.Continue, "return": nft.Return,
	"jump": nft.Jump, "goto": nft.Goto}

// verdictExpr parses a verdict; nil if the next token does not begin one.
func (p *parser) verdictExpr() syntax.Expr {
	t := p.tok()
	if t.kind != word {
		return nil
	}
	code, ok := verdictCodes[t.text]
	if !ok {
		return nil
	}
	p.pos++
	v := &syntax.Verdict{Code: code}
	v.Type = syntax.VerdictType
	if code == nft.Jump || code == nft.Goto {
		switch {
		case p.tok().is("{"):
			p.blockRules(v)
		case p.tok().is("$"):
			id := p.variableText()
			v.Chain, v.ChainAt = id.Name, id.At
		default:
			id := p.ident()
			v.Chain, v.ChainAt = id.Name, id.At
		}
	}
	v.At = p.from(t.start)
	return v
}

// blockRules parses the rules of an anonymous chain.
func (p *parser) blockRules(v *syntax.Verdict) {
	v.Rules = []*syntax.RuleText{}
	p.block(func() {
		v.Rules = append(v.Rules, p.rule())
		p.end()
	})
}

// keyword parses a statement that begins with a keyword; nil if it begins with an
// expression.
func (p *parser) keyword(t token) syntax.Stmt {
	start := t.start
	plain := func(x nft.Expr) syntax.Stmt { return &syntax.Plain{Span: p.from(start), Expr: x} }
	switch t.text {
	case "accept", "drop", "continue", "return", "jump", "goto":
		v := p.verdictExpr().(*syntax.Verdict)
		return &syntax.VerdictStmt{Span: v.At, Verdict: v}
	case "counter":
		return p.counter()
	case "limit":
		p.pos++
		if p.accept("name") {
			return p.objSet(nft.LimitObject, start)
		}
		return plain(p.limit())
	case "quota":
		p.pos++
		if p.accept("name") {
			return p.objSet(nft.QuotaObject, start)
		}
		return plain(p.quota())
	case "synproxy":
		p.pos++
		if p.accept("name") {
			return p.objSet(nft.SynproxyObject, start)
		}
		x := &nft.Synproxy{}
		for p.synproxyPart(x) {
		}
		return plain(x)
	case "last":
		return plain(p.lastUsed())
	case "log":
		return p.log()
	case "reject":
		return p.reject()
	case "snat", "dnat", "masquerade", "redirect":
		return p.nat()
	case "tproxy":
		return p.tproxy()
	case "queue":
		return p.queue()
	case "dup":
		return p.dup()
	case "fwd":
		return p.fwd()
	case "notrack":
		p.pos++
		return plain(&nft.Notrack{})
	case "flow":
		return p.flow()
	case "add", "update", "delete", "set":
		return p.setStmt()
	case "map":
		p.unexpected()
	case "meter":
		return p.meter()
	case "reset":
		p.pos++
		p.expect("tcp")
		p.expect("option")
		p.pos -= 2
		e := p.tcpOption().(*syntax.Exthdr)
		return plain(&nft.ExthdrReset{Op: nft.ExthdrTCPOption, Type: e.Type})
	case "ct":
		return p.ctStmt(start)
	case "xt":
		p.unsupportedXT(span(t))
	}
	return nil
}

// unsupportedXT refuses a rule of iptables-nft of which nft prints only the name.
func (p *parser) unsupportedXT(at syntax.Span) {
	p.failHint(at, "give what iptables-nft-save prints of this table, too", "unsupported xtables compat expression: nft does not show what such a rule does")
}

func (p *parser) ctStmt(start int) syntax.Stmt {
	switch {
	case p.peek(1).is("count"):
		p.pos += 2
		x := &nft.ConnLimit{Over: p.accept("over")}
		x.Count = uint32(p.uint(32))
		return &syntax.Plain{Span: p.from(start), Expr: x}
	case p.peek(1).is("timeout") && p.peek(2).is("set"):
		p.pos += 3
		return p.objSet(nft.CTTimeoutObject, start)
	case p.peek(1).is("expectation") && p.peek(2).is("set"):
		p.pos += 3
		return p.objSet(nft.CTExpectationObject, start)
	}
	return nil
}
