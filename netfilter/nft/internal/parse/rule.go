package parse

import "github.com/packetpath/packetpath/netfilter/nft/internal/syntax"

func (p *parser) ruleCommand(c *Command) {
	c.Kind = Rule
	p.tableOf(c)
	c.Name = p.ident()
	switch {
	case p.accept("handle"):
		c.Handle, c.After = p.uint(64), c.Verb == Add
	case p.accept("position"):
		c.Handle, c.After = p.uint(64), c.Verb == Add
	case p.accept("index"):
		c.Index = int(p.uint(31)) + 1
		c.After = c.Verb == Add
	}
	if c.Verb != Delete && c.Verb != Destroy && c.Verb != Reset {
		c.Rule = p.rule()
	}
}

// rule parses the statements of a rule up to the end of the line.
func (p *parser) rule() *syntax.RuleText {
	start := p.tok().start
	r := &syntax.RuleText{}
	for !p.atEnd() {
		if p.tok().is("comment") {
			r.Comment = p.comment()
			break
		}
		r.Stmts = append(r.Stmts, p.stmt())
	}
	if len(r.Stmts) == 0 {
		p.unexpected()
	}
	r.At = p.from(start)
	return r
}

func (p *parser) atEnd() bool {
	t := p.tok()
	return t.kind == newline || t.kind == eof || t.is(";") || t.is("}")
}
