package nfttext

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/decompile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// metainfo describes the release of nft that wrote a listing.
var metainfo = map[Release]syntax.Object{
	Release106: {{Name: "version", Value: "1.0.6"}, {Name: "release_name", Value: "Lester Gooch #5"}, {Name: "json_schema_version", Value: 1}},
	Release117: {{Name: "version", Value: "1.1.7"}, {Name: "release_name", Value: "Commodore Bullmoose #8"}, {Name: "json_schema_version", Value: 1}},
}

// ListJSON returns a ruleset as printed by nft -j list ruleset. The JSON of nft
// 1.0.6 lacks comments of tables and chains, and devices; that of later releases
// the types of a map's data that were declared by typeof.
func ListJSON(r *nft.Ruleset, o Options) string {
	p := o.printer(r)
	items := []any{syntax.Of("metainfo", metainfo[o.Release])}
	for _, t := range tablesOf(r) {
		l := &jsonLister{lister{Printer: p, table: t}}
		items = append(items, l.items()...)
	}
	var b strings.Builder
	syntax.WriteJSON(&b, syntax.Of("nftables", items))
	b.WriteByte('\n')
	return b.String()
}

// jsonLister writes one table.
type jsonLister struct{ lister }

func (l *jsonLister) newer() bool { return l.Release >= Release117 }

func (l *jsonLister) items() []any {
	t := l.table
	table := syntax.Object{{Name: "family", Value: t.Family.String()}, {Name: "name", Value: t.Name}, {Name: "handle", Value: t.Handle}}
	var flags []string
	if t.Dormant {
		flags = append(flags, "dormant")
	}
	if t.Owner {
		flags = append(flags, "owner")
	}
	if t.Persist {
		flags = append(flags, "persist")
	}
	if len(flags) > 0 {
		table = table.With("flags", strings.Join(flags, ","))
		if l.newer() {
			table[len(table)-1].Value = anyList(flags)
		}
	}
	if t.Comment != "" && l.newer() {
		table = table.With("comment", t.Comment)
	}
	out := []any{syntax.Of("table", table)}
	chains := func() {
		for _, c := range t.Chains {
			out = append(out, l.chain(c))
		}
	}
	// Newer releases of nft can read their own listing: maps may lead to chains.
	if l.newer() {
		chains()
	}
	for _, o := range t.Objects {
		out = append(out, l.object(o))
	}
	for _, s := range t.Sets {
		out = append(out, l.set(s))
	}
	for _, f := range t.Flowtables {
		out = append(out, l.flowtable(f))
	}
	if !l.newer() {
		chains()
	}
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			out = append(out, l.rule(c, r))
		}
	}
	return out
}

