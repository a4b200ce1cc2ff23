package decompile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// exprStmt processes a comparison or a lookup.
func (f *finisher) exprStmt(s *syntax.ExprStmt) {
	rel, ok := s.Expr.(*syntax.Rel)
	if !ok {
		s.Expr = f.expr(s.Expr)
		f.put(s)
		return
	}
	if pay, ok := rel.L.(*syntax.Payload); ok {
		f.payloadRel(s, rel, pay)
	} else {
		s.Expr = f.rel(s, rel)
		f.put(s)
	}
	f.mergeRange()
}

// mergeRange merges tests of a lower and an upper bound to one of a range.
func (f *finisher) mergeRange() {
	if len(f.out) < 2 {
		return
	}
	last, ok := f.out[len(f.out)-1].(*syntax.ExprStmt)
	before := f.prev
	if !ok || before == nil || f.out[len(f.out)-2] != before {
		return
	}
	first, ok := before.(*syntax.ExprStmt)
	if !ok {
		return
	}
	a, ok := first.Expr.(*syntax.Rel)
	b, ok2 := last.Expr.(*syntax.Rel)
	if !ok || !ok2 || !sameKind(unswapped(a.L), unswapped(b.L)) {
		return
	}
	op := syntax.Eq
	switch {
	case a.Op == syntax.Gte && b.Op == syntax.Lte:
	case a.Op == syntax.Lt && b.Op == syntax.Gt:
		op = syntax.Neq
	default:
		return
	}
	retype(a.R, b.R.Info().Type)
	r := &syntax.Range{From: a.R, To: b.R}
	r.Common = *b.R.Info()
	last.Expr = &syntax.Rel{Op: op, L: b.L, R: r}
	f.out = append(f.out[:len(f.out)-2], last)
}

func unswapped(e syntax.Expr) syntax.Expr {
	if s, ok := e.(*syntax.Swap); ok {
		return s.Arg
	}
	return e
}

func sameKind(a, b syntax.Expr) bool {
	switch a.(type) {
	case *syntax.Payload:
		_, ok := b.(*syntax.Payload)
		return ok
	case *syntax.Meta:
		_, ok := b.(*syntax.Meta)
		return ok
	case *syntax.CT:
		_, ok := b.(*syntax.CT)
		return ok
	case *syntax.Exthdr:
		_, ok := b.(*syntax.Exthdr)
		return ok
	case *syntax.Binop:
		_, ok := b.(*syntax.Binop)
		return ok
	case *syntax.Numgen:
		_, ok := b.(*syntax.Numgen)
		return ok
	case *syntax.Hash:
		_, ok := b.(*syntax.Hash)
		return ok
	case *syntax.RT:
		_, ok := b.(*syntax.RT)
		return ok
	case *syntax.Socket:
		_, ok := b.(*syntax.Socket)
		return ok
	case *syntax.Xfrm:
		_, ok := b.(*syntax.Xfrm)
		return ok
	}
	return false
}

// rel processes a comparison whose left side is not only a payload.
func (f *finisher) rel(s *syntax.ExprStmt, rel *syntax.Rel) syntax.Expr {
	rel.L = f.expr(rel.L)
	l := rel.L.Info()
	if ct, ok := rel.L.(*syntax.CT); ok && f.program.release < syntax.Release117 && (ct.Key == nft.CTProtoSrc || ct.Key == nft.CTProtoDst) {
		untype(rel.R)
	}
	give(rel.R, l.Type, l.Order)
	rel.R = f.expr(rel.R)
	if _, swapped := rel.L.(*syntax.Swap); swapped {
		if v, ok := rel.R.(*syntax.Value); ok && v.Type.Symbols != nil {
			swapName(v)
		}
	}
	switch left := rel.L.(type) {
	case *syntax.Meta:
		layer, key := syntax.IsKey(left)
		f.factRel(s, rel, layer, key)
	case *syntax.CT:
		layer, key := syntax.IsKey(left)
		f.factRel(s, rel, layer, key)
	case *syntax.Binop:
		return f.relBinop(rel, left)
	}
	return rel
}

