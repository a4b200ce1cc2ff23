package parse

import (
	"time"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// stmt parses a statement.
func (r jsonReader) stmt(n *node) syntax.Stmt {
	if n.kind == jsonText {
		r.failHint(n.at, "give the text of nft list ruleset instead", "nft 1.0.6 has no JSON for this statement")
	}
	name, value, ok := n.only()
	if !ok {
		r.fail(n.at, "malformed object: one property is expected")
	}
	return r.stmtOf(name, value, n.at)
}

// stmts parses an optional list of statements.
func (r jsonReader) stmts(n *node, name string) []syntax.Stmt {
	list := n.get(name)
	if list == nil {
		return nil
	}
	if list.kind != jsonList {
		r.fail(list.at, "value of property %q must be an array", name)
	}
	var out []syntax.Stmt
	for _, x := range list.items {
		out = append(out, r.stmt(x))
	}
	return out
}

// stmtOf parses a statement by its name.
func (r jsonReader) stmtOf(name string, n *node, at syntax.Span) syntax.Stmt {
	if s := r.plainStmt(name, n, at); s != nil {
		return s
	}
	switch name {
	case "accept", "drop", "continue", "return", "jump", "goto":
		return &syntax.VerdictStmt{Span: at, Verdict: r.verdict(name, n)}
	case "match":
		return r.match(n, at)
	case "vmap":
		e := r.mapExpr(name, n)
		e.Info().At = at
		return &syntax.ExprStmt{Span: at, Expr: e}
	case "mangle":
		key := r.expr(r.need(n, "key"))
		value := r.need(n, "value")
		return r.assign(key, func() syntax.Expr { return r.expr(value) }, func() syntax.Span { return at })
	case "ct helper", "ct timeout", "ct expectation", "secmark":
		return r.reference(mapObjects[name], n, at)
	case "snat", "dnat", "masquerade", "redirect":
		return r.jsonNAT(name, n, at)
	case "set", "map":
		return r.setChange(name, n, at)
	case "meter":
		return r.jsonMeter(n, at)
	case "xt":
		r.unsupportedXT(at)
	}
	if s := r.sendStmt(name, n, at); s != nil {
		return s
	}
	r.fail(at, "unknown statement object '%s'", name)
	return nil
}

// plainStmt parses a statement that is a single expression of the kernel, or a
// reference to an object instead of one; nil if it is another statement.
func (r jsonReader) plainStmt(name string, n *node, at syntax.Span) syntax.Stmt {
	var x nft.Expr
	switch name {
	case "counter":
		switch {
		case n.kind == jsonNull:
			x = &nft.Counter{}
		case n.get("packets") == nil || n.get("bytes") == nil:
			return r.reference(nft.CounterObject, n, at)
		default:
			x = &nft.Counter{Packets: r.number(n, "packets", 64, 0), Bytes: r.number(n, "bytes", 64, 0)}
		}
	case "quota":
		if n.get("val") == nil {
			return r.reference(nft.QuotaObject, n, at)
		}
		x = &nft.Quota{Over: r.flag(n, "inv"), Bytes: r.number(n, "val", 64, 0) * r.unit(n, "val_unit"), Used: r.number(n, "used", 64, 0) * r.unit(n, "used_unit")}
	case "limit":
		if n.get("rate") == nil || n.get("per") == nil {
			return r.reference(nft.LimitObject, n, at)
		}
		x = r.limit(n)
	case "synproxy":
		if n.kind != jsonNull && n.get("mss") == nil && n.get("wscale") == nil && n.get("flags") == nil {
			return r.reference(nft.SynproxyObject, n, at)
		}
		x = r.synproxy(n)
	case "ct count":
		x = &nft.ConnLimit{Count: uint32(r.needNumber(n, "val", 32)), Over: r.flag(n, "inv")}
	case "last":
		x = r.jsonLast(n)
	case "notrack":
		x = &nft.Notrack{}
	case "flow":
		x = &nft.FlowOffload{Flowtable: r.setNamed(n, "flowtable").Name}
	case "reset":
		e := r.option(nft.ExthdrTCPOption, r.need(n, "tcp option")).(*syntax.Exthdr)
		x = &nft.ExthdrReset{Op: e.Op, Type: e.Type}
	case "log":
		return r.jsonLog(n, at)
	default:
		return nil
	}
	return &syntax.Plain{Span: at, Expr: x}
}

func (r jsonReader) reference(k nft.ObjectKind, n *node, at syntax.Span) syntax.Stmt {
	return &syntax.ObjRef{Span: at, Kind: k, Expr: r.expr(n)}
}

// unit returns the number of bytes of a unit.
func (r jsonReader) unit(n *node, name string) uint64 {
	id := r.maybe(n, name)
	if u := units[id.Name]; u != 0 {
		return u
	}
	return 1
}

func (r jsonReader) limit(n *node) *nft.Limit {
	x := &nft.Limit{Rate: r.needNumber(n, "rate", 64), Over: r.flag(n, "inv")}
	per := r.str(n, "per")
	if x.Unit = timeUnits[per.Name]; x.Unit == 0 {
		r.fail(per.At, "unknown unit of time '%s'", per.Name)
	}
	if x.Rate == 0 {
		r.fail(n.at, "limit rate must be larger than zero")
	}
	switch u := r.maybe(n, "rate_unit"); u.Name {
	case "", "packets":
		x.Burst = uint32(r.number(n, "burst", 32, 0))
	default:
		x.Bytes = true
		x.Rate *= r.unit(n, "rate_unit")
		x.Burst = uint32(r.number(n, "burst", 32, 0) * r.unit(n, "burst_unit"))
	}
	return x
}

var synproxyFlags = map[string]uint32{"timestamp": nft.SynproxyTimestamp, "sack-perm": nft.SynproxySACK}

func (r jsonReader) synproxy(n *node) *nft.Synproxy {
	x := &nft.Synproxy{MSS: uint16(r.number(n, "mss", 16, 0)), WScale: uint8(r.number(n, "wscale", 8, 0))}
	x.Flags = r.bits(r.words(n, "flags"), synproxyFlags, "synproxy")
	if n.get("mss") != nil {
		x.Flags |= nft.SynproxyMSS
	}
	if n.get("wscale") != nil {
		x.Flags |= nft.SynproxyWScale
	}
	return x
}

func (r jsonReader) jsonLast(n *node) *nft.Last {
	x := &nft.Last{}
	if n.kind == jsonObject && n.get("used") != nil && n.get("used").kind == jsonNumber {
		x.Seen, x.Ago = true, time.Duration(r.number(n, "used", 40, 0))*time.Millisecond
	}
	return x
}

var jsonLogFlags = map[string]uint32{"tcp sequence": nft.LogTCPSequence, "tcp options": nft.LogTCPOptions, "ip options": nft.LogIPOptions,
	"skuid": nft.LogUID, "ether": nft.LogMACDecode, "all": nft.LogAll}

func (r jsonReader) jsonLog(n *node, at syntax.Span) syntax.Stmt {
	x := &nft.Log{Level: nft.LogLevelWarn, Prefix: r.maybe(n, "prefix").Name, Group: uint16(r.number(n, "group", 16, 0)), ToGroup: n.get("group") != nil,
		Snaplen: uint32(r.number(n, "snaplen", 32, 0)), QueueThreshold: uint16(r.number(n, "queue-threshold", 16, 0))}
	level := r.maybe(n, "level")
	if level.Name != "" {
		v, ok := syntax.LogLevels.Find(level.Name)
		if !ok {
			r.fail(level.At, "invalid log level '%s'", level.Name)
		}
		x.Level = uint32(v)
	}
	x.Flags = r.bits(r.words(n, "flags"), jsonLogFlags, "log")
	return r.logEnd(x, level.Name != "", at)
}

// jsonRelOps are the operators of comparisons. "in" tests flags or looks up a
// set.
var jsonRelOps = map[string]syntax.Op{"in": syntax.Implicit, "==": syntax.Eq, "!=": syntax.Neq, "<": syntax.Lt, ">": syntax.Gt,
	"<=": syntax.Lte, ">=": syntax.Gte, "!": syntax.Neg}

func (r jsonReader) match(n *node, at syntax.Span) syntax.Stmt {
	op := r.str(n, "op")
	o, ok := jsonRelOps[op.Name]
	if !ok {
		r.fail(op.At, "unknown relational op '%s'", op.Name)
	}
	e := &syntax.Rel{Op: o, L: r.expr(r.need(n, "left")), R: r.expr(r.need(n, "right"))}
	e.At = at
	return &syntax.ExprStmt{Span: at, Expr: e}
}
