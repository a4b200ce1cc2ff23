package simulate

import (
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

// setHost checks the host and compiles its links, routes and settings.
func (n *Node) setHost(h host.Host) error {
	var err error
	if n.sysctl, err = sysctl.Read(h.Sysctl); err != nil {
		return err
	}
	n.tracking = n.sysctl.Tracking
	n.unknowns = unknownsOf(&h)
	n.queues = make(map[uint16]bool, len(h.Queues))
	for _, q := range h.Queues {
		n.queues[q] = true
	}
	n.sockets = slices.Clone(h.Sockets)
	for i := range n.sockets {
		if err := n.sockets[i].Check(); err != nil {
			return err
		}
	}
	if err := n.addLinks(h.Links); err != nil {
		return err
	}
	if err := n.checkPorts(); err != nil {
		return err
	}
	if err := n.checkConf(); err != nil {
		return err
	}
	cfg := fib.Config{Forwarding4: n.sysctl.Forward4, Forwarding6: n.sysctl.Forward6, All: n.sysctl.Conf["all"]}
	for _, l := range n.links {
		if err := n.addFIBLink(&cfg, l); err != nil {
			return fmt.Errorf("link %s: %w", l.name, err)
		}
	}
	if err := n.addRoutes(&cfg, h.Routes); err != nil {
		return err
	}
	for i, r := range h.Rules {
		rule, err := n.fibRule(r)
		if err != nil {
			return fmt.Errorf("policy rule %d: %w", i+1, err)
		}
		cfg.Rules = append(cfg.Rules, rule)
	}
	n.fib, err = fib.New(cfg)
	return err
}

// checkConf rejects settings of links that the host does not have.
func (n *Node) checkConf() error {
	for _, name := range slices.Sorted(maps.Keys(n.sysctl.Conf)) {
		if name != "all" && name != "default" && n.byName[name] == nil {
			return fmt.Errorf("sysctl conf.%s: the host has no link %q", name, name)
		}
	}
	return nil
}

// addLinks assigns the interface indexes; lo is added if it is missing, and a host
// without a list of links gets the unnamed link.
func (n *Node) addLinks(links []host.Link) error {
	hasLo := false
	for _, l := range links {
		hasLo = hasLo || l.Loopback || l.Name == "lo"
	}
	if !hasLo {
		links = append([]host.Link{{Name: "lo", Loopback: true}}, links...)
	}
	for i, l := range links {
		index := l.Index
		if index == 0 {
			index = i + 1
		}
		if index < 1 || index > math.MaxInt32 {
			return fmt.Errorf("link %s has the index %d: need 1 to %d, or 0 for its position", l.Name, index, math.MaxInt32)
		}
		if l.Name == "" {
			return fmt.Errorf("link %d has no name", i+1)
		}
		if other := n.byIndex[index]; other != nil {
			return fmt.Errorf("links %s and %s have the same index %d", other.name, l.Name, index)
		}
		if n.byName[l.Name] != nil {
			return fmt.Errorf("two links are named %s", l.Name)
		}
		l.Loopback = l.Loopback || l.Name == "lo"
		c := &link{Link: l, index: index, name: l.Name}
		n.links = append(n.links, c)
		n.byName[l.Name], n.byIndex[index] = c, c
	}
	if !hasLo && len(links) == 1 {
		n.anyLink = &link{index: n.links[0].index + 1}
	}
	return nil
}

// hasAddr reports whether the address is assigned to the link (net/ipv6/addrconf.c,
// ipv6_chk_addr). The local routing table may contain further addresses.
func (l *link) hasAddr(a netip.Addr) bool {
	return slices.ContainsFunc(l.Addrs, func(o host.Address) bool { return o.Prefix.Addr() == a })
}

var fibScopes = map[string]fib.Scope{"": fib.ScopeAuto, "global": fib.ScopeGlobal, "universe": fib.ScopeGlobal,
	"site": fib.ScopeSite, "link": fib.ScopeLink, "host": fib.ScopeHost}

// leastMTU is the minimum MTU of IPv4 (include/net/ip.h, IPV4_MIN_MTU).
const leastMTU = 68

// leastMTU6 is the minimum MTU of IPv6; IPv6 is disabled on links with a smaller MTU
// (include/uapi/linux/in6.h, IPV6_MIN_MTU; net/ipv6/addrconf.c, addrconf_notify).
const leastMTU6 = 1280

func checkMTU(mtu int) error {
	if mtu == 0 || mtu >= leastMTU {
		return nil
	}
	return fmt.Errorf("mtu %d: at least %d is needed", mtu, leastMTU)
}

func (n *Node) addFIBLink(cfg *fib.Config, l *link) error {
	if err := checkMTU(l.MTU); err != nil {
		return err
	}
	cfg.Links = append(cfg.Links, fib.Link{Index: l.index, Name: l.name, Up: !l.Down, Loopback: l.Loopback,
		NoARP: l.NoARP || l.NoHeader, Multicast: !l.Loopback, NoCarrier: l.NoCarrier, MTU: l.MTU, Group: l.Group, Sysctl: n.sysctl.Link(l.name)})
	for _, a := range l.Addrs {
		if !a.Prefix.IsValid() {
			return fmt.Errorf("an address has no prefix")
		}
		if a.Prefix.Addr().Is6() && l.MTU != 0 && l.MTU < leastMTU6 {
			return fmt.Errorf("address %s: IPv6 needs an mtu of at least %d, not %d", a.Prefix, leastMTU6, l.MTU)
		}
		scope, ok := fibScopes[a.Scope]
		if !ok {
			return fmt.Errorf("address %s: unknown scope %q", a.Prefix, a.Scope)
		}
		cfg.Addresses = append(cfg.Addresses, fib.Address{Prefix: a.Prefix, Link: l.index, Scope: scope, Peer: a.Peer,
			Broadcast: a.Broadcast, Metric: a.Metric, NoPrefixRoute: a.NoPrefixRoute,
			Deprecated: a.Deprecated, Tentative: a.Tentative, Optimistic: a.Optimistic, Temporary: a.Temporary})
	}
	return nil
}

func (n *Node) addRoutes(cfg *fib.Config, routes []host.Route) error {
	for _, r := range routes {
		c, err := n.fibRoute(r)
		if err != nil {
			return fmt.Errorf("route %s: %w", r.Dst, err)
		}
		cfg.Routes = append(cfg.Routes, c)
	}
	if n.anyLink == nil {
		return nil
	}
	cfg.Links = append(cfg.Links, fib.Link{Index: n.anyLink.index, Name: "*", Up: true, Multicast: true, Sysctl: n.sysctl.Link("")})
	for _, zero := range []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		cfg.Routes = append(cfg.Routes, fib.Route{Dst: netip.PrefixFrom(zero, 0), Link: n.anyLink.index})
	}
	return nil
}

