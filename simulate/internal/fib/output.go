package fib

import "net/netip"

// Output routes a packet of a local process. A zero Key.Src asks for a source
// address. On an error the Result still tells the route and rule that decided,
// if any did.
//
// Sockets that write their own IPv4 header route with their bound address, not
// with the header's source, so leave Src unset for them.
func (f *FIB) Output(k Key) (Result, Errno) {
	if !k.Dst.IsValid() {
		return Result{}, EINVAL
	}
	k.Dst, k.Src = k.Dst.WithZone(""), k.Src.WithZone("")
	if is4(k.Dst) {
		if k.Rerouted {
			k.UID = 0
			k.dissected(f.dissect4)
		}
		return f.output4(&k)
	}
	if k.Rerouted {
		k.dissected(f.dissect6)
	}
	return f.output6(&k)
}

// output4 follows net/ipv4/route.c, ip_route_output_key_hash_rcu.
func (f *FIB) output4(k *Key) (Result, Errno) {
	o := out4{f: f, k: *k, fl: flowKeyOf(k), src: k.Src}
	o.fl.iif = f.lo.Index
	o.r.lookup.key, o.r.Dst = *k, k.Dst
	if done, err := o.checkSource(); done || err != 0 {
		return o.r, err
	}
	if done, err := o.checkLink(); done || err != 0 {
		return o.r, err
	}
	if k.Dst.IsUnspecified() {
		return o.toUnspecified()
	}
	return o.route()
}

// out4 is an IPv4 output decision under way.
type out4 struct {
	f   *FIB
	k   Key
	fl  flowKey
	src netip.Addr // chosen or given
	r   Result
}

func (o *out4) checkSource() (done bool, err Errno) {
	src, dst := o.src, o.k.Dst
	if !isSet(src) {
		return false, 0
	}
	if !is4(src) || src.IsMulticast() || src == broadcast4 || zeronet(src) {
		return false, EINVAL
	}
	if o.k.OIF == 0 && (dst.IsMulticast() || dst == broadcast4) {
		// the source says which link is meant
		l := o.f.ownerOf4(src)
		if l == nil {
			return false, ENETUNREACH
		}
		return true, o.finish(l)
	}
	if !o.k.AnySource && o.f.ownerOf4(src) == nil {
		return false, ENETUNREACH
	}
	return false, 0
}

// ownerOf4 finds the link of a local address; addresses that are local only by a
// route count too (net/ipv4/devinet.c, __ip_dev_find).
func (f *FIB) ownerOf4(a netip.Addr) *link {
	if l := f.owner4[a]; l != nil {
		return l
	}
	fl := flowKey{dst: a, dstKey: keyOf(a), v4: true}
	var m match
	if f.tables[TableLocal].lookup4(&fl, &m) == 0 && m.e.typ == TypeLocal {
		return m.nh().link
	}
	return nil
}

const protoIGMP = 2

func (o *out4) checkLink() (done bool, err Errno) {
	if o.k.OIF == 0 {
		return false, 0
	}
	l, dst := o.f.links[o.k.OIF], o.k.Dst
	switch {
	case l == nil:
		return false, ENODEV
	case !l.Up:
		return false, ENETUNREACH
	case dst.IsMulticast() && localMulticast(dst), dst == broadcast4, o.k.Proto == protoIGMP:
		o.choose(l, ScopeLink)
		return true, o.finish(l)
	case dst.IsMulticast():
		o.choose(l, ScopeGlobal)
	case dst.IsUnspecified():
		o.choose(l, ScopeHost)
	}
	return false, 0
}

func (o *out4) choose(l *link, s Scope) {
	if !isSet(o.src) {
		o.src = o.f.selectAddr4(l, netip.Addr{}, s.kernel())
	}
}

// toUnspecified: 0.0.0.0 means this host.
func (o *out4) toUnspecified() (Result, Errno) {
	if !isSet(o.src) {
		o.src = loopback4
	}
	o.r.Dst = o.src
	o.r.Type = TypeLocal
	return o.r, o.finish(o.f.lo)
}

func (o *out4) route() (Result, Errno) {
	var m match
	o.fl.setSrc(o.src)
	err := o.f.lookup(&o.fl, &m)
	if err != 0 {
		if o.k.OIF != 0 {
			// the sender knows better: the destination is on that link
			l := o.f.links[o.k.OIF]
			o.choose(l, ScopeLink)
			o.r.Type, o.r.Realm = TypeUnicast, m.ruleRealm()
			return o.r, o.finish(l)
		}
		o.r.rejected(&m)
		return o.r, err
	}
	o.r.Type = m.e.typ
	o.r.Route, o.r.Rule = m.e.route, m.rule
	if m.e.typ == TypeLocal {
		if !isSet(o.src) {
			o.src = o.k.Dst
			if p := m.e.route.PrefSrc; p.IsValid() {
				o.src = p
			}
		}
		if !o.bare(&m) {
			o.r.MTU, o.r.Realm = m.e.mtu(o.f.lo, true, false), m.nh().realm
		}
		o.r.Realm = o.r.Realm.or(m.ruleRealm())
		return o.r, o.finish(o.f.lo)
	}
	set := m.choice
	switch {
	case o.k.OIF != 0:
		set = nil
	case set != nil && isSet(o.src):
		set = set.of(o.src)
	}
	o.r.lookup.key.Src = o.src
	o.r.lookup.bare4 = o.bare(&m)
	return o.r, o.f.resolve(&o.r, &m, set)
}

// bare reports whether the route serves only to find the link: for the limited
// broadcast, and for multicasts that match no better than a default route.
func (o *out4) bare(m *match) bool {
	dst := o.r.Dst
	return dst == broadcast4 || (m.e.typ == TypeMulticast || dst.IsMulticast()) && m.e.plen < 4
}

// rejected notes which route or rule refused.
func (r *Result) rejected(m *match) {
	r.Rule = m.rule
	if m.e != nil {
		r.Route, r.Type = m.e.route, m.e.typ
	}
}

// finish completes a decision that needs no next hop.
func (o *out4) finish(l *link) Errno {
	o.r.Source = o.src
	return o.f.finish4(&o.r, l)
}

// finish4 follows __mkroute_output. What a failed decision had filled in is
// cleared.
func (f *FIB) finish4(r *Result, l *link) Errno {
	dst := r.Dst
	if r.Source.IsLoopback() && !l.Loopback && !l.routeLocalnet || zeronet(dst) {
		*r = Result{Dst: dst, Route: r.Route, Rule: r.Rule, Type: r.Type, Nexthops: r.Nexthops,
			lookup: lookupState{key: r.lookup.key, choice: r.lookup.choice, bare4: r.lookup.bare4}}
		return EINVAL
	}
	switch {
	case dst == broadcast4:
		r.Type = TypeBroadcast
	case dst.IsMulticast():
		r.Type = TypeMulticast
	}
	r.Looped = !l.Loopback && (r.Type == TypeBroadcast || r.Type == TypeMulticast && f.joined(l, dst))
	r.Link = l.Index
	if !isSet(r.Source) {
		r.Source = any4
	}
	if r.MTU == 0 {
		r.MTU = min(l.mtu(), 65535)
	}
	return 0
}
