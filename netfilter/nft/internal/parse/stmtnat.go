package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

var natKinds = map[string]syntax.NATKind{"snat": syntax.SNAT, "dnat": syntax.DNAT, "masquerade": syntax.Masquerade, "redirect": syntax.Redirect}

func (p *parser) nat() syntax.Stmt {
	start := p.tok().start
	s := &syntax.NAT{Kind: natKinds[p.next().text]}
	if s.Kind <= syntax.DNAT {
		p.natForm(s)
		p.accept("to")
		p.natTarget(s)
	} else if p.accept("to") {
		if !p.accept(":") && s.Kind == syntax.Masquerade {
			p.unexpected(":")
		}
		s.Port = p.stmtExpr()
	} else if p.tok().is(":") {
		p.pos++
		s.Port = p.stmtExpr()
	}
	p.natFlags(s)
	s.Span = p.from(start)
	return s
}

// natWord are the words that may follow a family.
var natWord = map[string]bool{"to": true, "prefix": true, "interval": true, "addr": true}

// natForm parses the words before "to".
func (p *parser) natForm(s *syntax.NAT) {
	if f, ok := families[p.tok().text]; ok && (f == nft.IP || f == nft.IP6) && natWord[p.peek(1).text] {
		s.Family = f
		p.pos++
	}
	for {
		switch {
		case p.accept("prefix"):
			s.Prefix = true
		case p.accept("interval"):
			s.Interval = true
		case p.tok().is("addr") && p.peek(1).is(".") && p.peek(2).is("port"):
			p.pos += 3
			s.Concat = true
		case p.tok().is("addr") && p.peek(1).is("."):
			p.unexpected("port")
		default:
			return
		}
	}
}

func (p *parser) natTarget(s *syntax.NAT) {
	if p.accept(":") {
		s.Port = p.stmtExpr()
		return
	}
	s.Addr = p.stmtExpr()
	if p.accept(":") {
		s.Port = p.stmtExpr()
	}
}

var natFlagBits = map[string]uint32{"random": nft.NATRandom, "fully-random": nft.NATFullyRandom, "persistent": nft.NATPersistent}

func (p *parser) natFlags(s *syntax.NAT) {
	for {
		t := p.tok()
		f, ok := natFlagBits[t.text]
		if !ok || t.kind != word {
			return
		}
		p.pos++
		s.Flags |= f
		if !p.accept(",") {
			return
		}
	}
}

func (p *parser) tproxy() syntax.Stmt {
	start := p.tok().start
	p.expect("tproxy")
	s := &syntax.TProxy{}
	if w, ok := p.acceptAny("ip", "ip6"); ok {
		s.Family = families[w]
	}
	p.expect("to")
	if p.accept(":") {
		s.Port = p.stmtExpr()
	} else {
		s.Addr = p.stmtExpr()
		if p.accept(":") {
			s.Port = p.stmtExpr()
		}
	}
	s.Span = p.from(start)
	return s
}

func (p *parser) queue() syntax.Stmt {
	start := p.tok().start
	p.expect("queue")
	s := &syntax.Queue{}
	for {
		switch {
		case p.accept("num"), p.accept("to"):
			s.Expr = p.stmtExpr()
			continue
		case p.accept("flags"):
			p.queueFlags(s)
			continue
		case p.tok().is("bypass"), p.tok().is("fanout"):
			p.queueFlags(s)
			continue
		}
		break
	}
	s.Span = p.from(start)
	return s
}

var queueFlagBits = map[string]uint32{"bypass": nft.QueueBypass, "fanout": nft.QueueFanout}

func (p *parser) queueFlags(s *syntax.Queue) {
	for {
		s.Flags |= queueFlagBits[p.expect("bypass", "fanout")]
		if !p.accept(",") {
			return
		}
	}
}

func (p *parser) dup() syntax.Stmt {
	start := p.tok().start
	p.expect("dup")
	p.expect("to")
	s := &syntax.Dup{To: p.stmtExpr()}
	if p.accept("device") {
		s.Dev = p.stmtExpr()
	}
	s.Span = p.from(start)
	return s
}

func (p *parser) fwd() syntax.Stmt {
	start := p.tok().start
	p.expect("fwd")
	s := &syntax.Fwd{}
	if w, ok := p.acceptAny("ip", "ip6"); ok {
		s.Family = families[w]
		p.expect("to")
		s.Addr = p.stmtExpr()
		p.expect("device")
		s.Dev = p.stmtExpr()
	} else {
		p.expect("to")
		s.Dev = p.stmtExpr()
	}
	s.Span = p.from(start)
	return s
}

// rejectWords are the kinds of replies with the types of their codes.
func (p *parser) reject() syntax.Stmt {
	start := p.tok().start
	p.expect("reject")
	s := &syntax.Reject{}
	if p.accept("with") {
		s.Set = true
		switch w := p.expect("icmp", "icmpv6", "icmpx", "tcp"); w {
		case "tcp":
			p.expect("reset")
			s.Type = nft.RejectTCPReset
		default:
			p.accept("type")
			s.Type = nft.RejectICMP
			switch w {
			case "icmp":
				s.Family = nft.IP
			case "icmpv6":
				s.Family = nft.IP6
			default:
				s.Type = nft.RejectICMPX
			}
			s.Code = p.symbol()
		}
	}
	s.Span = p.from(start)
	return s
}

var dynsetOps = map[string]nft.DynsetOp{"add": nft.DynsetAdd, "update": nft.DynsetUpdate, "delete": nft.DynsetDelete}

// setStmt parses "add @s { … }" and the older "set add … @s".
func (p *parser) setStmt() syntax.Stmt {
	start := p.tok().start
	s := &syntax.SetStmt{}
	if p.accept("set") {
		s.Op = dynsetOps[p.expect("add", "update", "delete")]
		s.Key = p.concatExpr()
		if p.accept("timeout") {
			s.Timeout = p.time()
		}
		s.Set = p.setName().(*syntax.SetRef)
		s.Span = p.from(start)
		return s
	}
	s.Op = dynsetOps[p.next().text]
	s.Set = p.setName().(*syntax.SetRef)
	p.expect("{")
	s.Key = p.concatExpr()
	p.setStmtOptions(s)
	if p.accept(":") {
		s.Data = p.concatExpr()
		p.setStmtOptions(s)
	}
	p.expect("}")
	s.Span = p.from(start)
	return s
}

func (p *parser) setStmtOptions(s *syntax.SetStmt) {
	for {
		switch {
		case p.accept("timeout"):
			s.Timeout = p.time()
		case statefulWord(p.tok().text) && p.tok().kind == word:
			s.Stmts = append(s.Stmts, p.stmt())
		default:
			return
		}
	}
}

func (p *parser) meter() syntax.Stmt {
	start := p.tok().start
	p.expect("meter", "table")
	s := &syntax.Meter{Name: p.ident().Name}
	if p.accept("size") {
		s.Size = uint32(p.uint(32))
	}
	p.expect("{")
	s.Key = &syntax.Elem{Key: p.concatExpr()}
	if p.accept("timeout") {
		s.Key.Timeout = p.time()
	}
	s.Stmt = p.stmt()
	p.expect("}")
	s.Span = p.from(start)
	return s
}
