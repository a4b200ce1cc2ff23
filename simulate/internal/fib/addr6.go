package fib

import (
	"net/netip"
	"slices"
)

// addr6 is an IPv6 address of a link (struct inet6_ifaddr).
type addr6 struct {
	*Address
	ip   netip.Addr
	kind kind6
}

// kind6 is the result of __ipv6_addr_type for an address.
type kind6 struct {
	flags flags6
	scope int // 1 node, 2 link, 5 site, 14 global; -1 for ::
}

type flags6 uint8

const (
	unicast6 flags6 = 1 << iota
	multicast6
	loopbackFlag6
	linkLocal6
	siteLocal6
	mapped6
	compat6
)

// kindOf follows net/ipv6/addrconf_core.c, __ipv6_addr_type.
func kindOf(a netip.Addr) kind6 {
	b := a.As16()
	switch {
	case b[0] == 0xff:
		return multicastKind(int(b[1] & 0xf))
	case b[0] == 0xfe && b[1]&0xc0 == 0x80:
		return kind6{unicast6 | linkLocal6, 2}
	case b[0] == 0xfe && b[1]&0xc0 == 0xc0:
		return kind6{unicast6 | siteLocal6, 5}
	case a.IsUnspecified():
		return kind6{0, -1}
	case a == loopback6:
		return kind6{unicast6 | loopbackFlag6, 2}
	case a.Is4In6():
		return kind6{mapped6, 14}
	}
	if k := keyOf(a); k.hi == 0 && k.lo>>32 == 0 {
		return kind6{unicast6 | compat6, 14}
	}
	return kind6{unicast6, 14}
}

func multicastKind(scope int) kind6 {
	k := kind6{multicast6, scope}
	switch scope {
	case 1:
		k.flags |= loopbackFlag6
	case 2:
		k.flags |= linkLocal6
	case 5:
		k.flags |= siteLocal6
	}
	return k
}

// needsLink reports whether routes to the address are of one link only
// (rt6_need_strict).
func (k kind6) needsLink() bool { return k.flags&(multicast6|linkLocal6|loopbackFlag6) != 0 }

// group reports whether the address is multicast; an IPv4 address within the IPv6
// one is not looked at.
func (k kind6) group() bool { return k.flags&multicast6 != 0 }

// usable reports whether the address may be used, duplicate detection considered.
func (a *addr6) usable() bool { return !a.Tentative || a.Optimistic }

// addAddr6 keeps addresses by descending scope (ipv6_link_dev_addr).
func (f *FIB) addAddr6(l *link, a Address) {
	c := addr6{Address: &a, ip: a.Prefix.Addr().WithZone(""), kind: kindOf(a.Prefix.Addr())}
	at := slices.IndexFunc(l.addrs6, func(o addr6) bool { return o.kind.scope < c.kind.scope })
	if at < 0 {
		at = len(l.addrs6)
	}
	l.addrs6 = slices.Insert(l.addrs6, at, c)
	l.seq6 = append(l.seq6, a.Prefix)
}

// derive6 returns the routes that follow from IPv6 addresses and from links
// being up (net/ipv6/addrconf.c, addrconf_prefix_route, __ipv6_ifa_notify,
// addrconf_add_mroute; anycast.c, __ipv6_dev_ac_inc).
func (f *FIB) derive6() []Route {
	var out []Route
	for _, l := range f.order {
		// the oldest address, listed last, made its routes first
		for _, p := range slices.Backward(l.seq6) {
			for i := range l.addrs6 {
				if a := &l.addrs6[i]; a.Prefix == p && l.Up {
					out = f.deriveAddr6(out, l, a)
				}
			}
		}
	}
	for _, l := range f.order {
		if l.Up && l.Multicast && !l.Loopback && !l.Sysctl.DisableIPv6 {
			out = append(out, Route{Dst: netip.MustParsePrefix("ff00::/8"), Table: TableLocal, Type: TypeMulticast,
				Link: l.Index, Metric: 256, Scope: ScopeGlobal, Protocol: ProtoKernel})
		}
	}
	return out
}

func (f *FIB) deriveAddr6(out []Route, l *link, a *addr6) []Route {
	host := func(ip netip.Addr, t Type) Route {
		return Route{Dst: netip.PrefixFrom(ip, 128), Table: TableLocal, Type: t, Link: l.Index,
			Scope: ScopeGlobal, Protocol: ProtoKernel}
	}
	prefix := func(p netip.Prefix) Route {
		r := Route{Dst: p.Masked(), Table: TableMain, Type: TypeUnicast, Link: l.Index, Metric: a.Metric,
			Scope: ScopeGlobal, Protocol: ProtoKernel}
		if r.Metric == 0 {
			r.Metric = 256 // IP6_RT_PRIO_ADDRCONF
		}
		return r
	}
	if !a.Tentative {
		out = append(out, host(a.ip, TypeLocal))
		if p := a.Prefix.Masked(); f.cfg.Forwarding6 && p.Bits() < 127 && isSet(p.Addr()) {
			out = append(out, host(p.Addr(), TypeAnycast))
		}
		if a.Peer.IsValid() {
			out = append(out, prefix(netip.PrefixFrom(a.Peer, 128)))
		}
	}
	if !a.NoPrefixRoute {
		out = append(out, prefix(netip.PrefixFrom(a.ip, a.Prefix.Bits())))
	}
	return out
}

// holds6 reports whether ip is a usable address of l (ipv6_chk_addr with a device).
func (l *link) holds6(ip netip.Addr) bool {
	for i := range l.addrs6 {
		if a := &l.addrs6[i]; a.ip == ip && a.usable() {
			return true
		}
	}
	return false
}

// LinkLocal returns the link-local address that a link speaks from; false if it
// has none (net/ipv6/addrconf.c, ipv6_get_lladdr).
func (f *FIB) LinkLocal(index int) (netip.Addr, bool) {
	l := f.links[index]
	if l == nil {
		return netip.Addr{}, false
	}
	for _, a := range slices.Backward(l.addrs6) {
		if a.kind.flags&linkLocal6 != 0 && !a.Tentative {
			return a.ip, true
		}
	}
	return netip.Addr{}, false
}
