package compile

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/decompile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// left evaluates an expression whose type does not depend on another expression.
func (c *compiler) left(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Payload:
		return c.payload(e)
	case *syntax.Exthdr:
		return c.exthdr(e)
	case *syntax.Meta:
		if e.Key == nft.MetaNFProto && c.protos.Family != nft.Inet {
			fail(e.At, "meta nfproto is only useful in the inet family")
		}
		m := *e
		k := syntax.MetaKeys[e.Key]
		m.Set(k.Type, k.Bits, k.Order)
		return &m
	case *syntax.CT:
		return c.ct(e)
	case *syntax.RT:
		return c.rt(e)
	case *syntax.Socket:
		s := *e
		k := syntax.SocketKeys[e.Key]
		s.Set(k.Type, k.Bits, k.Order)
		return &s
	case *syntax.OSF:
		o := *e
		o.Set(syntax.StringType, 128, syntax.Host)
		return &o
	case *syntax.Fib:
		f := *e
		f.Common = decompile.FibInfo(e.Result, e.Flags)
		f.At = e.At
		return &f
	case *syntax.Numgen:
		n := *e
		if e.Mod == 0 {
			fail(e.At, "modulus must be > 0")
		}
		if uint64(e.Mod)+uint64(e.Offset) > 1<<32 {
			fail(e.At, "modulus and offset are too large together")
		}
		n.Set(syntax.IntegerType, 32, syntax.Host)
		return &n
	case *syntax.Hash:
		h := *e
		if e.Mod == 0 {
			fail(e.At, "modulus must be > 0")
		}
		if e.Arg != nil {
			h.Arg = c.nested(e.Arg)
		}
		h.Set(syntax.IntegerType, 32, syntax.Host)
		return &h
	case *syntax.Xfrm:
		x := *e
		k := syntax.XfrmKeys[e.Key]
		x.Set(k.Type, k.Bits, k.Order)
		return &x
	case *syntax.Binop:
		return c.binop(e)
	case *syntax.Concat:
		return c.concat(e)
	case *syntax.Map:
		fail(e.At, "a map can't stand here")
	case *syntax.Symbol:
		fail(e.At, "No symbol type information")
	case *syntax.Swap:
		return e
	}
	fail(e.Info().At, "this expression can't stand here")
	return nil
}

// nested evaluates an operand of another expression.
func (c *compiler) nested(e syntax.Expr) syntax.Expr {
	saved, want := c.inside, c.want
	c.inside, c.want = true, nil
	e = c.left(e)
	c.inside, c.want = saved, want
	return e
}

func (c *compiler) concat(e *syntax.Concat) syntax.Expr {
	out := &syntax.Concat{}
	out.At = e.At
	var sub []*syntax.Type
	bits := 0
	for _, p := range e.Parts {
		if ct, ok := p.(*syntax.CT); ok && (ct.Key == nft.CTSrc || ct.Key == nft.CTDst) {
			fail(ct.At, "specify either ip or ip6 for address matching")
		}
		if syntax.Constant(p) {
			fail(p.Info().At, "cannot use a constant in concatenation")
		}
		x := c.nested(p)
		i := x.Info()
		if i.Type == nil || i.Bits == 0 || i.Type == syntax.StringType {
			fail(i.At, "can not use variable sized data types in concat expressions")
		}
		out.Parts = append(out.Parts, x)
		t := i.Type
		if t.Bits == 0 {
			// An integer takes its size from the expression.
			sized := *t
			sized.Bits, sized.Order = i.Bits, i.Order
			if n, ok := fieldBits(x); ok {
				sized.Bits = n
			}
			t = &sized
		}
		sub = append(sub, t)
		bits += 8 * pad(i.Bytes())
	}
	if bits > 512 {
		fail(e.At, "Concatenation of size %d exceeds maximum size of 512", bits)
	}
	out.Set(syntax.Concatenated(sub), bits, syntax.None)
	return out
}

func pad(n int) int { return (n + 3) &^ 3 }

// exthdr adds the test for the family that has such headers.
func (c *compiler) exthdr(e *syntax.Exthdr) syntax.Expr {
	x := *e
	if e.Present {
		x.Set(syntax.BooleanType, 8, syntax.Host)
	} else if e.Field != nil {
		x.Set(e.Field.Type, e.Field.Len, e.Field.Order)
	}
	x.At = e.At
	var need *syntax.Header
	switch e.Op {
	case nft.ExthdrIPOption:
		need = syntax.IP
	case nft.ExthdrIPv6:
		need = syntax.IP6
	}
	if need != nil {
		switch have := c.protos.Header[syntax.NetworkLayer]; {
		case have == nil:
			c.first(func() { c.network(need, e.At, false) })
		case have != need:
			fail(e.At, "cannot use exthdr with %s", have.Name)
		}
	}
	if x.Off%8 != 0 || x.Bits%8 != 0 {
		return c.bits(&x, x.Off)
	}
	return &x
}

