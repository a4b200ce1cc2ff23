//go:build linux

package fib_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// world is a random host, built at the same time in the kernel and as a Config.
type world struct {
	rng      *rand.Rand
	ns       *namespace
	cfg      fib.Config
	lines    []string // what was done, for the log
	taps     map[int]tap
	compared int
	from     bool     // make source-specific routes
	realms   bool     // make realms
	off      []func() // takes the carrier of links that shall have none
}

func (w *world) chance(percent int) bool { return w.rng.IntN(100) < percent }

func pick[T any](w *world, list ...T) T { return list[w.rng.IntN(len(list))] }

func newWorld(ns *namespace, seed uint64) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 1)), ns: ns, taps: map[int]tap{}}
	w.from, w.realms = w.chance(50), w.chance(40)
	w.makeSysctls()
	w.makeLinks()
	w.makeAddresses()
	w.makeRoutes()
	w.makeRules()
	w.takeDown()
	return w
}

func (w *world) run(lines []string) []bool {
	ok := w.ns.try(lines)
	for i, l := range lines {
		if ok[i] {
			w.lines = append(w.lines, l)
		}
	}
	return ok
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *world) sysctl(path string, value int) {
	w.lines = append(w.lines, fmt.Sprintf("sysctl %s=%d", path, value))
	w.ns.sysctl(path, value)
}

func (w *world) makeSysctls() {
	w.cfg.Forwarding4, w.cfg.Forwarding6 = w.chance(75), w.chance(75)
	w.sysctl("net/ipv4/ip_forward", bit(w.cfg.Forwarding4))
	w.sysctl("net/ipv6/conf/all/forwarding", bit(w.cfg.Forwarding6))
	w.cfg.All = w.randomSysctl("all")
}

func (w *world) randomSysctl(dev string) fib.Sysctl {
	s := fib.Sysctl{RPFilter: pick[uint8](w, 0, 0, 0, 1, 2), AcceptLocal: w.chance(15), RouteLocalnet: w.chance(15),
		SrcValidMark: w.chance(20), BCForwarding: w.chance(40), NoSendRedirects: w.chance(40), IgnoreLinkdown: w.chance(30)}
	for name, v := range map[string]int{"rp_filter": int(s.RPFilter), "accept_local": bit(s.AcceptLocal),
		"route_localnet": bit(s.RouteLocalnet), "src_valid_mark": bit(s.SrcValidMark), "bc_forwarding": bit(s.BCForwarding),
		"send_redirects": bit(!s.NoSendRedirects), "ignore_routes_with_linkdown": bit(s.IgnoreLinkdown)} {
		w.ns.sysctl("net/ipv4/conf/"+dev+"/"+name, v)
	}
	w.ns.sysctl("net/ipv6/conf/"+dev+"/ignore_routes_with_linkdown", bit(s.IgnoreLinkdown))
	w.lines = append(w.lines, fmt.Sprintf("# %s %+v", dev, s))
	return s
}

func (w *world) makeLinks() {
	w.cfg.Links = []fib.Link{{Index: 1, Name: "lo", Up: true, Loopback: true}}
	n := 2 + w.rng.IntN(3)
	for i := range n {
		l := fib.Link{Index: i + 10, Name: fmt.Sprintf("t%d", i), Up: true, Multicast: true, MTU: 1500}
		dev := w.ns.tap(l.Name)
		w.ns.ip(fmt.Sprintf("link set %s address 02:00:00:00:00:0%d arp off up", l.Name, i+1))
		l.NoARP = true
		if w.chance(30) {
			l.Group = uint32(1 + w.rng.IntN(2))
			w.ns.ip(fmt.Sprintf("link set %s group %d", l.Name, l.Group))
		}
		if w.chance(10) {
			l.NoCarrier = true
			w.off = append(w.off, dev.off)
		}
		l.Index = linkIndex(w.ns.t, l.Name)
		w.taps[l.Index] = dev
		l.Sysctl = w.randomSysctl(l.Name)
		switch w.rng.IntN(10) {
		case 0:
			l.Sysctl.Forwarding4 = fib.Off
			w.sysctl("net/ipv4/conf/"+l.Name+"/forwarding", 0)
		case 1:
			l.Sysctl.Forwarding4 = fib.On
			w.sysctl("net/ipv4/conf/"+l.Name+"/forwarding", 1)
		}
		w.cfg.Links = append(w.cfg.Links, l)
	}
}

