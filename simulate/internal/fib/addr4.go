package fib

import "net/netip"

// addr4 is an IPv4 address of a link (struct in_ifaddr).
type addr4 struct {
	*Address
	ip        netip.Addr
	subnet    netip.Prefix // of the peer if there is one
	scope     uint8        // kernel's number
	secondary bool
}

// addAddr4 inserts as __inet_insert_ifa does: an address in the subnet of an
// earlier one is secondary and goes last, primaries go by descending scope.
func (f *FIB) addAddr4(l *link, a Address) {
	c := addr4{Address: &a, ip: a.Prefix.Addr(), scope: a.scope4().kernel()}
	far := c.ip
	if a.Peer.IsValid() {
		far = a.Peer
	}
	c.subnet = netip.PrefixFrom(far, a.Prefix.Bits()).Masked()
	at := 0
	for i := range l.addrs4 {
		o := &l.addrs4[i]
		if o.subnet == c.subnet {
			if o.ip == c.ip {
				return
			}
			c.secondary = true
		}
		if !o.secondary && c.scope <= o.scope {
			at = i + 1
		}
	}
	if c.secondary {
		at = len(l.addrs4)
	}
	l.addrs4 = append(l.addrs4, addr4{})
	copy(l.addrs4[at+1:], l.addrs4[at:])
	l.addrs4[at] = c
	f.seq4 = append(f.seq4, ownAddr{l, a.Prefix})
}

// scope4 follows ip/ipaddress.c, default_scope.
func (a *Address) scope4() Scope {
	switch {
	case a.Scope != ScopeAuto:
		return a.Scope
	case a.Prefix.Addr().IsLoopback():
		return ScopeHost
	}
	return ScopeGlobal
}

// derive4 returns the routes that follow from IPv4 addresses
// (net/ipv4/fib_frontend.c, fib_add_ifaddr). Local routes outlive the link
// being down.
func (f *FIB) derive4() []Route {
	var out []Route
	for _, p := range f.seq4 {
		for i := range p.link.addrs4 {
			if a := &p.link.addrs4[i]; a.Prefix == p.prefix {
				out = p.link.deriveAddr4(out, a)
			}
		}
	}
	return out
}

func (l *link) deriveAddr4(out []Route, a *addr4) []Route {
	prim := l.primaryOf(a)
	host := func(ip netip.Addr, t Type, s Scope) Route {
		return Route{Dst: netip.PrefixFrom(ip, 32), Table: TableLocal, Type: t, Link: l.Index,
			PrefSrc: prim.ip, Scope: s, Protocol: ProtoKernel}
	}
	out = append(out, host(a.ip, TypeLocal, ScopeHost))
	if !l.Up {
		return out
	}
	if b := a.Broadcast; isSet(b) && b != broadcast4 {
		out = append(out, host(b, TypeBroadcast, ScopeLink))
	}
	if zeronet(a.subnet.Addr()) || a.secondary || a.subnet.Bits() == 32 && a.subnet.Addr() == a.ip {
		return out
	}
	if !a.NoPrefixRoute {
		r := Route{Dst: a.subnet, Table: TableMain, Type: TypeUnicast, Link: l.Index, PrefSrc: prim.ip,
			Scope: ScopeLink, Metric: a.Metric, Protocol: ProtoKernel}
		if l.Loopback {
			r.Table, r.Type, r.Scope = TableLocal, TypeLocal, ScopeHost
		}
		out = append(out, r)
	}
	if last := lastAddr(a.subnet); a.subnet.Bits() < 31 && last != a.Broadcast {
		out = append(out, host(last, TypeBroadcast, ScopeLink))
	}
	return out
}

// primaryOf returns the first address of a's subnet.
func (l *link) primaryOf(a *addr4) *addr4 {
	for i := range l.addrs4 {
		if o := &l.addrs4[i]; o.subnet == a.subnet {
			return o
		}
	}
	return a
}

// lastAddr returns the highest address of an IPv4 prefix.
func lastAddr(p netip.Prefix) netip.Addr {
	b := p.Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(b)
}

// SelectAddr chooses an IPv4 source address as inet_select_addr does, which is
// what MASQUERADE uses with the scope ScopeGlobal: of the link dev the first
// primary address whose subnet holds the next hop, else the first primary one;
// failing that an address of any link. Addresses of wider scope than asked for
// do; ScopeHost takes any. nexthop may be the zero Addr. It reports false if
// there is none.
func (f *FIB) SelectAddr(dev int, nexthop netip.Addr, scope Scope) (netip.Addr, bool) {
	l := f.links[dev]
	if l == nil {
		return netip.Addr{}, false
	}
	a := f.selectAddr4(l, nexthop, scope.kernel())
	return a, isSet(a)
}

// selectAddr4 returns 0.0.0.0 if there is no address.
func (f *FIB) selectAddr4(l *link, nexthop netip.Addr, scope uint8) netip.Addr {
	if a, ok := l.selectAddr4(nexthop, scope); ok {
		return a
	}
	for _, o := range f.order {
		for i := range o.addrs4 {
			a := &o.addrs4[i]
			if !a.secondary && a.scope != ScopeLink.kernel() && a.scope <= scope {
				return a.ip
			}
		}
	}
	return any4
}

func (l *link) selectAddr4(nexthop netip.Addr, scope uint8) (found netip.Addr, ok bool) {
	limit := ScopeHost.kernel()
	if l.routeLocalnet {
		limit = ScopeLink.kernel()
	}
	for i := range l.addrs4 {
		a := &l.addrs4[i]
		if a.secondary || min(a.scope, limit) > scope {
			continue
		}
		if !isSet(nexthop) || a.subnet.Contains(nexthop) {
			return a.ip, true
		}
		if !ok {
			found, ok = a.ip, true
		}
	}
	return found, ok
}

// hopSource4 is the source the kernel chooses for a next hop of a route of that
// scope without a preferred source (fib_info_update_nhc_saddr).
func (f *FIB) hopSource4(h *hop, scope uint8) netip.Addr {
	gw := h.via
	if !is4(gw) {
		gw = netip.Addr{}
	}
	return f.selectAddr4(h.link, gw, scope)
}
