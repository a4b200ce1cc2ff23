package fib

import "net/netip"

// output6 follows net/ipv6/ip6_output.c, ip6_dst_lookup_tail: route without a
// source, choose the source by the route found, and if there was none try again
// with the source.
func (f *FIB) output6(k *Key) (Result, Errno) {
	fl := flowKeyOf(k)
	fl.iif = f.lo.Index
	r := Result{Dst: k.Dst, lookup: lookupState{key: *k}}
	if k.Dst.IsUnspecified() { // :: means this host (net/ipv6/raw.c, udp.c)
		r.Dst = loopback6
		fl.dst, fl.dstKey = loopback6, keyOf(loopback6)
	}
	needs := kindOf(r.Dst).needsLink()
	fl.flags.strict = needs || fl.oif != 0 && !fl.hasSrc
	var m match
	err := f.lookup(&fl, &m)
	if !fl.hasSrc && err != 0 {
		src, ok := f.SelectAddr6(0, r.Dst)
		if !ok {
			r.rejected(&m)
			return r, EADDRNOTAVAIL
		}
		fl.setSrc(src)
		fl.flags.strict = needs || fl.oif != 0
		err = f.lookup(&fl, &m)
		r.lookup.key.Src = src
	}
	if err != 0 {
		r.rejected(&m)
		return r, err
	}
	return r, f.resolve(&r, &m, m.choice)
}

// finish6 chooses the source (ip6_route_get_saddr) and the link that local
// destinations are reached by.
func (f *FIB) finish6(r *Result, e *entry) Errno {
	l := f.links[r.Link]
	r.Source = r.lookup.key.Src
	if !isSet(r.Source) {
		var ok bool
		if r.Source, ok = f.source6(e, l, r.Dst); !ok {
			r.Link, r.Gateway, r.MTU = 0, netip.Addr{}, 0
			return EADDRNOTAVAIL
		}
	}
	if r.Source.Is4In6() && !r.Dst.Is4In6() {
		r.Link, r.Gateway, r.MTU = 0, netip.Addr{}, 0
		return EAFNOSUPPORT
	}
	if e.isLoopback6() {
		r.Link, r.MTU = f.lo.Index, e.mtu(f.lo, false, false)
	}
	r.Looped = kindOf(r.Dst).group() && !l.Loopback && f.joined(l, r.Dst)
	return 0
}

func (f *FIB) source6(e *entry, l *link, dst netip.Addr) (netip.Addr, bool) {
	if e.route.PrefSrc.IsValid() {
		return e.route.PrefSrc, true
	}
	return f.SelectAddr6(l.Index, dst)
}
