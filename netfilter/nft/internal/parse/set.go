package parse

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

func (p *parser) setCommand(c *Command) {
	p.tableOf(c)
	if p.handle(c) {
		return
	}
	c.Name = p.ident()
	if p.tok().is("{") {
		c.SetSpec = p.setBlock(c.Kind == Map)
	}
}

func (p *parser) setBlock(isMap bool) *SetSpec {
	spec := &SetSpec{Map: isMap}
	p.block(func() {
		t := p.tok()
		switch {
		case p.accept("type"):
			p.setTypes(spec, isMap)
			spec.TypeAt = p.from(t.start)
		case p.accept("typeof"):
			spec.Typeof = p.typeofExpr()
			spec.TypeAt = p.from(t.start)
			if isMap {
				p.mapData(spec, true)
			}
		case p.accept("flags"):
			spec.Flags = append(spec.Flags, p.wordList()...)
		case p.accept("timeout"):
			spec.Timeout = p.time()
		case p.accept("gc-interval"):
			spec.GC = p.time()
		case p.accept("size"):
			spec.Size = p.uint(32)
		case p.accept("policy"):
			spec.Memory = p.expect("performance", "memory") == "memory"
		case p.accept("auto-merge"):
			spec.AutoMerge = true
			return
		case p.accept("elements"):
			p.expect("=")
			p.elementsOf(spec)
			return
		case t.is("comment"):
			spec.Comment = p.comment()
			return
		case statefulWord(t.text):
			for statefulWord(p.tok().text) {
				spec.Stmts = append(spec.Stmts, p.stmt())
			}
		default:
			p.unexpected()
		}
		p.end()
	})
	return spec
}

func statefulWord(s string) bool {
	switch s {
	case "counter", "limit", "quota", "ct", "last":
		return true
	}
	return false
}

func (p *parser) elementsOf(spec *SetSpec) {
	var set *syntax.Set
	if p.tok().is("$") {
		start := p.tok().start
		v, ok := p.variable().(*syntax.Set)
		if !ok {
			p.fail(p.from(start), "elements have to stand between braces")
		}
		set = v
	} else {
		set = p.elementSet()
	}
	if spec.Elements != nil {
		set.Elems = append(spec.Elements.Elems, set.Elems...)
	}
	spec.Elements = set
}

// setTypes parses the types of keys, and of data in maps.
func (p *parser) setTypes(spec *SetSpec, isMap bool) {
	spec.KeyTypes = p.typeNames()
	if isMap {
		p.mapData(spec, false)
	}
}

func (p *parser) typeNames() []Ident {
	var out []Ident
	for {
		t := p.tok()
		if t.kind != word {
			p.unexpected("string")
		}
		p.pos++
		out = append(out, Ident{t.text, span(t)})
		if !p.accept(".") {
			return out
		}
	}
}

func (p *parser) mapData(spec *SetSpec, typeof bool) {
	p.expect(":")
	spec.DataInterval = p.accept("interval")
	switch t := p.tok(); {
	case p.accept("verdict"):
		spec.DataVerdict = true
	case p.accept("counter"):
		spec.DataObject = nft.CounterObject
	case p.accept("quota"):
		spec.DataObject = nft.QuotaObject
	case p.accept("limit"):
		spec.DataObject = nft.LimitObject
	case p.accept("secmark"):
		spec.DataObject = nft.SecMarkObject
	case p.accept("synproxy"):
		spec.DataObject = nft.SynproxyObject
	case !typeof && t.is("ct"):
		p.pos++
		switch p.expect("helper", "timeout", "expectation") {
		case "helper":
			spec.DataObject = nft.CTHelperObject
		case "timeout":
			spec.DataObject = nft.CTTimeoutObject
		default:
			spec.DataObject = nft.CTExpectationObject
		}
	case typeof:
		spec.DataTypeof = p.typeofExpr()
	default:
		spec.DataTypes = p.typeNames()
	}
}

// typeofExpr parses the expression of typeof.
func (p *parser) typeofExpr() syntax.Expr { return p.concatExpr() }

// Typeof parses an expression of typeof; nil if the text is none.
func Typeof(text string) (e syntax.Expr) {
	var faults []*Fault
	p := &parser{files: &Files{}, scope: &scope{}, faults: &faults, toks: scan(text, 0)}
	if text == "" || !p.try(func() { e = p.typeofExpr() }) {
		return nil
	}
	return e
}

// time parses a time.
func (p *parser) time() time.Duration {
	t := p.tok()
	d, ok := syntax.ParseTime(t.text)
	if t.kind != number && t.kind != duration && t.kind != word && t.kind != quoted || !ok {
		p.unexpected("time")
	}
	p.pos++
	return d
}

// elementSet parses the elements of a set between braces.
func (p *parser) elementSet() *syntax.Set {
	if p.tok().is("$") {
		start := p.tok().start
		v, ok := p.variable().(*syntax.Set)
		if !ok {
			p.fail(p.from(start), "elements have to stand between braces")
		}
		return v
	}
	t := p.tok()
	p.expect("{")
	set := &syntax.Set{}
	for {
		p.newlines()
		if p.tok().is("}") {
			break
		}
		set.Elems = append(set.Elems, p.element())
		p.newlines()
		if !p.accept(",") {
			break
		}
	}
	p.newlines()
	p.expect("}")
	set.At = p.from(t.start)
	return set
}

// element parses an element with its options and data.
func (p *parser) element() *syntax.Elem {
	start := p.tok().start
	e := &syntax.Elem{}
	if !p.accept("*") {
		e.Key = p.elementKey()
	}
	p.elementOptions(e)
	p.newlinesBefore(":")
	if p.accept(":") {
		p.newlines()
		e.Data = p.elementData()
	}
	e.At = p.from(start)
	return e
}

// newlinesBefore consumes empty lines if a sign follows them.
func (p *parser) newlinesBefore(text string) {
	n := 0
	for p.peek(n).kind == newline {
		n++
	}
	if p.peek(n).is(text) {
		p.pos += n
	}
}

func (p *parser) elementOptions(e *syntax.Elem) {
	for statefulWord(p.tok().text) && p.tok().kind == word {
		e.Stmts = append(e.Stmts, p.stmt())
	}
	for {
		switch {
		case p.accept("timeout"):
			if p.accept("never") {
				e.Never = true
			} else {
				e.Timeout = p.time()
			}
		case p.accept("expires"):
			e.Expires = p.time()
		case p.tok().is("comment"):
			e.Comment = p.comment()
		case statefulWord(p.tok().text) && p.tok().kind == word:
			e.Stmts = append(e.Stmts, p.stmt())
		default:
			return
		}
	}
}

func (p *parser) elementKey() syntax.Expr {
	if p.tok().is("{") {
		return p.elementSet()
	}
	return p.rhsConcat()
}

func (p *parser) elementData() syntax.Expr {
	if v := p.verdictExpr(); v != nil {
		return v
	}
	return p.rhsConcat()
}
