package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// reject determines the kind of reply and adds the test for the family that it
// requires.
func (c *compiler) reject(s *syntax.Reject) syntax.Stmt {
	out := &syntax.Reject{Span: s.Span, Type: s.Type, Family: s.Family}
	fam := c.protos.Family
	if fam == nft.ARP {
		fail(s.Span, "reject is not supported in family arp")
	}
	net := c.protos.Header[syntax.NetworkLayer]
	switch {
	case s.Type == nft.RejectTCPReset:
		c.rejectReset(s)
	case !s.Set:
		out.Type = nft.RejectICMP
		switch {
		case net == syntax.IP:
			out.Family = nft.IP
		case net == syntax.IP6:
			out.Family = nft.IP6
		default:
			out.Type = nft.RejectICMPX
		}
		out.Code = rejectCode(out.Type, out.Family)
	default:
		out.Code = c.rejectWith(s, fam, net)
	}
	return out
}

func rejectCode(t nft.RejectType, f nft.Family) syntax.Expr {
	n := uint64(3)
	switch {
	case t == nft.RejectICMPX:
		n = uint64(nft.ICMPXPortUnreachable)
	case f == nft.IP6:
		n = 4
	}
	v := &syntax.Value{N: syntax.N(n)}
	v.Set(syntax.ICMPCode, 8, syntax.Big)
	return v
}

func (c *compiler) rejectReset(s *syntax.Reject) {
	switch c.protos.Header[syntax.TransportLayer] {
	case syntax.TCP:
		return
	case nil:
	default:
		fail(s.Span, "you cannot use tcp reset with this protocol")
	}
	below := c.protos.Header[syntax.NetworkLayer]
	switch below {
	case nil:
		below = syntax.Service
	case syntax.IP, syntax.IP6, syntax.Service:
	default:
		fail(s.Span, "cannot infer ICMP reject variant to use: explicit value required.")
	}
	n, _ := below.Number(syntax.TCP)
	c.first(func() { c.announce(below, n) })
}

func (c *compiler) rejectWith(s *syntax.Reject, fam nft.Family, net *syntax.Header) syntax.Expr {
	t, need := syntax.ICMPCode, syntax.IP
	switch {
	case s.Type == nft.RejectICMPX:
		if fam == nft.IP || fam == nft.IP6 {
			fail(s.Span, "abstracted ICMP unreachable not supported")
		}
		t = syntax.ICMPXCode
	case s.Family == nft.IP6:
		t, need = syntax.ICMPv6Code, syntax.IP6
	}
	if s.Type != nft.RejectICMPX {
		switch {
		case net == need:
		case net == nil:
			c.first(func() { c.network(need, s.Span, true) })
		default:
			fail(s.Span, "conflicting protocols specified: %s vs. %s", net.Name, need.Name)
		}
	}
	return c.right(s.Code, syntax.Common{Type: t, Bits: 8, Order: syntax.Big})
}

// natFamily returns the family of the addresses of a statement.
func (c *compiler) natFamily(written nft.Family, at syntax.Span) nft.Family {
	fam := c.protos.Family
	switch fam {
	case nft.IP, nft.IP6:
		if written != 0 && written != fam {
			fail(at, "conflicting families: %s in a table of family %s", written, fam)
		}
		return fam
	case nft.Inet:
	default:
		fail(at, "NAT is only supported for IPv4/IPv6")
	}
	if written != 0 {
		return written
	}
	switch c.protos.Header[syntax.NetworkLayer] {
	case syntax.IP:
		return nft.IP
	case syntax.IP6:
		return nft.IP6
	}
	fail(at, "ip or ip6 must be specified with address for inet tables.")
	return 0
}

func (c *compiler) nat(s *syntax.NAT) syntax.Stmt {
	out := &syntax.NAT{Span: s.Span, Kind: s.Kind, Flags: s.Flags, Prefix: s.Prefix, Concat: s.Concat, Interval: s.Interval}
	if s.Kind <= syntax.DNAT {
		if s.Addr == nil && s.Family == 0 && c.protos.Family == nft.Inet {
			out.Family = nft.Inet
		} else {
			out.Family = c.natFamily(s.Family, s.Span)
		}
		if s.Addr == nil && s.Port == nil {
			fail(s.Span, "an address or a port is missing")
		}
	} else if f := c.protos.Family; f != nft.IP && f != nft.IP6 && f != nft.Inet {
		fail(s.Span, "NAT is only supported for IPv4/IPv6")
	}
	if s.Addr != nil {
		c.natAddr(s, out)
	}
	if s.Port != nil {
		c.natPort(s.Port)
		out.Port = c.value(s.Port, syntax.ServiceType, 16, syntax.Big)
		out.Flags |= nft.NATProtoSpecified
	}
	return out
}

// natPort refuses ports if the rule does not test the transport protocol.
func (c *compiler) natPort(e syntax.Expr) {
	if h := c.protos.Header[syntax.TransportLayer]; h == nil && !c.testsProtocol() {
		fail(e.Info().At, "transport protocol mapping is only valid after transport protocol match")
	}
}