var fibTypes = map[string]fib.Type{"": fib.TypeUnicast, "unicast": fib.TypeUnicast, "local": fib.TypeLocal,
	"broadcast": fib.TypeBroadcast, "anycast": fib.TypeAnycast, "multicast": fib.TypeMulticast, "blackhole": fib.TypeBlackhole,
	"unreachable": fib.TypeUnreachable, "prohibit": fib.TypeProhibit, "throw": fib.TypeThrow}

var fibPrefs = map[string]int8{"low": -1, "": 0, "medium": 0, "high": 1}

var fibProtocols = map[string]uint8{"kernel": fib.ProtoKernel, "ra": fib.ProtoRA}

func (n *Node) fibRoute(r host.Route) (fib.Route, error) {
	typ, ok := fibTypes[r.Type]
	if !ok {
		return fib.Route{}, fmt.Errorf("unknown type %q", r.Type)
	}
	scope, ok := fibScopes[r.Scope]
	if !ok {
		return fib.Route{}, fmt.Errorf("unknown scope %q", r.Scope)
	}
	if !r.Dst.IsValid() {
		return fib.Route{}, fmt.Errorf("no destination")
	}
	if err := checkMTU(r.MTU); err != nil {
		return fib.Route{}, err
	}
	pref, ok := fibPrefs[r.Pref]
	if !ok {
		return fib.Route{}, fmt.Errorf("unknown preference %q: need low, medium or high", r.Pref)
	}
	index, err := n.indexOf(r.Dev)
	if err != nil {
		return fib.Route{}, err
	}
	c := fib.Route{Dst: r.Dst, From: r.From, Table: r.Table, Type: typ, Via: r.Via, Link: index, PrefSrc: r.PrefSrc, Metric: r.Metric,
		TOS: r.TOS, Scope: scope, OnLink: r.OnLink, MTU: r.MTU, MTULock: r.MTULock, Protocol: fibProtocols[r.Protocol],
		Pref: pref, Realm: fib.Realm(r.Realm)}
	for _, h := range r.Nexthops {
		if index, err = n.indexOf(h.Dev); err != nil {
			return fib.Route{}, err
		}
		c.Nexthops = append(c.Nexthops, fib.Nexthop{Via: h.Via, Link: index, Weight: h.Weight, Realm: fib.Realm(h.Realm)})
	}
	return c, nil
}