func anyList(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

func (l *jsonLister) chain(c *nft.Chain) any {
	o := syntax.Object{{Name: "family", Value: l.table.Family.String()}, {Name: "table", Value: l.table.Name}, {Name: "name", Value: c.Name}, {Name: "handle", Value: c.Handle}}
	if c.Comment != "" && l.newer() {
		o = o.With("comment", c.Comment)
	}
	if b := c.Base; b != nil {
		switch n := len(b.Devices); {
		case n == 0 || !l.newer():
		case n == 1:
			o = o.With("dev", b.Devices[0])
		default:
			o = o.With("dev", anyList(b.Devices))
		}
		o = o.With("type", string(b.Type)).With("hook", b.Hook.String()).With("prio", b.Priority).With("policy", policy(b.Drop))
	}
	return syntax.Of("chain", o)
}

func (l *jsonLister) rule(c *nft.Chain, r *nft.Rule) any {
	o := syntax.Object{{Name: "family", Value: l.table.Family.String()}, {Name: "table", Value: l.table.Name}, {Name: "chain", Value: c.Name}, {Name: "handle", Value: r.Handle}}
	if r.Comment != "" {
		o = o.With("comment", r.Comment)
	}
	exprs := []any{}
	for _, s := range decompile.Rule(l.table, r, l.Release) {
		if v, ok := s.(*syntax.VerdictStmt); ok && v.Verdict.Block != nil {
			exprs = append(exprs, l.blockText(v.Verdict))
			continue
		}
		exprs = append(exprs, l.JSONStmt(s))
	}
	return syntax.Of("rule", o.With("expr", exprs))
}

// blockText writes a chain without a name as text: nft has no JSON for it.
func (l *jsonLister) blockText(v *syntax.Verdict) string {
	p := &syntax.Printer{Options: l.Printer.Options, Link: l.Link}
	inner := lister{Printer: p, table: l.table}
	inner.block(v, 2)
	return p.String()
}

func (l *jsonLister) set(s *nft.Set) any {
	word := "set"
	if s.IsMap() {
		word = "map"
	}
	o := syntax.Object{{Name: "family", Value: l.table.Family.String()}, {Name: "name", Value: s.Name}, {Name: "table", Value: l.table.Name}, {Name: "type", Value: l.keyType(s.Key)}, {Name: "handle", Value: s.Handle}}
	if s.Comment != "" {
		o = o.With("comment", s.Comment)
	}
	switch s.Data.Kind {
	case nft.VerdictData:
		o = o.With("map", "verdict")
	case nft.ObjectData:
		o = o.With("map", s.Data.Object.String())
	case nft.ValueData:
		o = o.With("map", l.jsonData(s.Data.Type))
	}
	if !s.Constant {
		if s.Memory {
			o = o.With("policy", "memory")
		}
		if s.Size != 0 {
			o = o.With("size", s.Size)
		}
	}
	var flags []string
	for _, f := range []struct {
		on   bool
		name string
	}{{s.Constant, "constant"}, {s.Interval, "interval"}, {s.HasTimeout, "timeout"}, {s.Dynamic && l.newer(), "dynamic"}} {
		if f.on {
			flags = append(flags, f.name)
		}
	}
	if len(flags) > 0 {
		o = o.With("flags", anyList(flags))
	}
	if s.Timeout != 0 {
		o = o.With("timeout", int64(s.Timeout.Seconds()))
	}
	if s.GCInterval != 0 {
		o = o.With("gc-interval", int64(s.GCInterval.Seconds()))
	}
	if s.AutoMerge && l.newer() {
		o = o.With("auto-merge", true)
	}
	if len(s.Elements) > 0 && !l.Terse {
		elems := decompile.Elements(l.table, s, l.Release)
		out := make([]any, len(elems.Elems))
		for i, e := range elems.Elems {
			if e.Timeout == s.Timeout {
				e.Timeout = 0
			}
			out[i] = l.JSONElem(e)
		}
		o = o.With("elem", out)
	}
	if len(s.Exprs) > 0 {
		saved := l.Stateless
		l.Stateless = true
		var stmts []any
		for _, x := range decompile.Stateful(s.Exprs) {
			stmts = append(stmts, l.JSONStmt(x))
		}
		l.Stateless = saved
		o = o.With("stmt", stmts)
	}
	return syntax.Of(word, o)
}

// keyType returns a key's type; newer releases of nft write the expression of
// typeof.
func (l *jsonLister) keyType(t nft.Type) any {
	if e := parse.Typeof(t.Typeof); e != nil && l.newer() {
		return syntax.Of("typeof", l.JSON(e))
	}
	return l.jsonType(t)
}

// jsonType returns a type: one name or a list.
func (l *jsonLister) jsonType(t nft.Type) any {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Type
		if f.Type == syntax.HexType.Name {
			names[i] = syntax.IntegerType.Name
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return anyList(names)
}

func (l *jsonLister) jsonData(t nft.Type) any {
	if l.newer() {
		return l.jsonType(t)
	}
	return t.String()
}

func (l *jsonLister) object(obj *nft.Object) any {
	o := syntax.Object{{Name: "family", Value: l.table.Family.String()}, {Name: "name", Value: obj.Name}, {Name: "table", Value: l.table.Name}, {Name: "handle", Value: obj.Handle}}
	if obj.Comment != "" {
		o = o.With("comment", obj.Comment)
	}
	switch v := obj.Value.(type) {
	case *nft.Counter:
		if !l.Stateless {
			o = o.With("packets", v.Packets).With("bytes", v.Bytes)
		}
	case *nft.Quota:
		used := v.Used
		if l.Stateless {
			used = 0
		}
		o = o.With("bytes", v.Bytes).With("used", used).With("inv", v.Over)
	case *nft.Limit:
		o = append(o, limitObject(v)...)
	case *nft.CTHelper:
		o = o.With("type", v.Helper).With("protocol", packet.ProtocolName(v.L4Proto)).With("l3proto", v.L3Proto.String())
	case *nft.CTTimeout:
		var policy syntax.Object
		for _, p := range v.Policy {
			policy = policy.With(p.State, int64(p.Timeout.Seconds()))
		}
		o = o.With("protocol", packet.ProtocolName(v.L4Proto)).With("l3proto", v.L3Proto.String()).With("policy", policy)
	case *nft.CTExpectation:
		o = o.With("protocol", packet.ProtocolName(v.L4Proto)).With("dport", v.DPort).With("timeout", v.Timeout.Milliseconds()).
			With("size", v.Size).With("l3proto", v.L3Proto.String())
	case *nft.SecMark:
		o = o.With("context", v.Context)
	case *nft.Synproxy:
		o = append(o, syntax.JSONSynproxy(v)...)
	case *nft.ConnLimit:
		o = o.With("val", v.Count).With("inv", v.Over)
	}
	return syntax.Of(obj.Kind().String(), o)
}

// limitObject returns the members of a named limit.
func limitObject(v *nft.Limit) syntax.Object {
	rate, unit := v.Rate, ""
	burst, burstUnit := uint64(v.Burst), ""
	if v.Bytes {
		rate, unit = syntax.Scaled(v.Rate)
		burst, burstUnit = syntax.Scaled(burst)
	}
	o := syntax.Object{{Name: "rate", Value: rate}, {Name: "per", Value: v.UnitName()}}
	if v.Over {
		o = o.With("inv", true)
	}
	if v.Bytes {
		o = o.With("rate_unit", unit)
	}
	if v.Burst != 0 {
		o = o.With("burst", burst)
		if v.Bytes {
			o = o.With("burst_unit", burstUnit)
		}
	}
	return o
}

func (l *jsonLister) flowtable(f *nft.Flowtable) any {
	o := syntax.Object{{Name: "family", Value: l.table.Family.String()}, {Name: "name", Value: f.Name}, {Name: "table", Value: l.table.Name}, {Name: "handle", Value: f.Handle}, {Name: "hook", Value: "ingress"}, {Name: "prio", Value: f.Priority}}
	switch len(f.Devices) {
	case 0:
	case 1:
		o = o.With("dev", f.Devices[0])
	default:
		o = o.With("dev", anyList(f.Devices))
	}
	return syntax.Of("flowtable", o)
}