// testsProtocol reports whether an earlier statement tests the protocol other than for
// equality with one value.
func (c *compiler) testsProtocol() bool {
	isProto := func(e syntax.Expr) bool {
		switch e := e.(type) {
		case *syntax.Meta:
			return e.Key == nft.MetaL4Proto
		case *syntax.Payload:
			return e.Type == syntax.InetProto
		}
		return false
	}
	for _, s := range c.stmts {
		x, ok := s.(*syntax.ExprStmt)
		if !ok {
			continue
		}
		var l syntax.Expr
		switch e := x.Expr.(type) {
		case *syntax.Rel:
			l = e.L
		case *syntax.Map:
			l = e.Key
		}
		if isProto(l) {
			return true
		}
		if cat, ok := l.(*syntax.Concat); ok {
			for _, p := range cat.Parts {
				if isProto(p) {
					return true
				}
			}
		}
	}
	return false
}

// natAddr evaluates the address. The data of a map may be an address and a port.
func (c *compiler) natAddr(s, out *syntax.NAT) {
	t := syntax.IPv4Type
	if out.Family == nft.IP6 {
		t = syntax.IPv6Type
	}
	m, ok := s.Addr.(*syntax.Map)
	if !ok {
		if s.Concat {
			fail(s.Span, "address and port have to come from a map")
		}
		out.Addr = c.natConstant(s, out, t)
		return
	}
	named := c.mapData(m)
	switch {
	case s.Concat || named != nil && len(named.Data.Type.Fields) == 2 || anonConcat(m):
		w := syntax.Common{Type: syntax.Concatenated([]*syntax.Type{t, syntax.ServiceType})}
		w.Bits = 8 * (pad(t.Bits/8) + 4)
		out.Addr = c.mapOf(m, w)
		out.Concat = true
		if s.Interval || interval(out.Addr) {
			out.Interval = true
		}
	default:
		out.Addr = c.mapOf(m, syntax.Common{Type: t, Bits: t.Bits, Order: syntax.Big})
		out.Interval = interval(out.Addr)
	}
	if s.Prefix {
		out.Flags |= nft.NATNetmap
		out.Interval = true
	}
}

func interval(e syntax.Expr) bool {
	m, ok := e.(*syntax.Map)
	if !ok {
		return false
	}
	ref, ok := m.Map.(*syntax.SetRef)
	return ok && ref.Set.Data.Type.Interval
}

// mapData returns the named map of an expression; nil for an anonymous map.
func (c *compiler) mapData(m *syntax.Map) *nft.Set {
	if ref, ok := m.Map.(*syntax.SetRef); ok && ref.Init == nil {
		return c.Table.Set(ref.Name)
	}
	return nil
}

// anonConcat reports whether the data of an anonymous map are addresses with ports.
func anonConcat(m *syntax.Map) bool {
	set, ok := m.Map.(*syntax.Set)
	if !ok || len(set.Elems) == 0 {
		return false
	}
	_, ok = set.Elems[0].Data.(*syntax.Concat)
	return ok
}

// natConstant evaluates an address, a range of them or a prefix.
func (c *compiler) natConstant(s, out *syntax.NAT, t *syntax.Type) syntax.Expr {
	e := c.value(s.Addr, t, t.Bits, syntax.Big)
	pre, ok := e.(*syntax.Prefix)
	if !ok {
		return e
	}
	if s.Prefix {
		out.Flags |= nft.NATNetmap
	}
	from := pre.Base.(*syntax.Value)
	to := *from
	to.N = from.N.Or(syntax.Ones(pre.Bits - pre.Len))
	if to.N == from.N {
		return from
	}
	r := &syntax.Range{From: from, To: &to}
	r.Common = pre.Common
	return r
}

func (c *compiler) tproxy(s *syntax.TProxy) syntax.Stmt {
	out := &syntax.TProxy{Span: s.Span, Family: s.Family}
	fam := c.protos.Family
	switch fam {
	case nft.IP, nft.IP6:
		if s.Family != 0 && s.Family != fam {
			fail(s.Span, "unsupported family")
		}
		out.Family = fam
	case nft.Inet:
	default:
		fail(s.Span, "tproxy is only supported for IPv4/IPv6/INET")
	}
	if c.protos.Header[syntax.TransportLayer] == nil && !c.testsProtocol() {
		fail(s.Span, "Transparent proxy support requires transport protocol match")
	}
	if s.Addr == nil && s.Port == nil {
		fail(s.Span, "Either address or port must be specified!")
	}
	if s.Addr != nil {
		if out.Family == 0 {
			fail(s.Span, "ip or ip6 must be specified with address for inet tables.")
		}
		t := syntax.IPv4Type
		if out.Family == nft.IP6 {
			t = syntax.IPv6Type
		}
		out.Addr = c.value(s.Addr, t, t.Bits, syntax.Big)
		if !syntax.Singleton(out.Addr) && syntax.Constant(out.Addr) {
			fail(s.Span, "one address is expected")
		}
	}
	if s.Port != nil {
		out.Port = c.value(s.Port, syntax.ServiceType, 16, syntax.Big)
	}
	return out
}
