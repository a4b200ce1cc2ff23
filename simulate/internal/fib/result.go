package fib

import "net/netip"

// Result is where a packet goes. The zero value says nothing.
type Result struct {
	Kind Kind // after Input; KindNone after Output
	// Type of the destination: local, unicast, broadcast, multicast, anycast, or
	// that of the rejecting route.
	Type Type
	// Link is the index of the output link, the loopback's for local
	// destinations; 0 if the packet goes nowhere.
	Link    int
	Gateway netip.Addr // next hop if it is not the destination itself
	// Dst is the destination routed to. It differs from the key's only for
	// Output to an unspecified address.
	Dst netip.Addr
	// Source is the source address: the key's, or the one chosen. It is 0.0.0.0
	// if an IPv4 host has no suitable address. Output only.
	Source netip.Addr
	MTU    int // of the route, bytes; forwarding asks for it
	// OutMTU is the maximum length of the packet on the output link, in bytes: for forwarded IPv6 packets the MTU of
	// the route counts here only.
	OutMTU int
	// Looped: a copy of the broadcast or multicast packet sent is also delivered
	// to the host itself. Output only.
	Looped bool
	Code   uint8 // ICMP code of KindUnreachable and KindProhibit
	Realm  Realm // IPv4: what the match realm compares (dst.tclassid)
	// Redirect: the packet leaves by the link it came by, and its sender is to be
	// told so; for IPv6 if the link has a link-local address. Input only.
	Redirect bool

	Route *Route // the entry that decided, or nil; not to be modified
	Rule  *Rule  // the policy rule that led to it, or nil
	// Nexthops, if there are two or more, are the ways the packet may take, with
	// weights; the kernel chooses by a hash with a random seed or by neighbour
	// state. Link, Gateway, Source and MTU are then those of the first; Pick
	// gives those of another.
	Nexthops []Nexthop

	lookup lookupState
}

// lookupState is what Pick needs to know of the lookup.
type lookupState struct {
	key     Key           // as given by the caller, with the source chosen by Output
	choice  *nexthopGroup // from which Nexthops are chosen; nil for none
	forward bool          // the packet is forwarded or delivered, not sent
	bare4   bool          // IPv4: the next hop only determines the link (fi = NULL)
}

// Pick returns r as if the kernel had chosen r.Nexthops[i]. The error can only
// be that of an Output whose source does not suit that next hop.
func (f *FIB) Pick(r Result, i int) (Result, Errno) {
	if r.lookup.choice == nil || i < 0 || i >= len(r.lookup.choice.refs) {
		return r, 0
	}
	err := f.take(&r, r.lookup.choice.refs[i])
	return r, err
}

// resolve fills r from a match that names a next hop, offering the choice of the
// set of next hops if there is one. r becomes that of the first that works.
func (f *FIB) resolve(r *Result, m *match, set *nexthopGroup) Errno {
	r.Rule = m.rule
	if set == nil || len(set.refs) == 0 {
		return f.take(r, hopRef{m.e, m.hop})
	}
	if len(set.refs) > 1 {
		r.lookup.choice, r.Nexthops = set, set.nexthops
	}
	var err Errno
	for _, ref := range set.refs {
		if err = f.take(r, ref); err == 0 {
			return 0
		}
	}
	return err
}

// take fills in what depends on the next hop and checks it.
func (f *FIB) take(r *Result, h hopRef) Errno {
	e, nh := h.e, &h.e.hops[h.hop]
	v4 := is4(r.Dst)
	r.Route, r.Type = e.route, e.typ
	r.Link, r.Gateway, r.MTU = nh.link.Index, nh.via, e.mtu(nh.link, v4, r.lookup.forward)
	r.OutMTU = e.mtu(nh.link, v4, false)
	r.Realm = nh.realm
	if r.lookup.bare4 {
		r.Gateway, r.MTU, r.Realm = netip.Addr{}, min(nh.link.mtu(), 65535), 0
		r.OutMTU = r.MTU
	}
	if r.Rule != nil {
		r.Realm = r.Realm.or(r.Rule.Realm)
	}
	if r.lookup.forward {
		f.vet(r)
		return 0
	}
	if v4 {
		r.Source = r.lookup.key.Src
		if !isSet(r.Source) {
			r.Source = e.source4(nh)
		}
		return f.finish4(r, nh.link)
	}
	return f.finish6(r, e)
}

// vet completes a decision to forward with the checks that depend on the output
// link.
func (f *FIB) vet(r *Result) {
	r.Kind = KindForward
	in := f.links[r.lookup.key.IIF]
	if !is4(r.Dst) {
		f.vet6(r, in)
	} else if ok, tag := f.validSource4(&r.lookup.key, in, r.Dst, r.Link); !ok {
		r.Kind = KindMartianSource
	} else {
		r.Realm = r.Realm.or(tag)
	}
	r.Redirect = r.Kind == KindForward && f.redirects(r, in)
	if r.Kind != KindForward {
		r.Link, r.Gateway = 0, netip.Addr{}
	}
}

func (f *FIB) redirects(r *Result, in *link) bool {
	if !is4(r.Dst) {
		return r.Link == in.Index
	}
	return f.redirects4(&r.lookup.key, in, r.Dst, r.Link)
}

// mtu: a route's MTU always counts, except that IPv6 forwarding ignores one that
// is not locked (ip_dst_mtu_maybe_forward, ip6_dst_mtu_maybe_forward).
func (e *entry) mtu(l *link, v4, forward bool) int {
	m := e.route.MTU
	if m == 0 || forward && !v4 && !e.route.MTULock {
		m = l.mtu()
	}
	if v4 {
		return min(m, 65535)
	}
	return m
}

// source4 is the source the kernel chooses for a route (fib_result_prefsrc).
func (e *entry) source4(nh *hop) netip.Addr {
	if e.route.PrefSrc.IsValid() {
		return e.route.PrefSrc
	}
	return nh.saddr
}

// Anycast reports whether the destination is an anycast address of the host's own.
// IPv6 takes no address for one that a route of this type was added for by hand
// (RTF_ANYCAST; net/ipv6/route.c, rtm_to_fib6_config).
func (r *Result) Anycast() bool { return r.Route != nil && r.Route.isAnycast6() }

// UsesLink reports whether any next hop of the route found goes through the link
// (fib_info_nh_uses_dev).
func (r *Result) UsesLink(index int) bool {
	if r.Route == nil {
		return false
	}
	for _, n := range r.Route.Nexthops {
		if n.Link == index {
			return true
		}
	}
	return r.Route.Link == index
}
