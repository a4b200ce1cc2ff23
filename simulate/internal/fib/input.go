package fib

import "net/netip"

// Input looks up the route of a packet that was received on link Key.IIF, after
// PREROUTING. It is not called for packets that Output routed to the host itself, which
// keep their route.
func (f *FIB) Input(k Key) Result {
	l := f.links[k.IIF]
	if l == nil || !k.Dst.IsValid() {
		return Result{Kind: KindMartianDestination, Dst: k.Dst}
	}
	k.OIF, k.UID = 0, 0
	k.Dst, k.Src = k.Dst.WithZone(""), k.Src.WithZone("")
	if is4(k.Dst) {
		if !f.dissect4 {
			k.SrcPort, k.DstPort = 0, 0
		}
		return f.input4(&k, l)
	}
	if !f.dissect6 {
		k.SrcPort, k.DstPort = 0, 0
	}
	return f.input6(&k, l)
}

// input4 follows net/ipv4/route.c, ip_route_input_rcu and ip_route_input_slow.
func (f *FIB) input4(k *Key, l *link) Result {
	if !k.Src.IsValid() {
		k.Src = any4
	}
	in := in4{f: f, k: *k, l: l, r: Result{Dst: k.Dst, lookup: lookupState{key: *k, forward: true}}}
	switch {
	case !is4(k.Src):
		in.r.Kind = KindMartianSource
	case k.Dst.IsMulticast():
		in.multicast()
	default:
		in.unicast()
	}
	return in.r
}

// in4 is the state of an IPv4 input lookup.
type in4 struct {
	f *FIB
	k Key
	l *link
	r Result
}

// end records the outcome; delivered packets go to the loopback link.
func (in *in4) end(k Kind, t Type) {
	in.r.Kind, in.r.Type = k, t
	in.r.Link = 0
	if k.Delivered() {
		in.r.Link = in.f.lo.Index
	}
}

// multicast follows ip_check_mc_rcu and ip_mc_validate_source.
func (in *in4) multicast() {
	src := in.k.Src
	in.end(KindMulticast, TypeMulticast)
	switch {
	case !in.f.joined(in.l, in.k.Dst):
		in.end(KindNotMember, TypeMulticast)
	case src.IsMulticast(), src == broadcast4, src.IsLoopback() && !in.l.routeLocalnet:
		in.end(KindMartianSource, TypeMulticast)
	case zeronet(src):
		if !localMulticast(in.k.Dst) && in.k.Proto != protoIGMP {
			in.end(KindMartianSource, TypeMulticast)
		}
	case !in.sourceFits(any4):
		in.end(KindMartianSource, TypeMulticast)
	}
}

// sourceFits checks the source of a packet for the host itself, whose realms are
// those of the way back.
func (in *in4) sourceFits(dst netip.Addr) (ok bool) {
	ok, in.r.Realm = in.f.validSource4(&in.k, in.l, dst, 0)
	return ok
}

func (in *in4) unicast() {
	src, dst := in.k.Src, in.k.Dst
	switch {
	case src.IsMulticast(), src == broadcast4:
		in.end(KindMartianSource, TypeUnspec)
	case dst == broadcast4, src.IsUnspecified() && dst.IsUnspecified():
		in.broadcast()
	case zeronet(src):
		in.end(KindMartianSource, TypeUnspec)
	case zeronet(dst), dst.IsLoopback() && !in.l.routeLocalnet:
		in.end(KindMartianDestination, TypeUnspec)
	case src.IsLoopback() && !in.l.routeLocalnet:
		in.end(KindMartianSource, TypeUnspec)
	default:
		in.route()
	}
}

func (in *in4) broadcast() {
	in.end(KindBroadcast, TypeBroadcast)
	if !zeronet(in.k.Src) && !in.sourceFits(any4) {
		in.end(KindMartianSource, TypeBroadcast)
	}
}

func (in *in4) route() {
	var m match
	fl := flowKeyOf(&in.k)
	if !in.f.dissect4 {
		fl.proto = 0
	}
	err := in.f.lookup(&fl, &m)
	if err != 0 {
		in.r.rejected(&m)
		in.reject(err)
		return
	}
	in.r.Route, in.r.Rule = m.e.route, m.rule
	switch t := m.e.typ; {
	case t == TypeBroadcast && in.l.bcForward:
		in.forward(&m)
	case t == TypeBroadcast:
		in.broadcast()
	case t == TypeLocal:
		in.end(KindLocal, TypeLocal)
		if !in.sourceFits(in.k.Dst) {
			in.end(KindMartianSource, TypeLocal)
		}
	case !in.l.forward4:
		in.end(KindNoForwarding, t)
	case t != TypeUnicast:
		in.end(KindMartianDestination, t)
	default:
		in.forward(&m)
	}
}

// reject follows net/ipv4/route.c, ip_error: no ICMP error is sent if forwarding is off,
// or for blackhole routes.
func (in *in4) reject(err Errno) {
	t := in.r.Type
	switch {
	case !in.l.forward4:
		in.end(KindNoForwarding, t)
	case err == EHOSTUNREACH:
		in.end(KindUnreachable, t)
		in.r.Code = 1 // ICMP_HOST_UNREACH
	case err == EACCES:
		in.end(KindProhibit, t)
		in.r.Code = 13 // ICMP_PKT_FILTERED
	case err == ENETUNREACH:
		in.end(KindUnreachable, t)
		in.r.Code = 0 // ICMP_NET_UNREACH
	default:
		in.end(KindBlackhole, t)
	}
}

// forward follows ip_mkroute_input.
func (in *in4) forward(m *match) {
	set := m.choice
	if len(m.e.hops) < 2 {
		set = nil // equal default routes are not tried in turn here
	}
	in.f.resolve(&in.r, m, set)
}
