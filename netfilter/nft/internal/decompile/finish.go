package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// finisher processes the statements after all are decoded: it determines the names of
// fields and removes the tests that a listing omits.
type finisher struct {
	program *program
	protos  *syntax.Protocols
	out     []syntax.Stmt
	deps    [syntax.InnerLayer + 2]syntax.Stmt // tests that determine the header of a layer
	icmp    int                                // the ICMP type tested last, plus one
	prev    syntax.Stmt
	inside  bool // in a concatenation or an element
}

func (p *program) finish() []syntax.Stmt {
	f := &finisher{program: p, protos: syntax.NewProtocols(p.table.Family)}
	for _, s := range p.stmts {
		f.next(s)
	}
	return f.out
}

// next finishes the next statement.
func (f *finisher) next(s syntax.Stmt) {
	f.stmt(s)
	if n := len(f.out); n > 0 {
		f.prev = f.out[n-1]
	}
	if _, ok := s.(*syntax.ExprStmt); !ok {
		f.reset()
	}
}

func (f *finisher) reset() {
	f.deps = [syntax.InnerLayer + 2]syntax.Stmt{}
	f.icmp = 0
	f.prev = nil
}

func (f *finisher) put(s syntax.Stmt) { f.out = append(f.out, s) }

// drop removes the test that determines the header of a layer.
func (f *finisher) drop(l syntax.Layer) {
	if f.deps[l] == nil && l == syntax.TransportLayer {
		l = syntax.InnerLayer
	}
	s := f.deps[l]
	if s == nil {
		return
	}
	for i, x := range f.out {
		if x == s {
			f.out = append(f.out[:i], f.out[i+1:]...)
			break
		}
	}
	if f.prev == s {
		f.prev = nil
	}
	f.deps[l] = nil
}

// dep returns the test that determines the header of a layer; nil for none.
func (f *finisher) dep(l syntax.Layer) *syntax.Rel {
	s := f.deps[l]
	if s == nil && l == syntax.TransportLayer {
		s = f.deps[syntax.InnerLayer]
	}
	if e, ok := s.(*syntax.ExprStmt); ok {
		rel, _ := e.Expr.(*syntax.Rel)
		return rel
	}
	return nil
}

// keep records a test that a field of the next layer may imply.
func (f *finisher) keep(s syntax.Stmt, rel *syntax.Rel, l syntax.Layer) {
	if p, ok := rel.L.(*syntax.Payload); ok {
		if v, ok := rel.R.(*syntax.Value); ok && v.Bits == 8 {
			switch t := int(v.N.Lo); p.Header {
			case syntax.ICMP:
				if t == 0 {
					t = 8
				}
				f.icmp = t + 1
				if t == 8 {
					return
				}
			case syntax.ICMP6:
				f.icmp = t + 1
				if t == 128 || t == 129 {
					return
				}
			}
		}
	}
	f.deps[l+1] = s
}

func (f *finisher) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		f.exprStmt(s)
		return
	case *syntax.PayloadSet:
		f.payloadSet(s)
	case *syntax.MetaSet:
		s.Expr = f.expr(s.Expr)
	case *syntax.CTSet:
		s.Expr = f.expr(s.Expr)
		if b, ok := s.Expr.(*syntax.Binop); ok && s.Key == nft.CTEventMask {
			s.Expr = list(b)
		}
	case *syntax.ExthdrSet:
		s.Val = f.expr(s.Val)
	case *syntax.NAT:
		if s.Addr != nil {
			s.Addr = f.expr(s.Addr)
		}
		if s.Port != nil {
			f.reset()
			s.Port = f.expr(s.Port)
		}
	case *syntax.TProxy:
		if s.Addr != nil {
			s.Addr = f.expr(s.Addr)
		}
		if s.Port != nil {
			f.reset()
			s.Port = f.expr(s.Port)
		}
	case *syntax.Reject:
		f.reject(s)
	case *syntax.SetStmt:
		f.inside = true
		s.Key = f.expr(s.Key)
		f.inside = false
		if s.Data != nil {
			s.Data = f.expr(s.Data)
		}
	case *syntax.Meter:
		s.Key.Key = f.expr(s.Key.Key)
	case *syntax.Dup:
		if s.To != nil {
			s.To = f.expr(s.To)
		}
		if s.Dev != nil {
			s.Dev = f.expr(s.Dev)
		}
	case *syntax.Fwd:
		s.Dev = f.expr(s.Dev)
		if s.Addr != nil {
			s.Addr = f.expr(s.Addr)
		}
	case *syntax.ObjRef:
		if m, ok := s.Expr.(*syntax.Map); ok {
			s.Expr = f.expr(m)
		}
	case *syntax.Queue:
		switch s.Expr.(type) {
		case nil, *syntax.Value, *syntax.Range:
		default:
			s.Expr = f.expr(s.Expr)
		}
	}
	f.put(s)
}

// list returns flags that are joined by "|" as a list.
func list(e syntax.Expr) *syntax.List {
	l := &syntax.List{}
	l.Common = *e.Info()
	var walk func(syntax.Expr)
	walk = func(e syntax.Expr) {
		if b, ok := e.(*syntax.Binop); ok && b.Op == syntax.Or {
			walk(b.L)
			walk(b.R)
			return
		}
		l.Items = append(l.Items, e)
	}
	walk(e)
	return l
}

func (f *finisher) reject(s *syntax.Reject) {
	fam := f.protos.Family
	code := s.Code.(*syntax.Value)
	ofFamily := func(fam nft.Family) {
		s.Family = fam
		code.Type = syntax.ICMPCode
		if fam == nft.IP6 {
			code.Type = syntax.ICMPv6Code
		}
	}
	if fam == nft.IP || fam == nft.IP6 {
		ofFamily(fam)
		if s.Type == nft.RejectTCPReset {
			f.drop(syntax.TransportLayer)
		}
		return
	}
	if s.Type == nft.RejectICMPX {
		return
	}
	s.With = true
	switch f.protos.Header[syntax.NetworkLayer] {
	case syntax.IP:
		ofFamily(nft.IP)
	case syntax.IP6:
		ofFamily(nft.IP6)
	default:
		if s.Type == nft.RejectICMP {
			s.Code = nil // it has no name without a family
		}
	}
	f.drop(syntax.NetworkLayer)
}
