package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// commands parses the commands of a file.
func (p *parser) commands() []*Command {
	var out []*Command
	for {
		p.ends()
		if p.tok().kind == eof {
			return out
		}
		p.depth, p.nested = 0, 0
		start := p.pos
		if !p.try(func() { out = append(out, p.line()...) }) {
			p.recoverLine(start)
			if p.tok().is("}") {
				p.pos++
			}
		}
		if len(*p.faults) >= maxFaults {
			return out
		}
	}
}

const maxFaults = 100

// line parses a define, an include or a command.
func (p *parser) line() []*Command {
	if p.definition() {
		return nil
	}
	c := p.command()
	p.end()
	if c == nil {
		return nil
	}
	return []*Command{c}
}

var verbs = map[string]Verb{"add": Add, "create": Create, "insert": Insert, "replace": Replace, "delete": Delete,
	"destroy": Destroy, "flush": Flush, "rename": Rename, "reset": Reset, "list": Other, "get": Other, "monitor": Other,
	"describe": Other, "import": Other, "export": Other}

func (p *parser) command() *Command {
	start := p.tok().start
	verb, given := Add, false
	if v, ok := verbs[p.tok().text]; ok && p.tok().kind == word {
		verb, given = v, true
		p.pos++
	}
	if verb == Other && p.toks[p.pos-1].text != "monitor" {
		// Commands that only print something change nothing.
		for t := p.tok(); t.kind != newline && t.kind != eof; t = p.tok() {
			p.pos++
		}
		return nil
	}
	if verb == Other {
		p.failHint(p.from(start), "remove it from the file", "%q does not change the ruleset and is not carried out", p.toks[p.pos-1].text)
	}
	c := &Command{Verb: verb}
	p.object(c, given)
	c.At = p.from(start)
	return c
}

var families = map[string]nft.Family{"ip": nft.IP, "ip6": nft.IP6, "inet": nft.Inet, "arp": nft.ARP, "bridge": nft.Bridge, "netdev": nft.Netdev}

// family parses a family; IP if the next token is not one.
func (p *parser) family() nft.Family {
	if f, ok := families[p.tok().text]; ok && p.tok().kind == word {
		p.pos++
		return f
	}
	return nft.IP
}

// tableOf parses family and table.
func (p *parser) tableOf(c *Command) {
	c.Family = p.family()
	c.Table = p.ident()
}

// object parses the object of a command.
func (p *parser) object(c *Command, verb bool) {
	t := p.tok()
	if t.kind != word {
		p.unexpected()
	}
	switch t.text {
	case "table":
		p.pos++
		c.Kind = Table
		p.tableCommand(c)
	case "chain":
		p.pos++
		c.Kind = Chain
		p.chainCommand(c)
	case "rule":
		p.pos++
		p.ruleCommand(c)
	case "set", "map", "meter":
		p.pos++
		c.Kind = Kind(t.text)
		p.setCommand(c)
	case "element":
		p.pos++
		c.Kind = Element
		p.tableOf(c)
		c.Name = p.ident()
		c.Elements = p.elementSet()
	case "flowtable":
		p.pos++
		c.Kind = Flowtable
		p.tableOf(c)
		if !p.handle(c) {
			c.Name = p.ident()
		}
		if p.tok().is("{") {
			c.FlowSpec = p.flowtableBlock()
		}
	case "ruleset":
		p.pos++
		c.Kind = Ruleset
		if f, ok := families[p.tok().text]; ok {
			c.Family = f
			p.pos++
		}
	case "counter", "quota", "limit", "secmark", "synproxy", "ct", "counters", "quotas", "tunnel":
		p.objectCommand(c)
	default:
		if verb && c.Verb != Add && c.Verb != Insert && c.Verb != Replace && c.Verb != Delete {
			p.unexpected()
		}
		p.ruleCommand(c)
	}
}

// handle parses "handle N".
func (p *parser) handle(c *Command) bool {
	if !p.accept("handle") {
		return false
	}
	c.Handle = p.uint(64)
	return true
}

func (p *parser) tableCommand(c *Command) {
	c.Family = p.family()
	if p.handle(c) {
		return
	}
	c.Table = p.ident()
	if p.tok().is("{") {
		c.TableSpec = p.tableBlock(c)
	}
}

// maxBlocks is the maximum depth of nested blocks (nft: SCOPE_NEST_MAX, which also
// counts the file).
const maxBlocks = 3

// block parses statements between braces.
func (p *parser) block(statement func()) {
	open := p.tok()
	p.expect("{")
	p.scope = &scope{outer: p.scope, vars: map[string]syntax.Expr{}, depth: p.scope.depth + 1}
	if p.scope.depth > maxBlocks {
		p.scope = p.scope.outer
		p.fail(span(open), "too many levels of nesting")
	}
	for {
		p.ends()
		if p.accept("}") {
			break
		}
		if p.tok().kind == eof {
			p.unexpected("}")
		}
		start, nested := p.pos, p.nested
		if !p.try(func() {
			if !p.definition() {
				statement()
			}
		}) {
			p.recoverLine(start)
			p.nested = nested
			if len(*p.faults) >= maxFaults {
				panic(stop{})
			}
		}
	}
	p.scope = p.scope.outer
}

func (p *parser) tableBlock(table *Command) *TableSpec {
	spec := &TableSpec{}
	p.block(func() {
		t := p.tok()
		c := &Command{Verb: Add, Family: table.Family, Table: table.Table, Kind: Kind(t.text)}
		switch t.text {
		case "flags":
			p.pos++
			spec.Flags = append(spec.Flags, p.wordList()...)
			p.end()
			return
		case "comment":
			spec.Comment = p.comment()
			p.end()
			return
		case "chain":
			p.pos++
			c.Name = p.ident()
			c.ChainSpec = p.chainBlock()
		case "set", "map", "meter":
			p.pos++
			c.Name = p.ident()
			c.SetSpec = p.setBlock(t.text == "map")
		case "flowtable":
			p.pos++
			c.Name = p.ident()
			c.FlowSpec = p.flowtableBlock()
		case "counter", "quota", "limit", "secmark", "synproxy", "ct", "tunnel":
			p.objectKind(c)
			c.Name = p.ident()
			c.ObjSpec = p.objectBlock(c)
		default:
			p.unexpected()
		}
		c.At = p.from(t.start)
		p.blockEnd()
		spec.Items = append(spec.Items, c)
	})
	return spec
}

// blockEnd consumes the separator after a closing brace.
func (p *parser) blockEnd() {
	if t := p.tok(); t.kind == newline || t.is(";") {
		p.pos++
		return
	}
	p.unexpected("newline", "semicolon")
}

// wordList parses words that are separated by commas.
func (p *parser) wordList() []Ident {
	var out []Ident
	for {
		t := p.tok()
		if t.kind != word {
			p.unexpected("string")
		}
		p.pos++
		out = append(out, Ident{t.text, span(t)})
		if !p.accept(",") {
			return out
		}
	}
}

// comment parses "comment TEXT".
func (p *parser) comment() string {
	p.expect("comment")
	t := p.tok()
	s := p.text()
	return p.checkComment(s.Name, span(t))
}

// maxComment is the maximum length of a comment in bytes (nft:
// NFTNL_UDATA_COMMENT_MAXLEN).
const maxComment = 128

func (p *parser) checkComment(s string, at syntax.Span) string {
	if len(s) > maxComment {
		p.fail(at, "comment too long, %d characters maximum allowed", maxComment)
	}
	return s
}
