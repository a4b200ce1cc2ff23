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
	// Source is the source address: the key's, or the one chosen. IPv4: 0.0.0.0
	// if the host has no suitable address. IPv6: the zero Addr if that is so for
	// this one of several next hops; the sender gets EADDRNOTAVAIL then. Output
	// only.
	Source netip.Addr
	MTU    int // of the route, bytes
	// Looped: a copy of the broadcast or multicast packet sent is also delivered
	// to the host itself. Output only.
	Looped bool
	Code   uint8 // ICMP code of KindUnreachable and KindProhibit

	Route *Route // the entry that decided, or nil; not to be modified
	Rule  *Rule  // the policy rule that led to it, or nil
	// Nexthops, if there are two or more, are the ways the packet may take, with
	// weights; the kernel chooses by a hash with a random seed or by neighbour
	// state. Link, Gateway, Source and MTU are then those of the first; Pick
	// gives those of another.
	Nexthops []Nexthop

	luck    *luck
	key     Key // what was asked
	forward bool
	bare4   bool // IPv4: the next hop serves to find the link only (fi = NULL)
}

// Pick returns r as if the kernel had chosen r.Nexthops[i].
func (f *FIB) Pick(r Result, i int) Result {
	if r.luck == nil || i < 0 || i >= len(r.luck.refs) {
		return r
	}
	f.take(&r, r.luck.refs[i])
	if r.forward {
		f.vet(&r)
	}
	return r
}

// vet completes a decision to forward with the checks that depend on the output
// link.
func (f *FIB) vet(r *Result) {
	r.Kind = KindForward
	in := f.links[r.key.IIF]
	if !is4(r.Dst) {
		f.vet6(r, in)
	} else if !f.validSource4(&r.key, in, r.Dst, r.Link) {
		r.Kind = KindMartianSource
	}
	if r.Kind != KindForward {
		r.Link, r.Gateway = 0, netip.Addr{}
	}
}

// take fills in what depends on the next hop.
func (f *FIB) take(r *Result, h hopRef) {
	e, nh := h.e, &h.e.hops[h.hop]
	r.Route, r.Link, r.Gateway = e.route, nh.link.Index, nh.via
	v4 := is4(r.Dst)
	r.MTU = e.mtu(nh, v4, r.forward)
	if r.forward {
		return
	}
	if isSet(r.key.Src) {
		r.Source = r.key.Src
	} else if v4 {
		r.Source = e.source4(nh)
	} else {
		r.Source, _ = f.source6(e, r.Dst)
	}
	if r.bare4 {
		r.Gateway, r.MTU = netip.Addr{}, min(nh.link.mtu(), 65535)
	}
}

// resolve fills r from a match that names a next hop, offering the choice of the
// set of next hops if there is one.
func (f *FIB) resolve(r *Result, m *match, set *luck) {
	ref := hopRef{m.e, m.hop}
	if set != nil && len(set.refs) > 0 {
		ref = set.refs[0]
		if len(set.refs) > 1 {
			r.luck, r.Nexthops = set, set.nexthops
		}
	}
	r.Rule = m.rule
	f.take(r, ref)
}

// mtu: a route's MTU always counts, except that IPv6 forwarding ignores one that
// is not locked (ip_dst_mtu_maybe_forward, ip6_dst_mtu_maybe_forward).
func (e *entry) mtu(nh *hop, v4, forward bool) int {
	m := e.route.MTU
	if m == 0 || forward && !v4 && !e.route.MTULock {
		m = nh.link.mtu()
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

// UsesLink tells whether any next hop of the route found goes through the link
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