// swapName names a number in the other byte order as nft does: by the number that its
// bytes are in the usual order.
func swapName(v *syntax.Value) {
	n := syntax.FromBytes(v.N.Bytes(v.Bytes(), syntax.Big), syntax.Host)
	if _, ok := v.Type.Symbols.Text(n.Lo); ok {
		v.N = n
	} else {
		v.Type = syntax.IntegerType
	}
}

// factRel records what a test of meta or ct implies about the packet.
func (f *finisher) factRel(s *syntax.ExprStmt, rel *syntax.Rel, layer syntax.Layer, key bool) {
	v, ok := rel.R.(*syntax.Value)
	if rel.Op != syntax.Eq {
		return
	}
	switch rel.R.(type) {
	case *syntax.Range, *syntax.Set, *syntax.SetRef:
		return
	}
	if ok {
		f.protos.Learn(rel.L, v.N.Lo)
	}
	if layer >= syntax.TransportLayer {
		return
	}
	if f.dep(layer) != nil && f.mayDropForFact(rel) {
		f.drop(layer)
	}
	if key {
		f.keep(s, rel, layer)
	}
}

// nfproto returns the family that a test of the network layer selects; false if it is
// another test.
func nfproto(dep *syntax.Rel) (nft.Family, bool) {
	v, _ := dep.R.(*syntax.Value)
	if v == nil {
		return 0, false
	}
	fromEther := func(n uint64) nft.Family {
		switch n {
		case 0x0800:
			return nft.IP
		case 0x86dd:
			return nft.IP6
		}
		return 0
	}
	switch l := dep.L.(type) {
	case *syntax.Meta:
		switch l.Key {
		case nft.MetaNFProto:
			return nft.Family(v.N.Lo), true
		case nft.MetaProtocol:
			return fromEther(v.N.Lo), true
		}
	case *syntax.Payload:
		if l.Base == nft.LinkHeader && l.Type == syntax.EtherProto {
			return fromEther(v.N.Lo), true
		}
	}
	return 0, false
}

// mayDropForFact reports whether a test of the network layer is implied by one
// of meta or ct.
func (f *finisher) mayDropForFact(rel *syntax.Rel) bool {
	dep := f.dep(syntax.NetworkLayer)
	if dep == nil {
		return true
	}
	fam, ok := nfproto(dep)
	if !ok {
		return true
	}
	switch f.protos.Family {
	case nft.IP, nft.IP6:
		return f.protos.Family == fam
	case nft.Inet, nft.Netdev, nft.Bridge:
	default:
		return true
	}
	switch l := rel.L.(type) {
	case *syntax.Meta:
		if l.Key != nft.MetaL4Proto {
			return true
		}
		v, ok := rel.R.(*syntax.Value)
		return ok && (v.N.Lo == 1 && fam == nft.IP || v.N.Lo == 58 && fam == nft.IP6)
	case *syntax.CT:
		switch l.Key {
		case nft.CTSrcIP, nft.CTDstIP:
			return fam == nft.IP
		case nft.CTSrcIP6, nft.CTDstIP6:
			return fam == nft.IP6
		}
		return false
	}
	return true
}

// expr processes an expression.
func (f *finisher) expr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Value, *syntax.Prefix, *syntax.Range:
		return finish(e)
	case *syntax.Payload:
		f.complete(e)
		f.dropFor(e)
	case *syntax.Exthdr:
		switch e.Op {
		case nft.ExthdrTCPOption:
			f.drop(syntax.TransportLayer)
		case nft.ExthdrIPv6, nft.ExthdrIPOption:
			f.drop(syntax.NetworkLayer)
		}
	case *syntax.CT:
		f.ctAddr(e)
	case *syntax.Swap:
		e.Arg = f.expr(e.Arg)
		a := e.Arg.Info()
		e.Type, e.Order = a.Type, syntax.Host
		if a.Order == syntax.Host {
			e.Order = syntax.Big
		}
	case *syntax.Binop:
		return f.binop(e)
	case *syntax.Hash:
		if e.Arg != nil {
			e.Arg = f.expr(e.Arg)
		}
	case *syntax.Map:
		f.mapKey(e)
	case *syntax.Concat:
		saved := f.inside
		f.inside = true
		var sub []*syntax.Type
		for i, x := range e.Parts {
			e.Parts[i] = f.expr(x)
			sub = append(sub, e.Parts[i].Info().Type)
		}
		f.inside = saved
		for i, t := range sub {
			if t == nil {
				sub[i] = syntax.IntegerType
			}
		}
		e.Type = &syntax.Type{Sub: sub}
	}
	return e
}

