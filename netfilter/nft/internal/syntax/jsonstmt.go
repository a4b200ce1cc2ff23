package syntax

import (
	"github.com/packetpath/packetpath/netfilter/nft"
)

// JSONStmt returns a statement as nft -j writes it.
func (p *Printer) JSONStmt(s Stmt) any {
	switch s := s.(type) {
	case *ExprStmt:
		return p.jsonMatch(s.Expr)
	case *VerdictStmt:
		return jsonVerdict(s.Verdict)
	case *Plain:
		return p.jsonPlain(s.Expr)
	case *ObjRef:
		return p.jsonObjRef(s)
	case *Reject:
		return p.jsonReject(s)
	case *NAT:
		return p.jsonNAT(s)
	case *TProxy:
		return p.jsonTProxy(s)
	case *Queue:
		return p.jsonQueue(s)
	case *Dup:
		o := Object{}
		if s.To != nil {
			o = o.With("addr", p.JSON(s.To))
		}
		if s.Dev != nil {
			o = o.With("dev", p.JSON(s.Dev))
		}
		return Of("dup", o)
	case *Fwd:
		o := Of("dev", p.JSON(s.Dev))
		if s.Addr != nil {
			o = o.With("addr", p.JSON(s.Addr)).With("family", s.Family.String())
		}
		return Of("fwd", o)
	case *MetaSet:
		return mangle(Of("meta", Of("key", MetaKeys[s.Key].Name)), p.JSON(s.Expr))
	case *CTSet:
		return mangle(jsonCT(s.Key, s.Dir), p.JSON(s.Expr))
	case *PayloadSet:
		return mangle(p.JSON(s.To), p.JSON(s.Val))
	case *ExthdrSet:
		return mangle(p.JSON(s.To), p.JSON(s.Val))
	case *SetStmt:
		return p.jsonSetStmt(s)
	case *Meter:
		o := Of("key", p.JSON(s.Key.Key))
		if s.Key.Timeout != 0 {
			o = Of("key", Of("elem", Object{{"val", p.JSON(s.Key.Key)}, {"timeout", int64(s.Key.Timeout.Seconds())}}))
		}
		saved := p.Stateless
		p.Stateless = true
		defer func() { p.Stateless = saved }()
		return Of("meter", o.With("stmt", p.JSONStmt(s.Stmt)).With("size", s.Set.Size).With("name", s.Name))
	case *XT:
		return Of("xt", Object{{"type", map[bool]string{false: "match", true: "target"}[s.Target]}, {"name", s.Name}})
	}
	return nil
}

func mangle(key, value any) any { return Of("mangle", Object{{"key", key}, {"value", value}}) }

// jsonMatch returns a comparison. "in" stands for a test of any flag.
func (p *Printer) jsonMatch(e Expr) any {
	match := func(op string, l, r any) any { return Of("match", Object{{"op", op}, {"left", l}, {"right", r}}) }
	switch e := e.(type) {
	case *Rel:
		op := e.Op.String()
		if e.Op == Implicit {
			op = "=="
			if e.R.Info().Type.IsBitmask() {
				op = "in"
			}
		}
		if e.Op == Implicit {
			if _, ok := e.R.(*List); ok {
				op = "in"
			}
		}
		return match(op, p.JSON(e.L), p.JSON(e.R))
	case *FlagCmp:
		return match(e.Op.String(), Of("&", []any{p.JSON(e.Expr), p.jsonFlags(e.Mask)}), p.jsonFlags(e.Value))
	}
	return p.JSON(e)
}

// jsonFlags returns flags of a comparison with a mask: newer releases of nft
// join them.
func (p *Printer) jsonFlags(e Expr) any {
	if _, ok := e.(*List); ok && p.Release >= Release117 {
		return Of("|", p.JSON(e))
	}
	return p.JSON(e)
}

