package machine

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// addRouting compiles the addresses, routes and policy rules.
func (m *Machine) addRouting(routes []host.Route, rules []host.PolicyRule) error {
	cfg := fib.Config{Forwarding4: m.Sysctl.Forward4, Forwarding6: m.Sysctl.Forward6, All: m.Sysctl.Conf["all"]}
	for _, l := range m.Links {
		if err := m.addFIBLink(&cfg, l); err != nil {
			return fmt.Errorf("link %s: %w", l.Name, err)
		}
	}
	if err := m.addRoutes(&cfg, routes); err != nil {
		return err
	}
	for i, r := range rules {
		rule, err := fibRule(r)
		if err != nil {
			return fmt.Errorf("policy rule %d: %w", i+1, err)
		}
		cfg.Rules = append(cfg.Rules, rule)
	}
	var err error
	m.FIB, err = fib.New(cfg)
	return err
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

func (m *Machine) addFIBLink(cfg *fib.Config, l *Link) error {
	if err := checkMTU(l.MTU); err != nil {
		return err
	}
	cfg.Links = append(cfg.Links, fib.Link{Index: l.Index, Name: l.Name, Up: !l.Down, Loopback: l.Loopback,
		NoARP: l.NoARP || l.NoHeader, Multicast: !l.Loopback, NoCarrier: l.NoCarrier, MTU: l.MTU, Group: l.Group, Sysctl: m.Sysctl.Link(l.Name)})
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
		cfg.Addresses = append(cfg.Addresses, fib.Address{Prefix: a.Prefix, Link: l.Index, Scope: scope, Peer: a.Peer,
			Broadcast: a.Broadcast, Metric: a.Metric, NoPrefixRoute: a.NoPrefixRoute,
			Deprecated: a.Deprecated, Tentative: a.Tentative, Optimistic: a.Optimistic, Temporary: a.Temporary})
	}
	return nil
}

func (m *Machine) addRoutes(cfg *fib.Config, routes []host.Route) error {
	for _, r := range routes {
		c, err := m.fibRoute(r)
		if err != nil {
			return fmt.Errorf("route %s: %w", r.Dst, err)
		}
		cfg.Routes = append(cfg.Routes, c)
	}
	if m.anyLink == nil {
		return nil
	}
	cfg.Links = append(cfg.Links, fib.Link{Index: m.anyLink.Index, Name: "*", Up: true, Multicast: true, Sysctl: m.Sysctl.Link("")})
	for _, zero := range []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()} {
		cfg.Routes = append(cfg.Routes, fib.Route{Dst: netip.PrefixFrom(zero, 0), Link: m.anyLink.Index})
	}
	return nil
}

var fibTypes = map[string]fib.Type{"": fib.TypeUnicast, "unicast": fib.TypeUnicast, "local": fib.TypeLocal,
	"broadcast": fib.TypeBroadcast, "anycast": fib.TypeAnycast, "multicast": fib.TypeMulticast, "blackhole": fib.TypeBlackhole,
	"unreachable": fib.TypeUnreachable, "prohibit": fib.TypeProhibit, "throw": fib.TypeThrow}

var fibPrefs = map[string]int8{"low": -1, "": 0, "medium": 0, "high": 1}

var fibProtocols = map[string]uint8{"kernel": fib.ProtoKernel, "ra": fib.ProtoRA}

func (m *Machine) fibRoute(r host.Route) (fib.Route, error) {
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
	index, err := m.indexOf(r.Dev)
	if err != nil {
		return fib.Route{}, err
	}
	c := fib.Route{Dst: r.Dst, From: r.From, Table: r.Table, Type: typ, Via: r.Via, Link: index, PrefSrc: r.PrefSrc, Metric: r.Metric,
		TOS: r.TOS, Scope: scope, OnLink: r.OnLink, MTU: r.MTU, MTULock: r.MTULock, Protocol: fibProtocols[r.Protocol],
		Pref: pref, Realm: fib.Realm(r.Realm)}
	for _, h := range r.Nexthops {
		if index, err = m.indexOf(h.Dev); err != nil {
			return fib.Route{}, err
		}
		c.Nexthops = append(c.Nexthops, fib.Nexthop{Via: h.Via, Link: index, Weight: h.Weight, Realm: fib.Realm(h.Realm)})
	}
	return c, nil
}

// indexOf returns the index of a link; 0 for no name.
func (m *Machine) indexOf(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	l := m.byName[name]
	if l == nil {
		return 0, m.NoLink(name)
	}
	return l.Index, nil
}

var fibActions = map[string]fib.Action{"": fib.ActionLookup, "lookup": fib.ActionLookup, "table": fib.ActionLookup,
	"blackhole": fib.ActionBlackhole, "unreachable": fib.ActionUnreachable, "prohibit": fib.ActionProhibit,
	"goto": fib.ActionGoto, "nop": fib.ActionNop}

func fibRule(r host.PolicyRule) (fib.Rule, error) {
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

// LinkTo returns the name of the output link of packets to an address, "" if there is no
// route, and whether the address is local to the host. On a host without a list of links
// the name is "eth0".
func (m *Machine) LinkTo(a netip.Addr) (name string, local bool) {
	if !a.IsValid() {
		return "", false
	}
	route, errno := m.FIB.Output(fib.Key{Dst: a, AnySource: true})
	if errno != 0 {
		return "", false
	}
	if name = m.LinkByIndex(route.Link).Name; name == "" {
		name = "eth0"
	}
	return name, route.Type == fib.TypeLocal
}

// AnswersFor reports whether an address is local to the host.
func (m *Machine) AnswersFor(a netip.Addr) bool {
	return netfilter.AddrType(m.FIB.AddrType(a, 0))&netfilter.AddrLocal != 0
}