// indexOf returns the index of a link; 0 for no name.
func (n *Node) indexOf(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	l := n.byName[name]
	if l == nil {
		return 0, unknownLink(name, n)
	}
	return l.index, nil
}

var fibActions = map[string]fib.Action{"": fib.ActionLookup, "lookup": fib.ActionLookup, "table": fib.ActionLookup,
	"blackhole": fib.ActionBlackhole, "unreachable": fib.ActionUnreachable, "prohibit": fib.ActionProhibit,
	"goto": fib.ActionGoto, "nop": fib.ActionNop}

func (n *Node) fibRule(r host.PolicyRule) (fib.Rule, error) {
	action, ok := fibActions[r.Action]
	if !ok {
		return fib.Rule{}, fmt.Errorf("unknown action %q", r.Action)
	}
	table := r.Table
	if action == fib.ActionLookup && table == 0 {
		table = fib.TableMain
	}
	c := fib.Rule{Priority: r.Priority, IPv6: r.Family == netfilter.IPv6, Not: r.Not, From: r.From, To: r.To, FwMark: r.FwMark,
		FwMask: r.FwMask, IIF: r.In, OIF: r.Out, TOS: r.TOS, IPProto: r.IPProto, Action: action, Table: table, Goto: r.Goto,
		SuppressPrefixLength: r.SuppressPrefixLength, Realm: fib.Realm(r.Realm)}
	for _, g := range []struct {
		name string
		from cond.Range
		to   **fib.Range
	}{{"source ports", r.SrcPort, &c.SrcPort}, {"destination ports", r.DstPort, &c.DstPort}, {"users", r.UID, &c.UID}} {
		if g.from.Invert {
			return c, fmt.Errorf("%s: a policy rule cannot invert a range", g.name)
		}
		if g.from.Given {
			*g.to = &fib.Range{Min: g.from.Min, Max: g.from.Max}
		}
	}
	if g := r.SuppressGroup; g.Invert {
		return c, fmt.Errorf("a policy rule cannot invert the group that it suppresses")
	} else if g.Given {
		c.SuppressGroup = &g.Value
	}
	return c, nil
}

// LinkTo returns the name of the output link of packets to an address, which is also
// the input link of packets from it if routing is symmetric; "" if there is no route.
// local reports that the address is local to the host. On a host without a list of links
// the name is "eth0", because any name is valid there.
func (n *Node) LinkTo(a netip.Addr) (name string, local bool) {
	if !a.IsValid() {
		return "", false
	}
	route, errno := n.fib.Output(fib.Key{Dst: a, AnySource: true})
	if errno != 0 {
		return "", false
	}
	if name = n.linkByIndex(route.Link).name; name == "" {
		name = "eth0"
	}
	return name, route.Type == fib.TypeLocal
}