func (p *Printer) jsonPlain(x nft.Expr) any {
	switch x := x.(type) {
	case *nft.Counter:
		if p.Stateless {
			return Of("counter", nil)
		}
		return Of("counter", Object{{"packets", x.Packets}, {"bytes", x.Bytes}})
	case *nft.Limit:
		return Of("limit", p.jsonLimit(x))
	case *nft.Quota:
		return Of("quota", p.jsonQuota(x))
	case *nft.ConnLimit:
		o := Of("val", x.Count)
		if x.Over {
			o = o.With("inv", true)
		}
		return Of("ct count", o)
	case *nft.Last:
		if p.Stateless || !x.Seen {
			return Of("last", nil)
		}
		return Of("last", Of("used", x.Ago.Milliseconds()))
	case *nft.Log:
		return p.jsonLog(x)
	case *nft.Notrack:
		return Of("notrack", nil)
	case *nft.Synproxy:
		o := JSONSynproxy(x)
		if len(o) == 0 {
			return Of("synproxy", nil)
		}
		return Of("synproxy", o)
	case *nft.FlowOffload:
		return Of("flow", Object{{"op", "add"}, {"flowtable", "@" + x.Flowtable}})
	case *nft.ExthdrReset:
		e := &Exthdr{Op: x.Op, Type: x.Type, Present: true}
		for _, o := range tcpOptions {
			if o.Type == x.Type && e.Option == nil {
				e.Option = o
			}
		}
		return Of("reset", jsonExthdr(e))
	}
	return nil
}

// JSONSynproxy returns the parameters of a synproxy.
func JSONSynproxy(x *nft.Synproxy) Object {
	o := Object{}
	if x.Flags&nft.SynproxyMSS != 0 {
		o = o.With("mss", x.MSS)
	}
	if x.Flags&nft.SynproxyWScale != 0 {
		o = o.With("wscale", x.WScale)
	}
	var flags []string
	if x.Flags&nft.SynproxyTimestamp != 0 {
		flags = append(flags, "timestamp")
	}
	if x.Flags&nft.SynproxySACK != 0 {
		flags = append(flags, "sack-perm")
	}
	if len(flags) > 0 {
		o = o.With("flags", listOf(flags))
	}
	return o
}

func (p *Printer) jsonLimit(x *nft.Limit) Object {
	rate, rateUnit := x.Rate, "packets"
	burst, burstUnit := uint64(x.Burst), "packets"
	if x.Bytes {
		rate, rateUnit = Scaled(x.Rate)
		burst, burstUnit = Scaled(burst)
	}
	o := Object{{"rate", rate}, {"burst", burst}, {"per", x.UnitName()}}
	if x.Over {
		o = o.With("inv", true)
	}
	if x.Bytes {
		o = o.With("rate_unit", rateUnit).With("burst_unit", burstUnit)
	}
	return o
}

func (p *Printer) jsonQuota(x *nft.Quota) Object {
	n, unit := Scaled(x.Bytes)
	o := Object{{"val", n}, {"val_unit", unit}}
	if x.Over {
		o = o.With("inv", true)
	}
	if x.Used != 0 && !p.Stateless {
		n, unit := Scaled(x.Used)
		o = o.With("used", n).With("used_unit", unit)
	}
	return o
}

func (p *Printer) jsonLog(x *nft.Log) any {
	o := Object{}
	if x.Prefix != "" {
		o = o.With("prefix", x.Prefix)
	}
	if x.ToGroup {
		o = o.With("group", x.Group)
		if x.Snaplen != 0 {
			o = o.With("snaplen", x.Snaplen)
		}
		if x.QueueThreshold != 0 {
			o = o.With("queue-threshold", x.QueueThreshold)
		}
	} else {
		if x.Level != nft.LogLevelWarn {
			name, _ := LogLevels.Text(uint64(x.Level))
			o = o.With("level", name)
		}
		if words := logFlagWords(x.Flags); len(words) > 0 {
			o = o.With("flags", p.oneOrMore(words))
		}
	}
	if len(o) == 0 {
		return Of("log", nil)
	}
	return Of("log", o)
}

func logFlagWords(f uint32) []string {
	if f&nft.LogAll == nft.LogAll {
		return []string{"all"}
	}
	var out []string
	for _, w := range []struct {
		bit  uint32
		word string
	}{{nft.LogTCPSequence, "tcp sequence"}, {nft.LogTCPOptions, "tcp options"}, {nft.LogIPOptions, "ip options"},
		{nft.LogUID, "skuid"}, {nft.LogMACDecode, "ether"}} {
		if f&w.bit != 0 {
			out = append(out, w.word)
		}
	}
	return out
}

