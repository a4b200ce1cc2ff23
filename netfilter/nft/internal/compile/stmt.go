package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// stmt evaluates a statement.
func (c *compiler) stmt(s syntax.Stmt) syntax.Stmt {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		return c.exprStmt(s)
	case *syntax.VerdictStmt:
		return c.verdictStmt(s)
	case *syntax.Plain:
		return c.plain(s)
	case *syntax.ObjRef:
		return c.objRef(s)
	case *syntax.Reject:
		return c.reject(s)
	case *syntax.NAT:
		return c.nat(s)
	case *syntax.TProxy:
		return c.tproxy(s)
	case *syntax.Queue:
		return c.queue(s)
	case *syntax.Dup:
		return c.dup(s)
	case *syntax.Fwd:
		return c.fwd(s)
	case *syntax.MetaSet:
		return c.metaSet(s)
	case *syntax.CTSet:
		return c.ctSet(s)
	case *syntax.PayloadSet:
		return c.payloadSet(s)
	case *syntax.ExthdrSet:
		return c.exthdrSet(s)
	case *syntax.SetStmt:
		return c.setStmt(s)
	case *syntax.Meter:
		return c.meter(s)
	}
	fail(s.Position(), "this statement can't be loaded")
	return nil
}

func (c *compiler) exprStmt(s *syntax.ExprStmt) syntax.Stmt {
	out := &syntax.ExprStmt{Span: s.Span}
	switch e := s.Expr.(type) {
	case *syntax.Rel:
		out.Expr = c.rel(e)
	case *syntax.FlagCmp:
		out.Expr = c.flagCmp(e)
	case *syntax.Map:
		out.Expr = c.mapOf(e, syntax.Common{Type: syntax.VerdictType})
	default:
		fail(s.Span, "this expression is no statement")
	}
	return out
}

func (c *compiler) verdictStmt(s *syntax.VerdictStmt) syntax.Stmt {
	v := *s.Verdict
	c.target(&v)
	if v.Rules != nil {
		// nf_tables_api.c, nf_tables_bind_chain
		if c.Env.inBlock {
			fail(v.At, "Operation not supported: a chain without a name can't jump to another")
		}
		env := c.Env
		env.inBlock = true
		v.Block = &nft.Chain{}
		for _, r := range v.Rules {
			rule := &nft.Rule{Comment: r.Comment}
			rule.Exprs = env.exprs(r.Stmts, syntax.NewProtocols(c.Table.Family))
			v.Block.Rules = append(v.Block.Rules, rule)
		}
	}
	return &syntax.VerdictStmt{Span: s.Span, Verdict: &v}
}

// plain checks a statement that is a single expression of the kernel.
func (c *compiler) plain(s *syntax.Plain) syntax.Stmt {
	switch x := s.Expr.(type) {
	case *nft.Log:
		if len(x.Prefix) > 127 {
			fail(s.Span, "log prefix is too long: at most 127 characters")
		}
	case *nft.Synproxy:
		if c.protos.Family != nft.IP && c.protos.Family != nft.IP6 && c.protos.Family != nft.Inet {
			fail(s.Span, "synproxy works in IP families only")
		}
	case *nft.FlowOffload:
		if c.Table.Flowtable(x.Flowtable) == nil {
			fail(s.Span, "No such file or directory: flowtable %q", x.Flowtable)
		}
	}
	return s
}

// value evaluates the value that a statement assigns.
func (c *compiler) value(e syntax.Expr, t *syntax.Type, bits int, o syntax.Order) syntax.Expr {
	want := syntax.Common{Type: t, Bits: bits, Order: o}
	c.want = &wanted{want}
	defer func() { c.want = nil }()
	if syntax.Constant(e) {
		switch e.(type) {
		case *syntax.Set, *syntax.SetRef:
			fail(e.Info().At, "you cannot use a set here, unknown value to use")
		}
		v := c.right(e, want)
		return swapTo(v, o)
	}
	if m, ok := e.(*syntax.Map); ok {
		return c.mapOf(m, want)
	}
	x := c.left(e)
	i := x.Info()
	if i.Type == nil || (i.Type.Kind == syntax.String) != (t.Kind == syntax.String) || len(i.Type.Sub) > 0 {
		fail(e.Info().At, "datatype mismatch: expected %s, expression has type %s", t.Desc, i.Type.Desc)
	}
	return swapTo(x, o)
}