// ctAddr determines the type of an address whose key does not determine it.
func (f *finisher) ctAddr(e *syntax.CT) {
	if e.Key != nft.CTSrc && e.Key != nft.CTDst {
		return
	}
	switch f.protos.Header[syntax.NetworkLayer] {
	case syntax.IP:
		e.Family = nft.IP
		e.Set(syntax.IPv4Type, 32, syntax.Big)
	case syntax.IP6:
		e.Family = nft.IP6
		e.Set(syntax.IPv6Type, 128, syntax.Big)
	}
}

// untype removes the type of elements: nft 1.0.6 has none for ports of connections.
func untype(e syntax.Expr) {
	ref, ok := e.(*syntax.SetRef)
	if !ok || ref.Init == nil {
		return
	}
	for _, x := range ref.Init.Elems {
		switch k := x.Key.(type) {
		case *syntax.Value:
			k.Type = nil
		case *syntax.Range:
			for _, y := range []syntax.Expr{k.From, k.To} {
				if v, ok := y.(*syntax.Value); ok {
					v.Type = nil
				}
			}
		}
	}
}

func (f *finisher) mapKey(m *syntax.Map) {
	if b, ok := m.Key.(*syntax.Binop); ok && b.Op == syntax.And {
		if pay, ok := b.L.(*syntax.Payload); ok {
			if mask, ok := b.R.(*syntax.Value); ok {
				if n, ok := f.trim(pay, mask.N, mask.Bits); ok {
					shiftSet(m.Map, n)
					m.Key = pay
				}
			}
		}
	}
	m.Key = f.expr(m.Key)
}

func (f *finisher) binop(e *syntax.Binop) syntax.Expr {
	e.L = f.expr(e.L)
	l := e.L.Info()
	switch e.Op {
	case syntax.Shl, syntax.Shr:
		if v, ok := e.R.(*syntax.Value); ok {
			v.Type = syntax.IntegerType
		}
		if b, ok := e.L.(*syntax.Binop); ok && e.Op == syntax.Shr && (f.inside || f.program.release >= syntax.Release117) {
			if pay, n, ok := f.field(b); ok && n == int(e.R.(*syntax.Value).N.Lo) {
				return f.expr(pay)
			}
		}
	case syntax.And:
		give(e.R, l.Type, l.Order)
		if f.inside {
			if pay, n, ok := f.field(e); ok && n == 0 {
				return f.expr(pay)
			}
		}
		e.R = finish(e.R)
	default:
		if _, ok := e.R.(*syntax.Value); ok {
			give(e.R, l.Type, l.Order)
			e.R = finish(e.R)
		} else {
			e.R = f.expr(e.R)
		}
	}
	e.Type, e.Order = l.Type, l.Order
	return e
}

// field returns the field that a mask selects from a payload, and the number of bits by
// which it is shifted.
func (f *finisher) field(b *syntax.Binop) (*syntax.Payload, int, bool) {
	pay, ok := b.L.(*syntax.Payload)
	mask, ok2 := b.R.(*syntax.Value)
	if !ok || !ok2 || b.Op != syntax.And {
		return nil, 0, false
	}
	n := mask.N
	c := *pay
	shift, ok := f.trim(&c, n, mask.Bits)
	if !ok {
		return nil, 0, false
	}
	return &c, shift, true
}