func (p *Printer) jsonObjRef(s *ObjRef) any {
	var v any
	if name, ok := s.Expr.(*Value); ok {
		v = name.S
	} else {
		v = p.JSON(s.Expr)
	}
	return Of(s.Kind.String(), v)
}

func (p *Printer) jsonReject(s *Reject) any {
	if s.Type == nft.RejectTCPReset {
		return Of("reject", Of("type", "tcp reset"))
	}
	word := "icmp"
	switch {
	case s.Type == nft.RejectICMPX:
		word = "icmpx"
	case s.Family == nft.IP6:
		word = "icmpv6"
	}
	v, ok := s.Code.(*Value)
	if !ok {
		return Of("reject", nil)
	}
	p.codes = true
	defer func() { p.codes = false }()
	return Of("reject", Object{{"type", word}, {"expr", p.JSON(v)}})
}

func (p *Printer) jsonNAT(s *NAT) any {
	o := Object{}
	if s.Family != 0 && s.Kind <= DNAT {
		o = o.With("family", s.Family.String())
	}
	if s.Addr != nil {
		o = o.With("addr", p.JSON(s.Addr))
	}
	if s.Port != nil {
		o = o.With("port", p.JSON(s.Port))
	}
	var flags []string
	if s.Flags&nft.NATRandom != 0 {
		flags = append(flags, "random")
	}
	if s.Flags&nft.NATFullyRandom != 0 {
		flags = append(flags, "fully-random")
	}
	if s.Flags&nft.NATPersistent != 0 {
		flags = append(flags, "persistent")
	}
	if s.Flags&nft.NATNetmap != 0 {
		flags = append(flags, "netmap")
	}
	if len(flags) > 0 {
		o = o.With("flags", p.oneOrMore(flags))
	}
	if s.Prefix {
		o = o.With("type_flags", p.oneOrMore([]string{"prefix"}))
	}
	if len(o) == 0 {
		return Of(s.Kind.String(), nil)
	}
	return Of(s.Kind.String(), o)
}

func (p *Printer) jsonTProxy(s *TProxy) any {
	o := Object{}
	if s.Table == nft.Inet && s.Family != 0 && s.Family != nft.Inet {
		o = o.With("family", s.Family.String())
	}
	if s.Addr != nil {
		o = o.With("addr", p.JSON(s.Addr))
	}
	if s.Port != nil {
		o = o.With("port", p.JSON(s.Port))
	}
	return Of("tproxy", o)
}

func (p *Printer) jsonQueue(s *Queue) any {
	o := Object{}
	if s.Expr != nil {
		o = o.With("num", p.JSON(s.Expr))
	}
	var flags []string
	if s.Flags&nft.QueueBypass != 0 {
		flags = append(flags, "bypass")
	}
	if s.Flags&nft.QueueFanout != 0 {
		flags = append(flags, "fanout")
	}
	if len(flags) > 0 {
		o = o.With("flags", p.oneOrMore(flags))
	}
	return Of("queue", o)
}

func (p *Printer) jsonSetStmt(s *SetStmt) any {
	var key any = p.JSON(s.Key)
	if s.Timeout != 0 {
		key = Of("elem", Object{{"val", key}, {"timeout", int64(s.Timeout.Seconds())}})
	}
	o := Object{{"op", s.Op.String()}, {"elem", key}}
	word := "set"
	if s.Data != nil {
		o = o.With("data", p.JSON(s.Data))
		word = "map"
	}
	saved := p.Stateless
	p.Stateless = true
	defer func() { p.Stateless = saved }()
	if s.Data != nil && p.Release < Release117 {
		// nft 1.0.6 has no JSON for it.
		q := &Printer{Options: p.Options, Link: p.Link}
		q.setStmt(s)
		return q.String()
	}
	if len(s.Stmts) > 0 {
		var stmts []any
		for _, x := range s.Stmts {
			stmts = append(stmts, p.JSONStmt(x))
		}
		return Of(word, o.With(word, "@"+s.Set.Name).With("stmt", stmts))
	}
	return Of(word, o.With(word, "@"+s.Set.Name))
}