func (w *world) link() fib.Link { return w.cfg.Links[1+w.rng.IntN(len(w.cfg.Links)-1)] }

// host4 and host6 draw from small universes, so that everything overlaps.
func (w *world) host4() netip.Addr {
	return netip.AddrFrom4([4]byte{10, 0, byte(w.rng.IntN(4)), pick[byte](w, 0, 1, 2, 3, 4, 5, 127, 255)})
}

func (w *world) host6() netip.Addr {
	s := fmt.Sprintf("2001:db8:%d::%d", w.rng.IntN(4), w.rng.IntN(6))
	switch w.rng.IntN(12) {
	case 0:
		s = fmt.Sprintf("fe80::%d", w.rng.IntN(6))
	case 1:
		s = fmt.Sprintf("fd00:%d::%d", w.rng.IntN(2), w.rng.IntN(6))
	case 2:
		s = fmt.Sprintf("fec0:%d::%d", w.rng.IntN(2), w.rng.IntN(6))
	case 3:
		s = fmt.Sprintf("2002:a00:1:%d::%d", w.rng.IntN(2), w.rng.IntN(6))
	}
	return netip.MustParseAddr(s)
}

func (w *world) makeAddresses() {
	var lines []string
	var addrs []fib.Address
	for range 3 + w.rng.IntN(8) {
		line, a := w.address()
		lines, addrs = append(lines, line), append(addrs, a)
	}
	ok := w.run(lines)
	for i, a := range addrs {
		switch {
		case !ok[i]:
		case a.Prefix.Addr().Is4():
			w.cfg.Addresses = append(w.cfg.Addresses, a)
		default: // listed newest first
			w.cfg.Addresses = append([]fib.Address{a}, w.cfg.Addresses...)
		}
	}
	w.ns.awaitLocal6(w.cfg.Addresses)
	if w.chance(10) { // 127.0.0.1 and ::1 are there anyway
		w.cfg.Addresses = append(w.cfg.Addresses, fib.Address{Prefix: netip.MustParsePrefix("127.0.0.1/8"), Link: 1, Scope: fib.ScopeHost})
	}
}

func (w *world) address() (string, fib.Address) {
	l := w.link()
	a := fib.Address{Link: l.Index}
	v4 := w.chance(50)
	var line string
	if v4 {
		// not the broadcast address of another link: which of the two comes
		// first would decide whether the connected route can be
		ip := netip.AddrFrom4([4]byte{10, 0, byte(w.rng.IntN(4)), byte(w.rng.IntN(6))})
		a.Prefix = netip.PrefixFrom(ip, pick(w, 24, 24, 24, 25, 16, 31, 32))
	} else {
		a.Prefix = netip.PrefixFrom(w.host6(), pick(w, 64, 64, 64, 48, 126, 127, 128))
	}
	line = fmt.Sprintf("addr add %v dev %s", a.Prefix, l.Name)
	if w.chance(8) {
		a.Peer = w.host4()
		if !v4 {
			a.Peer = w.host6()
		}
		line = fmt.Sprintf("addr add %v peer %v/%d dev %s", a.Prefix.Addr(), a.Peer, a.Prefix.Bits(), l.Name)
	}
	if w.chance(10) {
		a.NoPrefixRoute = true
		line += " noprefixroute"
	}
	if v4 {
		switch w.rng.IntN(8) {
		case 0:
			a.Scope = fib.ScopeLink
			line += " scope link"
		case 1:
			a.Scope = fib.ScopeHost
			line += " scope host"
		case 2:
			a.Broadcast = netip.AddrFrom4([4]byte{10, 0, byte(w.rng.IntN(4)), pick[byte](w, 99, 255, 127)})
			line += fmt.Sprintf(" brd %v", a.Broadcast)
		}
		return line, a
	}
	line += " nodad"
	if w.chance(15) {
		a.Deprecated = true
		line += " preferred_lft 0"
	}
	return line, a
}

