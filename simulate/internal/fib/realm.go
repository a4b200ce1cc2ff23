package fib

// or fills the halves that have no realm from tag (net/ipv4/route.c,
// set_class_tag).
func (r Realm) or(tag Realm) Realm {
	const low, high = 0xffff, 0xffff << 16
	if r&low == 0 {
		r |= tag & low
	}
	if r&high == 0 {
		r |= tag & high
	}
	return r
}

// ruleRealm returns the realm of the rule that led to the route. The kernel
// keeps the realms of the first packet with the next hop as long as it caches
// it, even for packets that other rules lead there; here each counts anew. A rule
// that refused counts too, where the sender insisted on a link.
func (m *match) ruleRealm() Realm {
	if m.rule == nil {
		return 0
	}
	return m.rule.Realm
}

// backTag returns the realms that the way back to the source gives a packet: the
// realm of that destination is the packet's source realm (include/net/ip_fib.h,
// fib_combine_itag).
func (m *match) backTag() Realm {
	rule := m.ruleRealm()
	tag := m.nh().realm << 16
	if tag == 0 {
		tag = rule << 16
	}
	return tag | rule>>16
}

// hasRealms reports whether any IPv4 route or rule has a realm.
func (f *FIB) hasRealms() bool {
	for i := range f.cfg.Rules {
		if f.cfg.Rules[i].Realm != 0 {
			return true
		}
	}
	for i := range f.routes {
		r := &f.routes[i]
		if r.Realm != 0 {
			return true
		}
		for _, n := range r.Nexthops {
			if n.Realm != 0 {
				return true
			}
		}
	}
	return false
}
