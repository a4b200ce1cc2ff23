package fib

import "net/netip"

// PreCheck reports whether the kernel drops a packet for its addresses before any
// netfilter hook sees it (net/ipv6/ip6_input.c, ip6_rcv_core). IPv4 has no such
// checks. The result is KindNone for a packet that passes.
func (f *FIB) PreCheck(src, dst netip.Addr, iif int) Kind {
	l := f.links[iif]
	if l == nil || is4(dst) {
		return KindNone
	}
	switch {
	case l.Sysctl.DisableIPv6:
		return KindIPv6Disabled
	case src == loopback6 && !l.Loopback, kindOf(src).group():
		return KindMartianSource
	case dst == loopback6 && !l.Loopback:
		return KindMartianDestination
	case kindOf(dst).group():
		// scope 0 is reserved, scope 1 never leaves an interface
		if s := multicastScope(dst); s == 0 || s == 1 && !l.Loopback {
			return KindMartianDestination
		}
	}
	return KindNone
}

func multicastScope(a netip.Addr) byte {
	b := a.As16()
	return b[1] & 0xf
}

// input6 follows net/ipv6/route.c, ip6_route_input, and what the handlers it
// chooses do before the next netfilter hook (ip6_mc_input, ip6_pkt_drop,
// ip6_forward).
func (f *FIB) input6(k *Key, l *link) Result {
	if !k.Src.IsValid() {
		k.Src = netip.IPv6Unspecified()
	}
	fl := flowKeyOf(k)
	fl.want = l.Index // preferred; for link scopes there is no other
	fl.flags.strict = kindOf(k.Dst).needsLink()
	fl.hasSrc = true
	r := Result{Dst: k.Dst, lookup: lookupState{key: *k, forward: true}}
	var m match
	if err := f.lookup(&fl, &m); err != 0 {
		r.rejected(&m)
		r.reject6(err)
		return r
	}
	r.Route, r.Rule, r.Type = m.e.route, m.rule, m.e.typ
	switch {
	case r.Type == TypeLocal || r.Type == TypeAnycast:
		r.Kind, r.Link = KindLocal, m.nh().link.Index
		if m.e.isLoopback6() {
			r.Link = f.lo.Index
		}
	case kindOf(m.e.route.Dst.Addr()).group():
		r.Kind, r.Type, r.Link = KindMulticast, TypeMulticast, f.lo.Index
		if !f.joined(l, k.Dst) {
			r.Kind, r.Link = KindNotMember, 0
		}
	default:
		if k.Attached {
			l = m.nh().link
		}
		f.forward6(&r, &m, l)
	}
	return r
}

// reject6: unlike IPv4, hosts that do not forward report unreachable
// destinations too, and a missing route counts as unreachable.
func (r *Result) reject6(err Errno) {
	switch err {
	case EACCES:
		r.Kind, r.Code = KindProhibit, 1 // ICMPV6_ADM_PROHIBITED
	case EINVAL:
		r.Kind = KindBlackhole
	default:
		r.Kind, r.Code = KindUnreachable, 0 // ICMPV6_NOROUTE
	}
}

// forward6 follows ip6_forward as far as addresses go; l is the input link.
func (f *FIB) forward6(r *Result, m *match, l *link) {
	if !f.cfg.Forwarding6 && !l.Sysctl.ForceForwarding6 {
		r.Kind = KindNoForwarding
		return
	}
	f.resolve(r, m, m.choice)
}

// vet6: a packet that leaves through the link it came by is not checked, a
// redirect is considered instead.
func (f *FIB) vet6(r *Result, in *link) {
	if r.Link == in.Index {
		return
	}
	switch k := kindOf(r.lookup.key.Src); {
	case k.flags == 0, k.flags&(multicast6|loopbackFlag6) != 0:
		r.Kind = KindMartianSource
	case k.flags&linkLocal6 != 0:
		r.Kind, r.Code = KindUnreachable, 2 // ICMPV6_NOT_NEIGHBOUR
	}
}