func (w *world) prefix(v4 bool) netip.Prefix {
	if v4 {
		if w.chance(5) {
			return netip.MustParsePrefix(pick(w, "127.1.0.0/16", "224.0.0.0/4", "239.1.0.0/16", "10.0.1.255/32", "240.0.0.0/4"))
		}
		p, _ := w.host4().Prefix(pick(w, 0, 0, 8, 16, 22, 23, 24, 24, 25, 30, 32))
		return p
	}
	if w.chance(5) {
		return netip.MustParsePrefix(pick(w, "ff00::/8", "ff05::/16", "fe80::/10", "::1/128", "2001:db8::/33"))
	}
	p, _ := w.host6().Prefix(pick(w, 0, 0, 16, 32, 48, 64, 64, 126, 128))
	return p
}

func (w *world) makeRoutes() {
	var lines []string
	var routes []fib.Route
	for range w.rng.IntN(40) {
		line, r := w.route()
		lines, routes = append(lines, line), append(routes, r)
	}
	ok := w.run(lines)
	for i, r := range routes {
		if ok[i] {
			w.cfg.Routes = append(w.cfg.Routes, r)
		}
	}
}

func (w *world) route() (string, fib.Route) {
	v4 := w.chance(50)
	r := fib.Route{Dst: w.prefix(v4), Table: pick[uint32](w, 0, 0, 0, fib.TableMain, 100, 101, fib.TableDefault, fib.TableLocal)}
	var b strings.Builder
	if !v4 {
		b.WriteString("-6 ")
	}
	fmt.Fprintf(&b, "route %s ", pick(w, "add", "add", "append"))
	r.Type = pick(w, fib.TypeUnicast, fib.TypeUnicast, fib.TypeUnicast, fib.TypeUnicast, fib.TypeUnicast, fib.TypeUnicast,
		fib.TypeLocal, fib.TypeUnreachable, fib.TypeBlackhole, fib.TypeProhibit, fib.TypeThrow, fib.TypeBroadcast, fib.TypeMulticast, fib.TypeAnycast)
	if !v4 && r.Type == fib.TypeBroadcast {
		r.Type = fib.TypeUnicast
	}
	fmt.Fprintf(&b, "%s %v", r.Type, r.Dst)
	if r.Table != 0 {
		fmt.Fprintf(&b, " table %d", r.Table)
	}
	if !v4 && w.from && w.chance(15) {
		r.From = w.prefix(false)
		fmt.Fprintf(&b, " from %v", r.From)
	}
	w.options(&b, &r, v4)
	w.hops(&b, &r, v4)
	return b.String(), r
}

func (w *world) hops(b *strings.Builder, r *fib.Route, v4 bool) {
	switch r.Type {
	case fib.TypeUnicast:
		if w.chance(25) {
			for range 2 + w.rng.IntN(2) {
				n := fib.Nexthop{Link: w.link().Index, Weight: 1 + w.rng.IntN(3)}
				if w.chance(80) || !v4 {
					n.Via = w.gateway(v4)
				}
				b.WriteString(" nexthop")
				w.hop(b, n.Via, n.Link)
				fmt.Fprintf(b, " weight %d", n.Weight)
				n.Realm = w.realm(b, v4)
				r.Nexthops = append(r.Nexthops, n)
			}
			return
		}
		if w.chance(60) {
			r.Via = w.gateway(v4)
		}
		r.Link = w.link().Index
		w.hop(b, r.Via, r.Link)
		r.Realm = w.realm(b, v4)
	case fib.TypeLocal:
		r.Link = pick(w, 1, 1, w.link().Index)
		w.hop(b, netip.Addr{}, r.Link)
	case fib.TypeBroadcast, fib.TypeMulticast, fib.TypeAnycast:
		r.Link = w.link().Index
		w.hop(b, netip.Addr{}, r.Link)
	}
}

// realm draws a realm or none, and writes it.
func (w *world) realm(b *strings.Builder, v4 bool) fib.Realm {
	if !w.realms || !v4 || w.chance(50) {
		return 0
	}
	from, to := w.rng.IntN(3), 3+w.rng.IntN(3)
	if from == 0 {
		fmt.Fprintf(b, " realms %d", to)
	} else {
		fmt.Fprintf(b, " realms %d/%d", from, to)
	}
	return fib.Realm(from<<16 | to)
}

