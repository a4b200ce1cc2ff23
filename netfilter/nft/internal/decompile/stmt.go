package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// stmt processes an expression that is a statement.
func (p *program) stmt(x nft.Expr) {
	switch x := x.(type) {
	case *nft.MetaSet:
		s := &syntax.MetaSet{Key: x.Key, Expr: p.get(x.Source)}
		k := syntax.MetaKeys[x.Key]
		give(s.Expr, k.Type, k.Order)
		p.put(s)
	case *nft.CTSet:
		s := &syntax.CTSet{Key: x.Key, Dir: x.Dir, Expr: p.get(x.Source)}
		k := syntax.CTKeys[x.Key]
		give(s.Expr, k.Type, k.Order)
		p.put(s)
	case *nft.PayloadSet:
		p.put(&syntax.PayloadSet{To: payload(x.Base, x.Offset, x.Len), Val: p.get(x.Source)})
	case *nft.ExthdrSet:
		to := exthdr(x.Op, x.Type, x.Offset, x.Len, false)
		s := &syntax.ExthdrSet{To: to, Val: p.get(x.Source)}
		give(s.Val, to.Common.Type, to.Order)
		p.put(s)
	case *nft.Dynset:
		p.dynset(x)
	case *nft.ObjRef:
		p.objRef(x)
	case *nft.Reject:
		v := &syntax.Value{N: syntax.N(uint64(x.Code))}
		v.Set(syntax.ICMPCode, 8, syntax.Big)
		if x.Type == nft.RejectICMPX {
			v.Common.Type = syntax.ICMPXCode
		}
		p.put(&syntax.Reject{Type: x.Type, Code: v})
	case *nft.NAT:
		p.nat(x)
	case *nft.Masquerade:
		p.put(&syntax.NAT{Kind: syntax.Masquerade, Port: p.ports(x.ProtoMin, x.ProtoMax), Flags: x.Flags})
	case *nft.Redirect:
		p.put(&syntax.NAT{Kind: syntax.Redirect, Port: p.ports(x.ProtoMin, x.ProtoMax), Flags: x.Flags})
	case *nft.TProxy:
		s := &syntax.TProxy{Family: x.Family, Table: p.table.Family}
		if x.Addr != 0 {
			s.Addr = p.get(x.Addr)
			give(s.Addr, addrType(x.Family, s.Addr), syntax.Big)
		}
		if x.Port != 0 {
			s.Port = p.get(x.Port)
			give(s.Port, syntax.ServiceType, syntax.Big)
		}
		p.put(s)
	case *nft.Queue:
		p.queue(x)
	case *nft.Dup:
		s := &syntax.Dup{}
		if x.Addr != 0 {
			s.To = p.get(x.Addr)
			give(s.To, addrType(p.table.Family, s.To), syntax.Big)
		}
		if x.Device != 0 {
			dev := p.get(x.Device)
			give(dev, syntax.IfIndexType, syntax.Host)
			if s.To == nil {
				s.To = dev
			} else {
				s.Dev = dev
			}
		}
		p.put(s)
	case *nft.Fwd:
		s := &syntax.Fwd{Dev: p.get(x.Device), Family: x.Family}
		give(s.Dev, syntax.IfIndexType, syntax.Host)
		if x.Addr != 0 {
			s.Addr = p.get(x.Addr)
			give(s.Addr, addrType(x.Family, s.Addr), syntax.Big)
		}
		p.put(s)
	default:
		p.put(&syntax.Plain{Expr: x})
	}
}

// addrType returns the type of an address of a family, or of its size.
func addrType(f nft.Family, e syntax.Expr) *syntax.Type {
	if f == nft.IP6 || f != nft.IP && e.Info().Bits == 128 {
		return syntax.IPv6Type
	}
	return syntax.IPv4Type
}

func (p *program) ports(lo, hi nft.Reg) syntax.Expr {
	if lo == 0 {
		return nil
	}
	e := p.get(lo)
	give(e, syntax.ServiceType, syntax.Big)
	if hi != 0 && hi != lo {
		to := p.get(hi)
		give(to, syntax.ServiceType, syntax.Big)
		r := &syntax.Range{From: e, To: to}
		r.Set(syntax.ServiceType, 16, syntax.Big)
		return r
	}
	return e
}

func (p *program) nat(x *nft.NAT) {
	s := &syntax.NAT{Kind: syntax.DNAT, Flags: x.Flags, Prefix: x.Flags&nft.NATNetmap != 0}
	if x.Source {
		s.Kind = syntax.SNAT
	}
	if p.table.Family == nft.Inet && x.Family != nft.Inet {
		s.Family = x.Family
	}
	if x.AddrMin != 0 {
		e := p.get(x.AddrMin)
		if m, ok := e.(*syntax.Map); ok {
			s.Addr = e
			data := m.Map.(*syntax.SetRef).Set.Data.Type
			if s.Prefix || data.Interval || len(data.Fields) > 1 {
				s.Family = x.Family
				p.put(s)
				return
			}
		} else {
			t := addrType(x.Family, e)
			give(e, t, syntax.Big)
			s.Addr = e
			if x.AddrMax != 0 && x.AddrMax != x.AddrMin {
				to := p.get(x.AddrMax)
				give(to, t, syntax.Big)
				s.Addr = reduce(e, to)
			}
		}
		if s.Prefix {
			s.Family = x.Family
		}
	}
	s.Port = p.ports(x.ProtoMin, x.ProtoMax)
	p.put(s)
}