func (c *compiler) metaSet(s *syntax.MetaSet) syntax.Stmt {
	switch s.Key {
	case nft.MetaMark, nft.MetaPriority, nft.MetaPktType, nft.MetaNFTrace, nft.MetaBriBroute:
	default:
		fail(s.Span, "meta %s can't be set", syntax.MetaKeys[s.Key].Name)
	}
	k := syntax.MetaKeys[s.Key]
	out := &syntax.MetaSet{Span: s.Span, Key: s.Key}
	out.Expr = c.value(s.Expr, k.Type, k.Bits, k.Order)
	return out
}

func (c *compiler) ctSet(s *syntax.CTSet) syntax.Stmt {
	switch s.Key {
	case nft.CTMark, nft.CTSecMark, nft.CTLabels, nft.CTZone, nft.CTEventMask:
	default:
		fail(s.Span, "ct %s can't be set", syntax.CTKeys[s.Key].Name)
	}
	k := syntax.CTKeys[s.Key]
	out := &syntax.CTSet{Span: s.Span, Key: s.Key, Dir: s.Dir}
	out.Expr = c.value(s.Expr, k.Type, k.Bits, k.Order)
	return out
}

func (c *compiler) exthdrSet(s *syntax.ExthdrSet) syntax.Stmt {
	to, ok := c.left(s.To).(*syntax.Exthdr)
	if !ok || to.Present {
		fail(s.Span, "this field can't be set")
	}
	out := &syntax.ExthdrSet{Span: s.Span, To: to}
	out.Val = c.value(s.Val, to.Common.Type, to.Bits, to.Order)
	return out
}

func (c *compiler) objRef(s *syntax.ObjRef) syntax.Stmt {
	out := &syntax.ObjRef{Span: s.Span, Kind: s.Kind}
	switch e := s.Expr.(type) {
	case *syntax.Symbol:
		if c.Table.Object(s.Kind, e.Text) == nil {
			fail(e.At, "No such file or directory: %s %q", s.Kind, e.Text)
		}
		v := &syntax.Value{S: e.Text}
		v.Set(syntax.StringType, 0, syntax.Host)
		out.Expr = v
	case *syntax.Map:
		out.Expr = c.objMap(e, s.Kind)
	default:
		fail(s.Span, "the name of an object or a map to objects is expected")
	}
	return out
}

func (c *compiler) queue(s *syntax.Queue) syntax.Stmt {
	out := &syntax.Queue{Span: s.Span, Flags: s.Flags}
	if s.Expr != nil {
		out.Expr = c.value(s.Expr, syntax.IntegerType, 16, syntax.Big)
		if _, ok := out.Expr.(*syntax.Range); !ok && s.Flags&nft.QueueFanout != 0 {
			fail(s.Span, "fanout requires a range to be specified")
		}
	}
	return out
}

func (c *compiler) dup(s *syntax.Dup) syntax.Stmt {
	out := &syntax.Dup{Span: s.Span}
	switch c.protos.Family {
	case nft.IP, nft.IP6:
		t := syntax.IPv4Type
		if c.protos.Family == nft.IP6 {
			t = syntax.IPv6Type
		}
		out.To = c.value(s.To, t, t.Bits, syntax.Big)
		if s.Dev != nil {
			out.Dev = c.value(s.Dev, syntax.IfIndexType, 32, syntax.Host)
		}
	case nft.Netdev:
		if s.Dev != nil {
			fail(s.Span, "cannot specify device")
		}
		out.To = c.value(s.To, syntax.IfIndexType, 32, syntax.Host)
	default:
		fail(s.Span, "unsupported family")
	}
	return out
}

func (c *compiler) fwd(s *syntax.Fwd) syntax.Stmt {
	if c.protos.Family != nft.Netdev {
		fail(s.Span, "unsupported family")
	}
	out := &syntax.Fwd{Span: s.Span, Family: s.Family}
	out.Dev = c.value(s.Dev, syntax.IfIndexType, 32, syntax.Host)
	if s.Addr != nil {
		t := syntax.IPv4Type
		if s.Family == nft.IP6 {
			t = syntax.IPv6Type
		}
		out.Addr = c.value(s.Addr, t, t.Bits, syntax.Big)
	}
	return out
}

