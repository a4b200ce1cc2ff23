package fib

import "net/netip"

// AddrType classifies an address for the addrtype match. dev limits it to what
// the link dev knows (--limit-iface-in, --limit-iface-out); 0 means any link.
//
// IPv4: exactly one type, by the table local alone, or, as long as that shares a
// tree with main, by both; an address that is nothing else is unicast
// (net/ipv4/fib_frontend.c, __inet_dev_addr_type).
//
// IPv6: the types multicast, unicast and unspec as the address itself shows, and
// local, anycast and unreachable as a route lookup shows. The match requires
// each wanted type of the first group and any wanted one of the second
// (net/netfilter/xt_addrtype.c, match_type6).
func (f *FIB) AddrType(a netip.Addr, dev int) TypeSet {
	if is4(a) {
		return Of(f.addrType4(a, dev))
	}
	var s TypeSet
	switch k := kindOf(a); {
	case a.IsUnspecified():
		s = Of(TypeUnspec)
	case k.flags&multicast6 != 0:
		s = Of(TypeMulticast)
	case k.flags&unicast6 != 0:
		s = Of(TypeUnicast)
	}
	return s | f.routeType6(a, dev)
}

func (f *FIB) addrType4(a netip.Addr, dev int) Type {
	switch {
	case zeronet(a), a == broadcast4:
		return TypeBroadcast
	case a.IsMulticast():
		return TypeMulticast
	}
	fl := flowKey{dst: a, dstKey: keyOf(a), v4: true}
	var m match
	if f.tables[TableLocal].lookup4(&fl, &m) == 0 && (dev == 0 || m.e.hops[0].link.Index == dev) {
		return m.e.typ
	}
	return TypeUnicast
}

// routeType6 follows match_lookup_rt6 and ipv6_anycast_destination.
func (f *FIB) routeType6(a netip.Addr, dev int) TypeSet {
	fl := flowKeyOf(&Key{Dst: a, IIF: f.lo.Index, OIF: dev})
	fl.flags.strict = kindOf(a).needsLink() || dev != 0
	var m match
	if f.lookup(&fl, &m) != 0 {
		return Of(TypeUnreachable)
	}
	var s TypeSet
	if l := f.links[dev]; l != nil {
		if l.holds6(a) {
			s |= Of(TypeLocal)
		}
	} else if m.e.typ == TypeLocal {
		s |= Of(TypeLocal)
	}
	if m.e.route.isAnycast6() || m.e.plen < 127 && !m.nh().via.IsValid() && m.e.route.Dst.Addr() == a {
		s |= Of(TypeAnycast)
	}
	return s
}

// RedirectAddr is the address REDIRECT in PREROUTING sends packets to that came
// in through link dev: IPv4 the first address of the link; IPv6 the first usable
// one that shares the scope of the old destination
// (net/netfilter/nf_nat_redirect.c). It reports false if there is none.
func (f *FIB) RedirectAddr(dev int, dst netip.Addr) (netip.Addr, bool) {
	l := f.links[dev]
	if l == nil {
		return netip.Addr{}, false
	}
	if is4(dst) {
		if len(l.addrs4) == 0 {
			return netip.Addr{}, false
		}
		return l.addrs4[0].ip, true
	}
	const scopes = loopbackFlag6 | linkLocal6 | siteLocal6 | compat6
	want := kindOf(dst).flags & scopes
	for i := range l.addrs6 {
		a := &l.addrs6[i]
		if a.usable() && a.kind.flags&mapped6 == 0 && (want == 0 || want&a.kind.flags != 0) {
			return a.ip, true
		}
	}
	return netip.Addr{}, false
}

// FirstAddr returns the first address of link dev that can be used; false if it
// has none (net/ipv4/netfilter/nf_tproxy_ipv4.c, nf_tproxy_laddr4;
// net/ipv6/netfilter/nf_tproxy_ipv6.c, nf_tproxy_laddr6).
func (f *FIB) FirstAddr(dev int, v6 bool) (netip.Addr, bool) {
	l := f.links[dev]
	if l == nil {
		return netip.Addr{}, false
	}
	if !v6 && len(l.addrs4) > 0 {
		return l.addrs4[0].ip, true
	}
	for i := range l.addrs6 {
		if a := &l.addrs6[i]; v6 && a.usable() {
			return a.ip, true
		}
	}
	return netip.Addr{}, false
}