// reduce returns a range, or the prefix that is equal to it.
func reduce(from, to syntax.Expr) syntax.Expr {
	a, ok := from.(*syntax.Value)
	b, ok2 := to.(*syntax.Value)
	if ok && ok2 {
		if n, ok := prefixLen(a.N, b.N, a.Bits); ok {
			if n == a.Bits {
				return a
			}
			pre := &syntax.Prefix{Base: a, Len: n}
			pre.Common = a.Common
			return pre
		}
	}
	r := &syntax.Range{From: from, To: to}
	r.Common = *from.Info()
	return r
}

// prefixLen returns the length of the prefix that is equal to a range.
func prefixLen(from, to syntax.Num, bits int) (int, bool) {
	host := from.Xor(to)
	n := host.Bits()
	if host != syntax.Ones(n) || !from.And(host).IsZero() {
		return 0, false
	}
	return bits - n, true
}

func (p *program) queue(x *nft.Queue) {
	s := &syntax.Queue{Flags: x.Flags}
	switch {
	case x.Source != 0:
		s.Expr = p.get(x.Source)
		give(s.Expr, syntax.IntegerType, syntax.Host)
	default:
		v := func(n uint16) *syntax.Value {
			v := &syntax.Value{N: syntax.N(uint64(n))}
			v.Set(syntax.IntegerType, 16, syntax.Big)
			return v
		}
		s.Expr = v(x.Num)
		if x.Total > 1 {
			r := &syntax.Range{From: v(x.Num), To: v(x.Num + x.Total - 1)}
			r.Set(syntax.IntegerType, 16, syntax.Big)
			s.Expr = r
		}
	}
	p.put(s)
}

func (p *program) dynset(x *nft.Dynset) {
	set := x.Set.In(p.table)
	if set == nil {
		set = &nft.Set{Name: x.Set.Name}
	}
	s := &syntax.SetStmt{Op: x.Op, Set: p.ref(x.Set, set), Key: p.key(x.Key, set), Timeout: x.Timeout}
	if c, ok := s.Key.(*syntax.Concat); ok {
		for i, part := range c.Parts {
			if v, ok := part.(*syntax.Value); ok && i < len(set.Key.Fields) {
				t, _, o := fieldType(set.Key.Fields[i])
				give(v, t, o)
			}
		}
	}
	if v, ok := s.Key.(*syntax.Value); ok && p.release >= syntax.Release117 && len(set.Key.Fields) == 1 {
		t, _, o := fieldType(set.Key.Fields[0])
		give(v, t, o)
	}
	s.Stmts = Stateful(x.Exprs)
	if x.Map {
		s.Data = p.get(x.Data)
		if n := set.Data.Type.Len(); s.Data.Info().Bytes() < n && len(set.Data.Type.Fields) > 1 {
			s.Data = p.concat(x.Data, n)
		} else if len(set.Data.Type.Fields) == 1 {
			t, _, o := fieldType(set.Data.Type.Fields[0])
			give(s.Data, t, o)
		}
	}
	if x.Set.Anon != nil && x.Set.Anon.Meter {
		p.put(&syntax.Meter{Name: x.Set.Anon.Name, Size: x.Set.Anon.Size, Key: &syntax.Elem{Key: s.Key, Timeout: x.Timeout}, Stmt: s.Stmts[0], Set: set})
		return
	}
	p.put(s)
}

// Stateful returns the statements of the expressions of set elements.
func Stateful(exprs []nft.Expr) []syntax.Stmt {
	var out []syntax.Stmt
	for _, x := range exprs {
		out = append(out, &syntax.Plain{Expr: x})
	}
	return out
}

func (p *program) objRef(x *nft.ObjRef) {
	s := &syntax.ObjRef{Kind: x.Kind}
	if x.Name != "" {
		v := &syntax.Value{S: x.Name}
		v.Set(syntax.StringType, 8*len(x.Name), syntax.Host)
		s.Expr = v
		p.put(s)
		return
	}
	set := x.Map.In(p.table)
	if set == nil {
		set = &nft.Set{Name: x.Map.Name}
	}
	if s.Kind == 0 {
		s.Kind = set.Data.Object
	}
	s.Expr = &syntax.Map{Key: p.key(x.Source, set), Map: p.ref(x.Map, set)}
	p.put(s)
}
