package fib

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// New compiles cfg. The error names every link, address, route or rule that
// cannot be.
func New(cfg Config) (*FIB, error) {
	f := &FIB{cfg: cfg, links: map[int]*link{}, owner4: map[netip.Addr]*link{}, tables: map[uint32]*table{}}
	if err := f.addLinks(); err != nil {
		return nil, err
	}
	if err := f.addAddresses(); err != nil {
		return nil, err
	}
	if err := f.addRoutes(); err != nil {
		return nil, err
	}
	if err := f.addRules(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *FIB) addLinks() error {
	var errs []error
	names := map[string]bool{}
	for _, l := range f.cfg.Links {
		switch {
		case l.Index <= 0:
			errs = append(errs, fmt.Errorf("link %q: index %d is not positive", l.Name, l.Index))
		case f.links[l.Index] != nil:
			errs = append(errs, fmt.Errorf("link %q: index %d is taken by %q", l.Name, l.Index, f.links[l.Index].Name))
		case names[l.Name]:
			errs = append(errs, fmt.Errorf("link %q: there are two of that name", l.Name))
		default:
			f.addLink(l)
			names[l.Name] = true
		}
	}
	if f.lo == nil {
		f.addLink(Link{Index: f.freeIndex(), Name: "lo", Up: true, Loopback: true})
	}
	slices.SortFunc(f.order, func(a, b *link) int { return cmp.Compare(a.Index, b.Index) })
	return errors.Join(errs...)
}

// freeIndex returns 1, which is lo's on every host, or else the first free one.
func (f *FIB) freeIndex() int {
	i := 1
	for f.links[i] != nil {
		i++
	}
	return i
}

// addLink combines the sysctls of l with those of "all"
// (include/linux/inetdevice.h, IN_DEV_*).
func (f *FIB) addLink(l Link) {
	all, own := f.cfg.All, l.Sysctl
	c := &link{Link: l,
		forward4:      f.cfg.Forwarding4,
		rpFilter:      max(all.RPFilter, own.RPFilter),
		acceptLocal:   all.AcceptLocal || own.AcceptLocal,
		routeLocalnet: all.RouteLocalnet || own.RouteLocalnet,
		validMark:     all.SrcValidMark || own.SrcValidMark,
		bcForward:     all.BCForwarding && own.BCForwarding,
		sendRedirects: !all.NoSendRedirects || !own.NoSendRedirects,
	}
	if own.Forwarding4 != Inherit {
		c.forward4 = own.Forwarding4 == On
	}
	f.links[l.Index] = c
	f.order = append(f.order, c)
	if l.Loopback && f.lo == nil {
		f.lo = c
	}
}

func (f *FIB) addAddresses() error {
	f.addLoopback()
	var errs []error
	for _, a := range f.cfg.Addresses {
		if err := f.addAddress(a); err != nil {
			errs = append(errs, fmt.Errorf("address %v: %w", a.Prefix, err))
		}
	}
	for _, p := range f.seq4 {
		f.owner4[p.prefix.Addr()] = p.link
	}
	return errors.Join(errs...)
}

// addLoopback gives the loopback link the addresses it has when it comes up, as
// far as none are given.
func (f *FIB) addLoopback() {
	has4, has6 := !f.lo.Up, !f.lo.Up || f.lo.Sysctl.DisableIPv6
	for _, a := range f.cfg.Addresses {
		if a.Link == f.lo.Index {
			has4 = has4 || is4(a.Prefix.Addr())
			has6 = has6 || !is4(a.Prefix.Addr())
		}
	}
	if !has4 {
		f.addAddr4(f.lo, Address{Prefix: netip.PrefixFrom(loopback4, 8)})
	}
	if !has6 {
		f.addAddr6(f.lo, Address{Prefix: netip.PrefixFrom(loopback6, 128), NoPrefixRoute: true})
	}
}

func (f *FIB) addAddress(a Address) error {
	l := f.links[a.Link]
	switch {
	case !a.Prefix.IsValid():
		return errors.New("not an address with a prefix length")
	case l == nil:
		return fmt.Errorf("there is no link %d", a.Link)
	case a.Peer.IsValid() && is4(a.Peer) != is4(a.Prefix.Addr()):
		return fmt.Errorf("peer %v is of the other family", a.Peer)
	case a.Broadcast.IsValid() && !is4(a.Broadcast):
		return fmt.Errorf("broadcast address %v is not IPv4", a.Broadcast)
	case is4(a.Prefix.Addr()):
		f.addAddr4(l, a)
	case !l.Sysctl.DisableIPv6:
		f.addAddr6(l, a)
	}
	return nil
}

// addRoutes compiles derived and given routes into the tables.
func (f *FIB) addRoutes() error {
	derived := append(f.derive4(), f.derive6()...)
	given := make([]Route, 0, len(f.cfg.Routes))
	var errs []error
	for i := range f.cfg.Routes {
		r, err := f.normalize(f.cfg.Routes[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("route %v: %w", f.cfg.Routes[i].Dst, err))
			continue
		}
		given = append(given, r)
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	f.customLocal4 = hasCustomLocal(given, derived)
	f.routes = mergeRoutes(given, derived, f.cfg.Complete)
	f.realms = f.hasRealms()
	f.custom4 = f.cfg.CustomRules4 || customRules(f.cfg.Rules)
	f.buildTables()
	return nil
}

// routeID tells routes apart the way the kernel refuses duplicates: IPv6 looks
// at neither type nor preferred source (rt6_duplicate_nexthop), so that a local
// route is missing where a router anycast route was first.
type routeID struct {
	dst, from netip.Prefix
	table     uint32
	typ       Type
	tos       uint8
	metric    uint32
	link      int
	via, src  netip.Addr
}

func (r *Route) id() routeID {
	id := routeID{r.Dst, r.From, r.Table, r.Type, r.TOS, r.Metric, r.Link, r.Via, r.PrefSrc}
	if !is4(r.Dst.Addr()) {
		id.typ, id.src = 0, netip.Addr{}
	}
	return id
}

// part tells which derived part a derived route belongs to.
func (r *Route) part() Derived {
	d := Connected4
	if r.Table == TableLocal {
		d = Local4
	}
	if !is4(r.Dst.Addr()) {
		d <<= 2
	}
	return d
}

// mergeRoutes puts derived routes that are neither complete nor given in front
// of the given ones, where the kernel that made them first would have them.
func mergeRoutes(given, derived []Route, complete Derived) []Route {
	seen := make(map[routeID]bool, len(given))
	for i := range given {
		if given[i].Nexthops == nil {
			seen[given[i].id()] = true
		}
	}
	out := make([]Route, 0, len(given)+len(derived))
	for _, r := range derived {
		if complete&r.part() == 0 && !seen[r.id()] {
			seen[r.id()] = true
			out = append(out, r)
		}
	}
	return append(out, given...)
}

// hasCustomLocal reports whether a given IPv4 local route is not the kernel's own
// (net/ipv4/fib_frontend.c, inet_rtm_newroute).
func hasCustomLocal(given, derived []Route) bool {
	own := map[routeID]bool{}
	for i := range derived {
		own[derived[i].id()] = true
	}
	for i := range given {
		r := &given[i]
		if r.Type == TypeLocal && is4(r.Dst.Addr()) && r.Protocol != ProtoKernel && !own[r.id()] {
			return true
		}
	}
	return false
}
