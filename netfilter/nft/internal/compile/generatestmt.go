package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// stmt writes a statement.
func (g *generator) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		switch e := s.Expr.(type) {
		case *syntax.Rel:
			g.rel(e)
		case *syntax.Map:
			g.mapTo(e, nft.VerdictReg)
		}
	case *syntax.VerdictStmt:
		g.put(&nft.SetVerdict{Verdict: nft.Verdict{Code: s.Verdict.Code, Chain: s.Verdict.Chain, Block: s.Verdict.Block}})
	case *syntax.Plain:
		g.put(clonePlain(s.Expr))
	case *syntax.ObjRef:
		g.objRef(s)
	case *syntax.Reject:
		x := &nft.Reject{Type: s.Type}
		if v, ok := s.Code.(*syntax.Value); ok && s.Type != nft.RejectTCPReset {
			x.Code = uint8(v.N.Lo)
		}
		g.put(x)
	case *syntax.NAT:
		g.nat(s)
	case *syntax.TProxy:
		g.tproxy(s)
	case *syntax.Queue:
		g.queue(s)
	case *syntax.Dup:
		g.dup(s)
	case *syntax.Fwd:
		x := &nft.Fwd{Family: s.Family}
		x.Device = g.take(nil)
		g.expr(s.Dev, x.Device)
		if s.Addr != nil {
			x.Addr = g.take(nil)
			g.expr(s.Addr, x.Addr)
			g.free(nil)
		}
		g.free(nil)
		g.put(x)
	case *syntax.MetaSet:
		g.put(&nft.MetaSet{Key: s.Key, Source: g.load(s.Expr)})
	case *syntax.CTSet:
		g.put(&nft.CTSet{Key: s.Key, Dir: s.Dir, Source: g.load(s.Expr)})
	case *syntax.PayloadSet:
		g.payloadSet(s)
	case *syntax.ExthdrSet:
		to := s.To.(*syntax.Exthdr)
		g.put(&nft.ExthdrSet{Op: to.Op, Type: to.Type, Offset: to.Off / 8, Len: to.Bytes(), Source: g.load(s.Val)})
	case *syntax.SetStmt:
		g.setStmt(s)
	case *syntax.Meter:
		key := g.load(s.Key.Key)
		op := nft.DynsetAdd
		if s.Key.Timeout != 0 {
			op = nft.DynsetUpdate
		}
		g.put(&nft.Dynset{Op: op, Set: nft.SetRef{Anon: s.Set}, Key: key, Timeout: s.Key.Timeout, Exprs: stateful([]syntax.Stmt{s.Stmt})})
	}
}

// clonePlain copies an expression, so that rules do not share its counters.
func clonePlain(x nft.Expr) nft.Expr {
	switch x := x.(type) {
	case *nft.Counter:
		c := *x
		return &c
	case *nft.Limit:
		c := *x
		return &c
	case *nft.Quota:
		c := *x
		return &c
	case *nft.ConnLimit:
		c := *x
		return &c
	case *nft.Last:
		c := *x
		return &c
	}
	return x
}

func (g *generator) objRef(s *syntax.ObjRef) {
	if v, ok := s.Expr.(*syntax.Value); ok {
		g.put(&nft.ObjRef{Kind: s.Kind, Name: v.S})
		return
	}
	m := s.Expr.(*syntax.Map)
	source := g.load(m.Key)
	g.put(&nft.ObjRef{Kind: s.Kind, Map: setRef(m.Map), Source: source})
}

// span loads a value or the two ends of a range, each into registers of its own.
func (g *generator) span(e syntax.Expr) (lo, hi nft.Reg) {
	if r, ok := e.(*syntax.Range); ok {
		lo = g.take(nil)
		g.expr(r.From, lo)
		hi = g.take(nil)
		g.expr(r.To, hi)
		return lo, hi
	}
	lo = g.take(nil)
	g.expr(e, lo)
	return lo, 0
}

