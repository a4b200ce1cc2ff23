package parse

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// objectKind parses the words of an object's kind.
func (p *parser) objectKind(c *Command) {
	c.Kind = Object
	switch t := p.next(); t.text {
	case "counter", "counters":
		c.ObjKind = nft.CounterObject
	case "quota", "quotas":
		c.ObjKind = nft.QuotaObject
	case "limit":
		c.ObjKind = nft.LimitObject
	case "secmark":
		c.ObjKind = nft.SecMarkObject
	case "synproxy":
		c.ObjKind = nft.SynproxyObject
	case "tunnel":
		p.fail(span(t), "tunnel objects are not supported")
	case "ct":
		switch p.expect("helper", "timeout", "expectation") {
		case "helper":
			c.ObjKind = nft.CTHelperObject
		case "timeout":
			c.ObjKind = nft.CTTimeoutObject
		default:
			c.ObjKind = nft.CTExpectationObject
		}
	}
}

func (p *parser) objectCommand(c *Command) {
	p.objectKind(c)
	p.tableOf(c)
	if p.handle(c) {
		return
	}
	if c.Verb == Reset && p.atEnd() {
		return
	}
	c.Name = p.ident()
	if c.Verb == Delete || c.Verb == Destroy || c.Verb == Reset || c.Verb == Flush {
		return
	}
	if p.tok().is("{") {
		c.ObjSpec = p.objectBlock(c)
		return
	}
	if p.atEnd() && c.ObjKind == nft.CounterObject {
		c.ObjSpec = &ObjSpec{Value: &nft.Counter{}}
		return
	}
	spec := newObject(c.ObjKind)
	p.objectLine(spec, c.ObjKind)
	c.ObjSpec = spec
}

func newObject(k nft.ObjectKind) *ObjSpec {
	s := &ObjSpec{}
	switch k {
	case nft.CounterObject:
		s.Value = &nft.Counter{}
	case nft.QuotaObject:
		s.Value = &nft.Quota{}
	case nft.LimitObject:
		s.Value = &nft.Limit{}
	case nft.SecMarkObject:
		s.Value = &nft.SecMark{}
	case nft.SynproxyObject:
		s.Value = &nft.Synproxy{}
	case nft.CTHelperObject:
		s.Value = &nft.CTHelper{}
	case nft.CTTimeoutObject:
		s.Value = &nft.CTTimeout{}
	case nft.CTExpectationObject:
		s.Value = &nft.CTExpectation{}
	}
	return s
}

func (p *parser) objectBlock(c *Command) *ObjSpec {
	spec := newObject(c.ObjKind)
	p.block(func() {
		if p.tok().is("comment") {
			spec.Comment = p.comment()
			return
		}
		policy := p.tok().is("policy")
		p.objectLine(spec, c.ObjKind)
		if !policy && (c.ObjKind == nft.CTHelperObject || c.ObjKind == nft.CTTimeoutObject || c.ObjKind == nft.CTExpectationObject) {
			p.end()
		}
	})
	return spec
}

// objectLine parses one line of an object's block.
func (p *parser) objectLine(spec *ObjSpec, k nft.ObjectKind) {
	switch v := spec.Value.(type) {
	case *nft.Counter:
		p.counterValues(v)
	case *nft.Quota:
		*v = *p.quota()
	case *nft.Limit:
		*v = *p.limit()
	case *nft.SecMark:
		v.Context = p.text().Name
	case *nft.Synproxy:
		p.synproxyParts(v)
	case *nft.CTHelper:
		p.ctHelper(v, spec)
	case *nft.CTTimeout:
		p.ctTimeout(v, spec)
	case *nft.CTExpectation:
		p.ctExpectation(v, spec)
	}
}

// protocol parses the name or number of a transport protocol.
func (p *parser) protocol() uint8 {
	t := p.next()
	if n, ok := packet.ProtocolByName(t.text); ok {
		return n
	}
	n, ok := syntax.ParseNum(t.text)
	if !ok || n.Bits() > 8 {
		p.fail(span(t), "unknown protocol %q", t.text)
	}
	return uint8(n.Lo)
}

func (p *parser) l3proto(spec *ObjSpec) {
	t := p.next()
	f, ok := families[t.text]
	if !ok {
		p.fail(span(t), "unknown family %q", t.text)
	}
	spec.L3 = f
}

func (p *parser) ctHelper(v *nft.CTHelper, spec *ObjSpec) {
	switch {
	case p.accept("type"):
		v.Helper = p.text().Name
		p.expect("protocol")
		v.L4Proto = p.protocol()
	case p.accept("l3proto"):
		p.l3proto(spec)
	default:
		p.unexpected("type", "l3proto")
	}
}

func (p *parser) ctTimeout(v *nft.CTTimeout, spec *ObjSpec) {
	switch {
	case p.accept("protocol"):
		v.L4Proto = p.protocol()
	case p.accept("l3proto"):
		p.l3proto(spec)
	case p.accept("policy"):
		p.expect("=")
		p.expect("{")
		for {
			p.newlines()
			if p.accept("}") {
				return
			}
			t := p.next()
			p.expect(":")
			d := p.time()
			v.Policy = append(v.Policy, nft.CTTimeoutPolicy{State: t.text, Timeout: d.Truncate(time.Second)})
			p.newlines()
			if !p.accept(",") {
				p.newlines()
				p.expect("}")
				return
			}
		}
	default:
		p.unexpected("protocol", "l3proto", "policy")
	}
}

func (p *parser) ctExpectation(v *nft.CTExpectation, spec *ObjSpec) {
	switch {
	case p.accept("protocol"):
		v.L4Proto = p.protocol()
	case p.accept("l3proto"):
		p.l3proto(spec)
	case p.accept("dport"):
		v.DPort = uint16(p.uint(16))
	case p.accept("timeout"):
		v.Timeout = p.time()
	case p.accept("size"):
		v.Size = uint8(p.uint(8))
	default:
		p.unexpected("protocol", "dport", "timeout", "size", "l3proto")
	}
}
