package parse

import "github.com/packetpath/packetpath/netfilter/nft/internal/syntax"

func (p *parser) chainCommand(c *Command) {
	p.tableOf(c)
	if p.handle(c) {
		return
	}
	c.Name = p.ident()
	switch {
	case c.Verb == Rename:
		c.NewName = p.ident()
	case p.tok().is("{"):
		c.ChainSpec = p.chainBlock()
	}
}

func (p *parser) chainBlock() *ChainSpec {
	spec := &ChainSpec{}
	p.block(func() {
		switch t := p.tok(); {
		case t.is("comment"):
			spec.Comment = p.comment()
			p.end()
		case t.is("type") && p.peek(2).is("hook"):
			p.hook(spec)
		case t.is("policy"):
			p.policy(spec)
		case t.is("flags"):
			p.pos++
			p.expect("offload")
			spec.Offload = true
		case t.is("devices"):
			p.pos++
			p.expect("=")
			spec.Devices, spec.Several = p.devices(), true
			p.end()
		default:
			spec.Rules = append(spec.Rules, p.rule())
			p.end()
		}
	})
	return spec
}

// hook parses "type T hook H [device D] priority P;".
func (p *parser) hook(spec *ChainSpec) {
	p.expect("type")
	t := p.next()
	spec.Type = Ident{t.text, span(t)}
	p.expect("hook")
	h := p.tok()
	if h.kind != word {
		p.unexpected("string")
	}
	p.pos++
	spec.Hook = Ident{h.text, span(h)}
	for {
		switch {
		case p.accept("device"):
			spec.Devices = append(spec.Devices, p.text())
			continue
		case p.accept("devices"):
			p.expect("=")
			spec.Devices, spec.Several = p.devices(), true
			continue
		}
		break
	}
	p.expect("priority")
	spec.Priority = p.priority()
}

func (p *parser) devices() []Ident {
	if p.tok().is("$") {
		start := p.tok().start
		set, ok := p.variable().(*syntax.Set)
		if !ok {
			p.fail(p.from(start), "a set of devices is expected here")
		}
		var out []Ident
		for _, e := range set.Elems {
			s, ok := e.Key.(*syntax.Symbol)
			if !ok {
				p.fail(p.from(start), "a set of devices is expected here")
			}
			out = append(out, Ident{s.Text, s.At})
		}
		return out
	}
	p.expect("{")
	var out []Ident
	for {
		p.newlines()
		if p.accept("}") {
			return out
		}
		out = append(out, p.text())
		p.newlines()
		if !p.accept(",") {
			p.newlines()
			p.expect("}")
			return out
		}
	}
}

func (p *parser) priority() *Priority {
	start := p.tok().start
	pr := &Priority{}
	switch t := p.tok(); {
	case t.is("$"):
		switch v := p.variable().(type) {
		case *syntax.Symbol:
			if n, ok := signed(v.Text); ok {
				pr.Value = n
			} else {
				pr.Name = v.Text
			}
		case *syntax.Binop:
			p.fail(p.from(start), "invalid priority expression value in this context.")
		default:
			p.fail(p.from(start), "invalid priority expression value in this context.")
		}
	case t.is("-"):
		p.pos++
		pr.Value = -int64(p.uint(63))
	case t.kind == number:
		pr.Value = int64(p.uint(63))
	case t.kind == word:
		p.pos++
		pr.Name = t.text
		// Without spaces the sign is part of the word.
		if p.accept("+") {
			pr.Value = int64(p.uint(31))
		} else if p.accept("-") {
			pr.Value = -int64(p.uint(31))
		}
	default:
		p.unexpected("number", "string")
	}
	pr.At = p.from(start)
	return pr
}

func signed(s string) (int64, bool) {
	neg := len(s) > 1 && s[0] == '-'
	if neg {
		s = s[1:]
	}
	n, ok := syntax.ParseNum(s)
	if !ok || n.Bits() > 62 {
		return 0, false
	}
	if neg {
		return -int64(n.Lo), true
	}
	return int64(n.Lo), true
}

func (p *parser) policy(spec *ChainSpec) {
	p.expect("policy")
	var id Ident
	if p.tok().is("$") {
		id = p.variableText()
	} else {
		t := p.next()
		id = Ident{t.text, span(t)}
	}
	if id.Name != "accept" && id.Name != "drop" {
		p.fail(id.At, "invalid policy expression value in this context.")
	}
	spec.Policy = &id
}
