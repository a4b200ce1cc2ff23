package parse

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

func (p *parser) counter() syntax.Stmt {
	start := p.tok().start
	p.expect("counter")
	if p.accept("name") {
		return p.objSet(nft.CounterObject, start)
	}
	x := &nft.Counter{}
	if p.tok().is("packets") {
		p.counterValues(x)
	}
	return &syntax.Plain{Span: p.from(start), Expr: x}
}

func (p *parser) counterValues(x *nft.Counter) {
	p.expect("packets")
	x.Packets = p.uint(64)
	p.expect("bytes")
	x.Bytes = p.uint(64)
}

func (p *parser) lastUsed() *nft.Last {
	p.expect("last")
	x := &nft.Last{}
	if p.accept("used") {
		if p.accept("never") {
			return x
		}
		x.Seen, x.Ago = true, p.time()
		p.accept("ago")
	}
	return x
}

// units are the units of bytes.
var units = map[string]uint64{"bytes": 1, "kbytes": 1024, "mbytes": 1024 * 1024}

// limit parses the arguments of "limit".
func (p *parser) limit() *nft.Limit {
	x := &nft.Limit{Burst: 5}
	p.expect("rate")
	x.Over = p.accept("over")
	t := p.tok()
	x.Rate = p.uint(64)
	if f, ok := units[p.tok().text]; ok && p.tok().kind == word {
		p.pos++
		x.Bytes, x.Burst = true, 0
		x.Rate *= f
	} else if w := p.tok(); w.kind == word {
		// "mbytes/second" is one word to the scanner.
		if unit, per, ok := strings.Cut(w.text, "/"); ok && units[unit] != 0 {
			p.pos++
			x.Bytes, x.Burst = true, 0
			x.Rate *= units[unit]
			x.Unit = p.timeUnit(w, per)
		}
	}
	if x.Unit == 0 {
		p.expect("/")
		w := p.next()
		x.Unit = p.timeUnit(w, w.text)
	}
	if x.Rate == 0 {
		p.fail(span(t), "limit rate must be larger than zero")
	}
	if p.accept("burst") {
		x.Burst = uint32(p.uint(32))
		w := p.tok()
		if f, ok := units[w.text]; ok && x.Bytes {
			p.pos++
			x.Burst *= uint32(f)
		} else if !x.Bytes {
			p.expect("packets")
			if x.Burst == 0 {
				p.fail(span(w), "packet limit burst must be > 0")
			}
		}
	}
	return x
}

// timeUnits are the words for seconds.
var timeUnits = map[string]uint64{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}

func (p *parser) timeUnit(t token, name string) uint64 {
	per := timeUnits[name]
	if per == 0 {
		p.fail(span(t), "syntax error, unexpected %s, expecting second or minute or hour or day or week", name)
	}
	return per
}

// quota parses the arguments of "quota".
func (p *parser) quota() *nft.Quota {
	x := &nft.Quota{Over: p.accept("over")}
	if !x.Over {
		p.accept("until")
	}
	amount := func() uint64 {
		n := p.uint(64)
		f := units[p.tok().text]
		if f == 0 {
			p.unexpected("bytes", "kbytes", "mbytes")
		}
		p.pos++
		return n * f
	}
	x.Bytes = amount()
	if p.accept("used") {
		x.Used = amount()
	}
	return x
}

func (p *parser) synproxyParts(x *nft.Synproxy) {
	if !p.synproxyPart(x) {
		p.unexpected("mss", "wscale", "timestamp", "sack-perm")
	}
	for p.synproxyPart(x) {
	}
}

func (p *parser) synproxyPart(x *nft.Synproxy) bool {
	switch {
	case p.accept("mss"):
		x.MSS = uint16(p.uint(16))
		x.Flags |= nft.SynproxyMSS
	case p.accept("wscale"):
		t := p.tok()
		x.WScale = uint8(p.uint(8))
		if x.WScale > 14 {
			p.fail(span(t), "wscale must be at most 14")
		}
		x.Flags |= nft.SynproxyWScale
	case p.accept("timestamp"):
		x.Flags |= nft.SynproxyTimestamp
	case p.accept("sack-perm"), p.accept("sack-permitted"):
		x.Flags |= nft.SynproxySACK
	default:
		return false
	}
	return true
}

func (p *parser) flow() syntax.Stmt {
	start := p.tok().start
	p.expect("flow")
	if p.tok().is("table") {
		return p.meter() // the older form of meter
	}
	p.expect("add", "offload")
	p.expect("@")
	id := p.ident()
	return &syntax.Plain{Span: p.from(start), Expr: &nft.FlowOffload{Flowtable: id.Name}}
}

func (p *parser) log() syntax.Stmt {
	start := p.tok().start
	p.expect("log")
	x := &nft.Log{Level: 4}
	level := false
	for {
		switch {
		case p.accept("prefix"):
			x.Prefix = p.text().Name
		case p.accept("group"):
			x.Group, x.ToGroup = uint16(p.uint(16)), true
		case p.accept("snaplen"):
			x.Snaplen = uint32(p.uint(32))
		case p.accept("queue-threshold"):
			x.QueueThreshold = uint16(p.uint(16))
		case p.accept("level"):
			t := p.next()
			n, ok := syntax.LogLevels.Find(t.text)
			if !ok {
				p.fail(span(t), "invalid log level")
			}
			x.Level, level = uint32(n), true
		case p.accept("flags"):
			p.logFlags(x)
		default:
			return p.logEnd(x, level, p.from(start))
		}
	}
}

// logEnd checks that the options of log do not exclude each other.
func (p *parser) logEnd(x *nft.Log, level bool, at syntax.Span) syntax.Stmt {
	if (x.Snaplen != 0 || x.QueueThreshold != 0) && !x.ToGroup {
		// Each of these options selects a log group.
		x.ToGroup = true
	}
	if x.ToGroup && (level || x.Flags != 0) {
		p.fail(at, "flags and group are mutually exclusive")
	}
	if x.Level == 8 && (x.Prefix != "" || x.Flags != 0) && level {
		p.fail(at, "log level audit doesn't support any options")
	}
	if x.ToGroup {
		x.Level = 0
	}
	return &syntax.Plain{Span: at, Expr: x}
}

func (p *parser) logFlags(x *nft.Log) {
	switch p.expect("tcp", "ip", "skuid", "ether", "all") {
	case "tcp":
		for {
			if p.expect("sequence", "options") == "sequence" {
				x.Flags |= nft.LogTCPSequence
			} else {
				x.Flags |= nft.LogTCPOptions
			}
			if !p.accept(",") {
				return
			}
		}
	case "ip":
		p.expect("options")
		x.Flags |= nft.LogIPOptions
	case "skuid":
		x.Flags |= nft.LogUID
	case "ether":
		x.Flags |= nft.LogMACDecode
	default:
		x.Flags |= nft.LogAll
	}
}
