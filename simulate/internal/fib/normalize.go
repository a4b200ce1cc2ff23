package fib

import (
	"errors"
	"fmt"
	"net/netip"
)

// normalize fills in what iproute2 and the kernel would and refuses what they
// refuse.
func (f *FIB) normalize(r Route) (Route, error) {
	if !r.Dst.IsValid() {
		return r, errors.New("no destination prefix")
	}
	v4 := is4(r.Dst.Addr())
	if v4 && r.Dst != r.Dst.Masked() {
		return r, fmt.Errorf("bits beyond the prefix length are set; did you mean %v?", r.Dst.Masked())
	}
	r.Dst = r.Dst.Masked()
	if err := r.normalizeFrom(v4); err != nil {
		return r, err
	}
	if r.Type == TypeUnspec {
		r.Type = TypeUnicast
	}
	if int(r.Type) >= len(typeNames) {
		return r, fmt.Errorf("unknown type %d", r.Type)
	}
	r.normalizeTable()
	if !v4 && r.Metric == 0 && r.Protocol != ProtoKernel {
		r.Metric = 1024 // IP6_RT_PRIO_USER
	}
	if err := r.checkRealms(v4); err != nil {
		return r, err
	}
	if r.PrefSrc.IsValid() && is4(r.PrefSrc) != v4 {
		return r, fmt.Errorf("preferred source %v is of the other family", r.PrefSrc)
	}
	if err := f.normalizeHops(&r, v4); err != nil {
		return r, err
	}
	if r.Scope == ScopeAuto {
		r.Scope = autoScope(&r)
	}
	return r, nil
}

func (r *Route) normalizeFrom(v4 bool) error {
	if !r.From.IsValid() {
		return nil
	}
	if v4 || is4(r.From.Addr()) {
		return fmt.Errorf("source prefix %v: only IPv6 has source-specific routes; use a policy rule", r.From)
	}
	r.From = r.From.Masked()
	if r.From.Bits() == 0 {
		r.From = netip.Prefix{}
	}
	return nil
}

// normalizeTable follows ip/iproute.c, iproute_modify.
func (r *Route) normalizeTable() {
	if r.Table != 0 {
		return
	}
	r.Table = TableMain
	switch r.Type {
	case TypeLocal, TypeBroadcast, TypeAnycast:
		r.Table = TableLocal
	}
}

// checkRealms: a multipath route has realms by its next hops only
// (net/ipv4/fib_semantics.c, fib_create_info).
func (r *Route) checkRealms(v4 bool) error {
	for _, n := range r.Nexthops {
		if r.Realm != 0 && r.Realm != n.Realm {
			return errors.New("a realm that is not that of every next hop")
		}
		if n.Realm != 0 && !v4 {
			return errors.New("IPv6 routes have no realms")
		}
	}
	if r.Realm != 0 && !v4 {
		return errors.New("IPv6 routes have no realms")
	}
	return nil
}

// autoScope follows ip/iproute.c, iproute_modify.
func autoScope(r *Route) Scope {
	switch r.Type {
	case TypeLocal:
		return ScopeHost
	case TypeBroadcast, TypeMulticast, TypeAnycast:
		return ScopeLink
	case TypeUnicast:
		if !r.Via.IsValid() && len(r.Nexthops) == 0 {
			return ScopeLink
		}
	}
	return ScopeGlobal
}

func (f *FIB) normalizeHops(r *Route, v4 bool) error {
	if r.Type.rejects() {
		r.Via, r.Link, r.Nexthops = netip.Addr{}, 0, nil
		if !v4 {
			r.Link = f.lo.Index // rejecting IPv6 routes hang off the loopback
		}
		return nil
	}
	if len(r.Nexthops) == 0 {
		var err error
		r.Link, err = f.hopLink(r.Via, r.Link, v4)
		return err
	}
	if r.Via.IsValid() || r.Link != 0 {
		return errors.New("both a gateway or link and several next hops")
	}
	r.Nexthops = append([]Nexthop(nil), r.Nexthops...)
	for i := range r.Nexthops {
		h := &r.Nexthops[i]
		link, err := f.hopLink(h.Via, h.Link, v4)
		if err != nil {
			return fmt.Errorf("next hop %d: %w", i+1, err)
		}
		h.Link, h.Weight = link, max(h.Weight, 1)
	}
	return nil
}

// hopLink checks a next hop and finds its link if only the gateway is known.
func (f *FIB) hopLink(via netip.Addr, index int, v4 bool) (int, error) {
	if via.IsValid() && !v4 && is4(via) {
		return 0, fmt.Errorf("gateway %v: IPv6 routes need an IPv6 gateway", via)
	}
	if index != 0 {
		if f.links[index] == nil {
			return 0, fmt.Errorf("there is no link %d", index)
		}
		return index, nil
	}
	if !via.IsValid() {
		return 0, errors.New("neither a link nor a gateway")
	}
	best, bits := 0, -1
	for _, l := range f.order {
		if n := l.subnetBits(via); l.Up && n > bits {
			best, bits = l.Index, n
		}
	}
	if best == 0 {
		return 0, fmt.Errorf("gateway %v is in no subnet of the host; name the link", via)
	}
	return best, nil
}

// subnetBits returns the length of the longest prefix of l's addresses that
// contains a, -1 for none.
func (l *link) subnetBits(a netip.Addr) int {
	bits := -1
	for i := range l.addrs4 {
		if s := l.addrs4[i].subnet; s.Contains(a) {
			bits = max(bits, s.Bits())
		}
	}
	for i := range l.addrs6 {
		if s := l.addrs6[i].Prefix; s.Contains(a) {
			bits = max(bits, s.Bits())
		}
	}
	return bits
}