// network adds the test for a network header. In bridge tables it tests the protocol
// of the packet, or the EtherType of the frame.
func (c *compiler) network(h *syntax.Header, at syntax.Span, said bool) {
	below := c.protos.Header[syntax.LinkLayer]
	n, ok := below.Number(h)
	if said && below == syntax.Ether && c.protos.Family == nft.Bridge {
		below = syntax.NetdevDummy
	}
	if !ok {
		name := "no link layer"
		if below != nil {
			name = below.Name
		}
		fail(at, "conflicting protocols specified: %s vs. %s", name, h.Name)
	}
	c.announce(below, n)
}

// announce adds the test that the header after below is the one with the number n.
func (c *compiler) announce(below *syntax.Header, n uint64) {
	var key nft.MetaKey
	switch below {
	case syntax.InetDummy:
		key = nft.MetaNFProto
	case syntax.NetdevDummy:
		key = nft.MetaProtocol
	case syntax.Service, syntax.IP, syntax.IP6:
		key = nft.MetaL4Proto
	default:
		f := below.Field(below.Key)
		p := &syntax.Payload{Base: below.Base, Off: f.Off, Header: below, Field: f}
		if below.Base == nft.LinkHeader {
			for _, s := range c.protos.Stacked {
				p.Off += 8 * s.Bytes
			}
		}
		p.Set(f.Type, f.Len, f.Order)
		c.before(p, f.Type, n)
		return
	}
	k := syntax.MetaKeys[key]
	m := &syntax.Meta{Key: key}
	m.Set(k.Type, k.Bits, k.Order)
	c.before(m, k.Type, n)
}

// ct finds the type of keys that depend on the family.
func (c *compiler) ct(e *syntax.CT) syntax.Expr {
	x := *e
	k := syntax.CTKeys[e.Key]
	x.Set(k.Type, k.Bits, k.Order)
	net := c.protos.Header[syntax.NetworkLayer]
	switch e.Key {
	case nft.CTSrc, nft.CTDst:
		switch net {
		case syntax.IP:
			x.Set(syntax.IPv4Type, 32, syntax.Big)
		case syntax.IP6:
			x.Set(syntax.IPv6Type, 128, syntax.Big)
		default:
			letter := "s"
			if e.Key == nft.CTDst {
				letter = "d"
			}
			fail(e.At, `cannot determine ip protocol version, use "ip %[1]saddr" or "ip6 %[1]saddr" instead`, letter)
		}
	case nft.CTSrcIP, nft.CTDstIP:
		if net == syntax.IP6 {
			fail(e.At, "conflicting protocols specified: ip6 vs. ip")
		}
	case nft.CTSrcIP6, nft.CTDstIP6:
		if net == syntax.IP {
			fail(e.At, "conflicting protocols specified: ip vs. ip6")
		}
	}
	if e.Dir == nft.NoDir {
		switch e.Key {
		case nft.CTSrc, nft.CTDst, nft.CTSrcIP, nft.CTDstIP, nft.CTSrcIP6, nft.CTDstIP6, nft.CTProtoSrc, nft.CTProtoDst:
			fail(e.At, "syntax error: say whether the original or the reply direction is meant")
		}
	}
	return &x
}

func (c *compiler) rt(e *syntax.RT) syntax.Expr {
	x := *e
	net := c.protos.Header[syntax.NetworkLayer]
	if e.Generic {
		switch net {
		case syntax.IP:
			x.Key = nft.RTNextHop4
		case syntax.IP6:
			x.Key = nft.RTNextHop6
		default:
			fail(e.At, `cannot determine ip protocol version, use "ip nexthop" or "ip6 nexthop" instead`)
		}
	}
	switch {
	case x.Key == nft.RTNextHop4 && c.protos.Family == nft.IP6:
		fail(e.At, "ip nexthop will not match")
	case x.Key == nft.RTNextHop6 && c.protos.Family == nft.IP:
		fail(e.At, "ip6 nexthop will not match")
	}
	k := syntax.RTKeys[x.Key]
	x.Set(k.Type, k.Bits, k.Order)
	return &x
}

// bits extracts bits from the bytes that contain them.
func (c *compiler) bits(e syntax.Expr, off int) syntax.Expr {
	i := e.Info()
	n := i.Bits
	shift := (n+7)/8*8 - off%8 - n
	for shift < 0 {
		shift += 8
		i.Bits += 8
	}
	t, order := i.Type, i.Order
	mask := &syntax.Value{N: syntax.Ones(n).Shl(shift)}
	mask.Set(syntax.IntegerType, n+shift, order)
	and := &syntax.Binop{Op: syntax.And, L: e, R: mask}
	and.Set(t, n+shift, order)
	and.At = i.At
	if shift == 0 {
		return and
	}
	var arg syntax.Expr = and
	if (c.want != nil) && (n+shift+7)/8 > 1 && order == syntax.Big {
		s := &syntax.Swap{Arg: and}
		s.Set(t, n+shift, syntax.Host)
		arg, order = s, syntax.Host
	}
	by := &syntax.Value{N: syntax.N(uint64(shift))}
	by.Set(syntax.IntegerType, 32, syntax.Host)
	shr := &syntax.Binop{Op: syntax.Shr, L: arg, R: by}
	shr.Set(t, n+shift, order)
	shr.At = i.At
	return shr
}