func (g *generator) nat(s *syntax.NAT) {
	used := g.used
	defer func() { g.used = used }()
	if s.Kind > syntax.DNAT {
		var lo, hi nft.Reg
		if s.Port != nil {
			lo, hi = g.span(s.Port)
		}
		if s.Kind == syntax.Masquerade {
			g.put(&nft.Masquerade{ProtoMin: lo, ProtoMax: hi, Flags: s.Flags})
		} else {
			g.put(&nft.Redirect{ProtoMin: lo, ProtoMax: hi, Flags: s.Flags})
		}
		return
	}
	x := &nft.NAT{Source: s.Kind == syntax.SNAT, Family: s.Family, Flags: s.Flags}
	if s.Addr != nil {
		x.AddrMin, x.AddrMax = g.span(s.Addr)
		addr := nft.Reg(1)
		if s.Family == nft.IP6 {
			addr = 4
		}
		switch {
		case s.Concat && s.Interval:
			x.ProtoMin = x.AddrMin + addr
			x.AddrMax = x.ProtoMin + 1
			x.ProtoMax = x.AddrMax + addr
		case s.Concat:
			x.ProtoMin = x.AddrMin + addr
		case s.Interval:
			x.AddrMax = x.AddrMin + addr
		}
	}
	if s.Port != nil {
		x.ProtoMin, x.ProtoMax = g.span(s.Port)
	}
	g.put(x)
}

func (g *generator) tproxy(s *syntax.TProxy) {
	used := g.used
	x := &nft.TProxy{Family: s.Family}
	if s.Addr != nil {
		x.Addr = g.take(nil)
		g.expr(s.Addr, x.Addr)
	}
	if s.Port != nil {
		x.Port = g.take(nil)
		g.expr(s.Port, x.Port)
	}
	g.used = used
	g.put(x)
}

func (g *generator) queue(s *syntax.Queue) {
	x := &nft.Queue{Flags: s.Flags, Total: 1}
	switch e := s.Expr.(type) {
	case nil:
	case *syntax.Value:
		x.Num = uint16(e.N.Lo)
	case *syntax.Range:
		x.Num = uint16(number(e.From).Lo)
		x.Total = uint16(number(e.To).Lo) - x.Num + 1
	default:
		x.Total = 0
		x.Source = g.load(e)
	}
	g.put(x)
}

func (g *generator) dup(s *syntax.Dup) {
	used := g.used
	x := &nft.Dup{}
	to := g.take(nil)
	g.expr(s.To, to)
	if g.table.Family == nft.Netdev {
		x.Device = to
	} else {
		x.Addr = to
	}
	if s.Dev != nil {
		x.Device = g.take(nil)
		g.expr(s.Dev, x.Device)
	}
	g.used = used
	g.put(x)
}

func (g *generator) payloadSet(s *syntax.PayloadSet) {
	to := s.To.(*syntax.Payload)
	x := &nft.PayloadSet{Base: to.Base, Offset: to.Off / 8, Len: to.Bytes(), Source: g.load(s.Val)}
	if h := to.Header; h != nil && h.ChecksumAt != 0 {
		x.Checksum, x.ChecksumOffset = h.Checksum, h.ChecksumAt
	}
	if to.Base == nft.NetworkHeader && pseudo(to) || to.Base == nft.InnerHeader {
		x.ChecksumFlags = nft.ChecksumPseudo
	}
	g.put(x)
}

func (g *generator) setStmt(s *syntax.SetStmt) {
	used := g.used
	x := &nft.Dynset{Op: s.Op, Set: nft.SetRef{Name: s.Set.Name}, Timeout: s.Timeout, Exprs: stateful(s.Stmts)}
	if s.Data == nil {
		x.Key = g.load(s.Key)
		g.put(x)
		return
	}
	// nft reserves four words for any key: data may overwrite the rest of a
	// longer one.
	x.Key = g.take(nil)
	g.expr(s.Key, x.Key)
	x.Map = true
	x.Data = g.take(nil)
	g.expr(s.Data, x.Data)
	g.used = used
	g.put(x)
}