func (c *compiler) setStmt(s *syntax.SetStmt) syntax.Stmt {
	set := c.Table.Set(s.Set.Name)
	if set == nil {
		fail(s.Set.At, "No such file or directory: set %q", s.Set.Name)
	}
	out := &syntax.SetStmt{Span: s.Span, Op: s.Op, Timeout: s.Timeout, Stmts: s.Stmts}
	ref := *s.Set
	ref.Set = set
	out.Set = &ref
	want := setWant(set)
	if syntax.Constant(s.Key) {
		out.Key = c.right(s.Key, want)
	} else {
		saved := c.inside
		c.inside = true
		out.Key = c.key(s.Key, want)
		c.inside = saved
	}
	if s.Data != nil {
		if set.Data.Kind != nft.ValueData {
			fail(s.Span, "%q is not a map of values", set.Name)
		}
		w := typeWant(set.Data.Type)
		if len(set.Data.Type.Fields) > 1 {
			if syntax.Constant(s.Data) {
				out.Data = c.right(s.Data, w)
			} else {
				out.Data = c.left(s.Data)
			}
		} else {
			out.Data = c.value(s.Data, w.Type, w.Bits, w.Order)
		}
	} else if set.IsMap() && s.Op != nft.DynsetDelete {
		fail(s.Span, "%q is a map: data are missing", set.Name)
	}
	stateful(s.Stmts)
	return out
}

// key evaluates the key of a set statement.
func (c *compiler) key(e syntax.Expr, want syntax.Common) syntax.Expr {
	if cat, ok := e.(*syntax.Concat); ok && len(cat.Parts) == len(want.Type.Sub) {
		return c.keyParts(cat, want)
	}
	x := c.left(e)
	i := x.Info()
	if len(want.Type.Sub) != len(i.Type.Sub) || len(i.Type.Sub) == 0 && !compatible(i.Type, want.Type) {
		fail(i.At, "datatype mismatch, expected %s, expression has type %s", want.Type.Desc, i.Type.Desc)
	}
	if len(want.Type.Sub) == 0 {
		return swapTo(x, want.Order)
	}
	return x
}

// keyParts evaluates a concatenated key, which may contain constants.
func (c *compiler) keyParts(e *syntax.Concat, want syntax.Common) syntax.Expr {
	out := &syntax.Concat{}
	out.Common = want
	out.At = e.At
	for i, p := range e.Parts {
		t := want.Type.Sub[i]
		if syntax.Constant(p) {
			out.Parts = append(out.Parts, c.right(p, syntax.Common{Type: t, Bits: t.Bits, Order: t.Order}))
			continue
		}
		x := c.nested(p)
		if !compatible(x.Info().Type, t) {
			fail(p.Info().At, "datatype mismatch, expected %s, expression has type %s", t.Desc, x.Info().Type.Desc)
		}
		out.Parts = append(out.Parts, x)
	}
	return out
}

// compatible reports whether values of one type can be looked up in sets of another
// type.
func compatible(a, b *syntax.Type) bool {
	return a == b || a.Name == b.Name || a.IsInteger() && b.IsInteger() && (a.Name == "integer" || b.Name == "integer" || a == syntax.MarkType || b == syntax.MarkType)
}

func (c *compiler) meter(s *syntax.Meter) syntax.Stmt {
	out := &syntax.Meter{Span: s.Span, Name: s.Name, Size: s.Size, Stmt: s.Stmt}
	key := c.nested(s.Key.Key)
	out.Key = &syntax.Elem{Key: key, Timeout: s.Key.Timeout}
	set := &nft.Set{Name: s.Name, Meter: true, Dynamic: true, Size: s.Size, Key: keyType(key)}
	if set.Size == 0 {
		set.Size = 65535
	}
	if s.Key.Timeout != 0 {
		set.HasTimeout = true
	}
	stateful([]syntax.Stmt{s.Stmt})
	out.Set = set
	return out
}
