package syntax

import (
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// JSON returns an expression as nft -j writes it.
func (p *Printer) JSON(e Expr) any {
	switch e := e.(type) {
	case *Symbol:
		return e.Text
	case *Value:
		return p.jsonValue(e)
	case *Prefix:
		return Of("prefix", Object{{"addr", p.JSON(e.Base)}, {"len", e.Len}})
	case *Range:
		saved := p.NumericProtocols
		p.NumericProtocols = true
		defer func() { p.NumericProtocols = saved }()
		return Of("range", []any{p.JSON(e.From), p.JSON(e.To)})
	case *List:
		return p.jsonList(e.Items)
	case *Set:
		return Of("set", p.jsonElems(e.Elems))
	case *SetRef:
		if e.Init != nil {
			return p.JSON(e.Init)
		}
		return "@" + e.Name
	case *Concat:
		return Of("concat", p.jsonList(e.Parts))
	case *Binop:
		return Of(e.Op.String(), p.jsonOperands(e))
	case *Swap:
		return p.JSON(e.Arg)
	case *Map:
		word := "map"
		if e.Type == VerdictType {
			word = "vmap"
		}
		return Of(word, Object{{"key", p.JSON(e.Key)}, {"data", p.JSON(e.Map)}})
	case *Verdict:
		return jsonVerdict(e)
	}
	return p.jsonFact(e)
}

// jsonOperands returns the operands of an operator. Newer releases of nft write the
// operands of nested operations with the same operator in one list.
func (p *Printer) jsonOperands(e *Binop) []any {
	if l, ok := e.L.(*Binop); ok && l.Op == e.Op && p.Release >= Release117 {
		return append(p.jsonOperands(l), p.JSON(e.R))
	}
	return []any{p.JSON(e.L), p.JSON(e.R)}
}

func (p *Printer) jsonList(es []Expr) []any {
	out := make([]any, len(es))
	for i, e := range es {
		out[i] = p.JSON(e)
	}
	return out
}

func (p *Printer) jsonElems(es []*Elem) []any {
	out := make([]any, len(es))
	for i, e := range es {
		out[i] = p.JSONElem(e)
	}
	return out
}

// JSONElem returns an element of a set or map.
func (p *Printer) JSONElem(e *Elem) any {
	var key any = "*"
	if e.Key != nil {
		key = p.JSON(e.Key)
	}
	o := Of("val", key)
	if e.Timeout != 0 {
		o = o.With("timeout", int64(e.Timeout.Seconds()))
	}
	if e.Expires != 0 {
		o = o.With("expires", int64(e.Expires.Seconds()))
	}
	if e.Comment != "" {
		o = o.With("comment", e.Comment)
	}
	for i, s := range e.Stmts {
		if i > 0 && p.Release < Release117 {
			break // nft 1.0.6 writes the first only
		}
		if m, ok := p.JSONStmt(s).(Object); ok {
			o = append(o, m...)
		}
	}
	if len(o) > 1 {
		key = Of("elem", o)
	}
	if e.Data == nil {
		return key
	}
	return []any{key, p.JSON(e.Data)}
}

func jsonVerdict(v *Verdict) any {
	if v.Code == nft.Jump || v.Code == nft.Goto {
		return Of(v.Code.String(), Of("target", v.Chain))
	}
	return Of(v.Code.String(), nil)
}

func (p *Printer) jsonValue(v *Value) any {
	t := v.Type
	switch {
	case t == nil:
		return "0x" + v.N.Hex(1) + " [invalid type]"
	case t.Kind == String:
		if v.Wild {
			return v.S + "*"
		}
		return v.S
	case t == BooleanType:
		return !v.N.IsZero()
	case t == TimeType:
		return v.N.Lo / 1000
	case t == MarkType, t == UIDType, t == GIDType:
		return v.N
	case t.Kind == Integer && v.N.Hi != 0 && t.Print == nil:
		return "0x" + v.N.Hex(1)
	case t == RealmType, t == IfIndexType:
		return p.plainText(t, v.N)
	}
	s := p.plainText(t, v.N)
	if n, ok := ParseNum(s); ok && n == v.N {
		return v.N
	}
	if strings.HasPrefix(s, "0x") || t == CTLabelType {
		return numberOr(s, v.N)
	}
	return s
}

func numberOr(s string, n Num) any {
	if x, ok := ParseNum(s); ok {
		return x
	}
	return n
}

// plainText returns a number as it is written, without quotation marks.
func (p *Printer) plainText(t *Type, n Num) string { return strings.Trim(p.number(t, n), `"`) }

func (p *Printer) jsonFact(e Expr) any {
	switch e := e.(type) {
	case *Payload:
		if e.Field != nil {
			return Of("payload", Object{{"protocol", e.Header.Name}, {"field", e.Field.Name}})
		}
		return Of("payload", Object{{"base", strings.TrimPrefix(baseWords[e.Base], "@")}, {"offset", e.Off}, {"len", e.Bits}})
	case *Exthdr:
		return jsonExthdr(e)
	case *Meta:
		return Of("meta", Of("key", MetaKeys[e.Key].Name))
	case *CT:
		return jsonCT(e.Key, e.Dir)
	case *RT:
		f, key, ok := strings.Cut(RTKeys[e.Key].Name, " ")
		if !ok {
			return Of("rt", Of("key", f))
		}
		return Of("rt", Object{{"key", key}, {"family", f}})
	case *Socket:
		return Of("socket", Of("key", SocketKeys[e.Key].Name))
	case *OSF:
		o := Of("key", map[bool]string{false: "name", true: "version"}[e.Version])
		if e.TTL != 0 {
			o = o.With("ttl", [...]string{"", "loose", "skip"}[e.TTL%3])
		}
		return Of("osf", o)
	case *Fib:
		f := nft.Fib{Flags: e.Flags}
		return Of("fib", Object{{"result", e.Result.String()}, {"flags", listOf(f.FlagNames())}})
	case *Numgen:
		return Of("numgen", Object{{"mode", map[bool]string{false: "inc", true: "random"}[e.Random]}, {"mod", e.Mod}, {"offset", e.Offset}})
	case *Hash:
		return p.jsonHash(e)
	case *Xfrm:
		f, key, ok := strings.Cut(XfrmKeys[e.Key].Name, " ")
		o := Of("key", f)
		if ok {
			o = Object{{"key", key}, {"family", f}}
		}
		return Of("ipsec", o.With("dir", map[bool]string{false: "in", true: "out"}[e.Out]).With("spnum", e.Num))
	}
	return nil
}

func jsonCT(k nft.CTKey, dir nft.CTDir) any {
	name := CTKeys[k].Name
	o := Of("key", name)
	if dir != nft.NoDir {
		o = o.With("dir", dir.String())
	}
	return Of("ct", o)
}

func (p *Printer) jsonHash(e *Hash) any {
	o := Of("mod", e.Mod)
	if e.HasSeed && e.Arg != nil {
		o = o.With("seed", e.Seed)
	}
	if e.Offset != 0 {
		o = o.With("offset", e.Offset)
	}
	if e.Arg == nil {
		return Of("symhash", o)
	}
	return Of("jhash", o.With("expr", p.JSON(e.Arg)))
}

func jsonExthdr(e *Exthdr) any {
	words := [...]string{"exthdr", "tcp option", "ip option", "sctp chunk", "dccp option"}
	if e.Op == nft.ExthdrDCCPOption {
		return Of("dccp option", Of("type", e.Type))
	}
	if e.Option == nil {
		return Of(words[e.Op], Object{{"base", e.Type}, {"offset", e.Off}, {"len", e.Bits}})
	}
	o := Of("name", e.Option.Name)
	if !e.Present {
		name := "unknown"
		if e.Field != nil {
			name = e.Field.Name
		}
		o = o.With("field", name)
	}
	return Of(words[e.Op], o)
}
