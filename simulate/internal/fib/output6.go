package fib

import "net/netip"

// output6 follows net/ipv6/ip6_output.c, ip6_dst_lookup_tail: route without a
// source, choose the source by the route found, and if there was none try again
// with the source.
func (f *FIB) output6(k *Key) (Result, Errno) {
	fl := flowOf(k)
	fl.iif = f.lo.Index
	r := Result{Dst: k.Dst, key: *k}
	if k.Dst.IsUnspecified() { // :: means this host (net/ipv6/raw.c, udp.c)
		r.Dst = loopback6
		fl.dst, fl.dstKey = loopback6, keyOf(loopback6)
	}
	needs := kindOf(r.Dst).needsLink()
	fl.strict = needs || fl.oif != 0 && !fl.hasSrc
	var m match
	err := f.lookup(&fl, &m)
	if !fl.hasSrc {
		src, ok := f.sourceFor6(&m, err, r.Dst)
		if !ok {
			r.rejected(&m)
			return r, EADDRNOTAVAIL
		}
		if err != 0 {
			fl.setSrc(src)
			fl.strict = needs || fl.oif != 0
			err = f.lookup(&fl, &m)
			r.key.Src = src
		}
	}
	if err != 0 {
		r.rejected(&m)
		return r, err
	}
	return f.finish6(r, &fl, &m)
}

// sourceFor6 follows ip6_route_get_saddr. Of several next hops any may have a
// source.
func (f *FIB) sourceFor6(m *match, err Errno, dst netip.Addr) (netip.Addr, bool) {
	if err != 0 {
		return f.SelectAddr6(0, dst)
	}
	if m.luck != nil {
		for _, r := range m.luck.refs {
			if a, ok := f.source6(r.e, dst); ok {
				return a, true
			}
		}
	}
	return f.source6(m.e, dst)
}

func (f *FIB) source6(e *entry, dst netip.Addr) (netip.Addr, bool) {
	if e.route.PrefSrc.IsValid() {
		return e.route.PrefSrc, true
	}
	return f.SelectAddr6(e.hops[0].link.Index, dst)
}

func (f *FIB) finish6(r Result, fl *flow, m *match) (Result, Errno) {
	r.Type = m.e.typ
	f.resolve(&r, m, m.luck)
	if r.Source.Is4In6() && !r.Dst.Is4In6() {
		return Result{Dst: r.Dst, Route: r.Route, Rule: r.Rule, Type: r.Type}, EAFNOSUPPORT
	}
	switch l := f.links[r.Link]; {
	case m.e.isLoopback6():
		r.Link, r.MTU = f.lo.Index, m.e.mtu(&hop{link: f.lo}, false, false)
	case r.Dst.IsMulticast():
		r.Looped = !l.Loopback && f.joined(l, r.Dst)
	}
	return r, 0
}