func (w *world) hop(b *strings.Builder, via netip.Addr, link int) {
	if via.IsValid() {
		fmt.Fprintf(b, " via %v", via)
	}
	for _, l := range w.cfg.Links {
		if l.Index == link {
			fmt.Fprintf(b, " dev %s", l.Name)
		}
	}
	if via.IsValid() {
		b.WriteString(" onlink")
	}
}

func (w *world) gateway(v4 bool) netip.Addr {
	if v4 {
		return netip.AddrFrom4([4]byte{10, 0, byte(w.rng.IntN(4)), byte(100 + w.rng.IntN(3))})
	}
	return netip.MustParseAddr(fmt.Sprintf("2001:db8:%d::%d", w.rng.IntN(4), 100+w.rng.IntN(3)))
}

func (w *world) options(b *strings.Builder, r *fib.Route, v4 bool) {
	switch {
	case v4 && r.Dst.Addr().IsMulticast():
		// else it might share a next hop with other routes, whose cached result
		// the kernel would then take for a multicast
		r.Metric = 7
		fmt.Fprintf(b, " metric %d", r.Metric)
	case w.chance(40):
		r.Metric = 1 + uint32(w.rng.IntN(3))
		fmt.Fprintf(b, " metric %d", r.Metric)
	}
	if v4 && w.chance(15) {
		r.TOS = pick[uint8](w, 0x10, 0x08, 0x04)
		fmt.Fprintf(b, " tos %#x", r.TOS)
	}
	if w.chance(20) && len(w.cfg.Addresses) > 0 {
		if a := pick(w, w.cfg.Addresses...).Prefix.Addr(); a.Is4() == v4 {
			r.PrefSrc = a
			fmt.Fprintf(b, " src %v", a)
		}
	}
	if v4 && r.Type == fib.TypeUnicast && w.chance(10) {
		r.Scope = pick(w, fib.ScopeLink, fib.ScopeGlobal)
		fmt.Fprintf(b, " scope %s", map[fib.Scope]string{fib.ScopeLink: "link", fib.ScopeGlobal: "global"}[r.Scope])
	}
	if !v4 && r.Type == fib.TypeUnicast && w.chance(10) {
		r.Pref = pick[int8](w, -1, 1)
		fmt.Fprintf(b, " pref %s", map[int8]string{-1: "low", 1: "high"}[r.Pref])
	}
	if w.chance(15) {
		r.MTU = 1280 + w.rng.IntN(200)
		b.WriteString(" mtu ")
		if w.chance(30) {
			r.MTULock = true
			b.WriteString("lock ")
		}
		fmt.Fprintf(b, "%d", r.MTU)
	}
}

// takeDown takes a link down at the end; the kernel forgets its IPv6 addresses.
func (w *world) takeDown() {
	for _, off := range w.off {
		off()
	}
	for _, l := range w.cfg.Links {
		if l.NoCarrier {
			w.ns.awaitDown(l.Name)
		}
	}
	if !w.chance(25) || slices.ContainsFunc(w.cfg.Routes, func(r fib.Route) bool { return r.From.IsValid() }) {
		// removing routes can leave source-specific ones unfindable in the
		// kernel's tree, depending on what was there before
		return
	}
	i := 1 + w.rng.IntN(len(w.cfg.Links)-1)
	l := &w.cfg.Links[i]
	w.run([]string{"link set " + l.Name + " down"})
	l.Up = false
	kept := w.cfg.Addresses[:0]
	for _, a := range w.cfg.Addresses {
		if a.Prefix.Addr().Is4() || a.Link != l.Index {
			kept = append(kept, a)
		}
	}
	w.cfg.Addresses = kept
}

func (w *world) makeRules() {
	if w.chance(45) {
		return
	}
	for _, v6 := range []bool{false, true} {
		if w.chance(30) {
			continue
		}
		var lines []string
		var rules []fib.Rule
		for i := range 1 + w.rng.IntN(5) {
			line, r := w.rule(v6, uint32(pick(w, 0, 100, 32766, 40000)+i*3+1))
			lines, rules = append(lines, line), append(rules, r)
		}
		base := []fib.Rule{{Priority: 0, Table: fib.TableLocal, IPv6: v6}, {Priority: 32766, Table: fib.TableMain, IPv6: v6}}
		if !v6 {
			base = append(base, fib.Rule{Priority: 32767, Table: fib.TableDefault})
		}
		if w.chance(15) {
			family := map[bool]string{false: "-4", true: "-6"}[v6]
			w.run([]string{family + " rule del pref 0", family + " rule add pref 50 lookup local"})
			base[0].Priority = 50
		}
		for i, ok := range w.run(lines) {
			if ok {
				base = append(base, rules[i])
			}
		}
		w.cfg.Rules = append(w.cfg.Rules, base...)
	}
	if len(w.cfg.Rules) > 0 && w.chance(5) {
		w.cfg.CustomRules4 = false // implied
	}
}

func (w *world) rule(v6 bool, prio uint32) (string, fib.Rule) {
	r := fib.Rule{Priority: prio, IPv6: v6, Not: w.chance(10)}
	var b strings.Builder
	if v6 {
		b.WriteString("-6 ")
	}
	b.WriteString("rule add")
	if r.Not {
		b.WriteString(" not")
	}
	fmt.Fprintf(&b, " pref %d", prio)
	w.conditions(&b, &r, v6)
	switch w.rng.IntN(12) {
	case 0:
		r.Action = pick(w, fib.ActionBlackhole, fib.ActionUnreachable, fib.ActionProhibit)
		fmt.Fprintf(&b, " %s", r.Action)
		return b.String(), r
	case 1:
		r.Action, r.Goto = fib.ActionGoto, pick[uint32](w, 32766, 32767, 200)
		fmt.Fprintf(&b, " goto %d", r.Goto)
		return b.String(), r
	}
	r.Table = pick[uint32](w, 100, 101, 102, fib.TableMain, fib.TableDefault)
	fmt.Fprintf(&b, " lookup %d", r.Table)
	if w.chance(25) {
		n := pick(w, 0, 8, 24, 48)
		r.SuppressPrefixLength = &n
		fmt.Fprintf(&b, " suppress_prefixlength %d", n)
	}
	if w.chance(25) {
		n := uint32(w.rng.IntN(3))
		r.SuppressGroup = &n
		fmt.Fprintf(&b, " suppress_ifgroup %d", n)
	}
	r.Realm = w.realm(&b, !v6)
	return b.String(), r
}

func (w *world) conditions(b *strings.Builder, r *fib.Rule, v6 bool) {
	if w.chance(30) {
		r.From = w.prefix(!v6)
		fmt.Fprintf(b, " from %v", r.From)
	}
	if w.chance(20) {
		r.To = w.prefix(!v6)
		fmt.Fprintf(b, " to %v", r.To)
	}
	if w.chance(25) {
		r.FwMark = uint32(1 + w.rng.IntN(3))
		fmt.Fprintf(b, " fwmark %d", r.FwMark)
		if w.chance(50) {
			r.FwMask = uint32(1 + w.rng.IntN(3))
			fmt.Fprintf(b, "/%d", r.FwMask)
		}
	}
	if w.chance(15) {
		r.IIF = pick(w, w.link().Name, "lo", "nosuch")
		fmt.Fprintf(b, " iif %s", r.IIF)
	}
	if w.chance(12) {
		r.OIF = w.link().Name
		fmt.Fprintf(b, " oif %s", r.OIF)
	}
	if w.chance(10) {
		r.TOS = pick[uint8](w, 0x10, 0x08)
		fmt.Fprintf(b, " tos %#x", r.TOS)
	}
	if w.chance(10) {
		r.UID = &fib.Range{Min: 0, Max: 1000 * uint32(w.rng.IntN(2))}
		fmt.Fprintf(b, " uidrange %d-%d", r.UID.Min, r.UID.Max)
	}
	if w.chance(12) {
		r.IPProto = pick[uint8](w, 6, 17)
		fmt.Fprintf(b, " ipproto %d", r.IPProto)
	}
	if w.chance(10) {
		r.DstPort = &fib.Range{Min: 80, Max: 90}
		b.WriteString(" dport 80-90")
	}
	if w.chance(8) {
		r.SrcPort = &fib.Range{Min: 80, Max: 80}
		b.WriteString(" sport 80")
	}
}
