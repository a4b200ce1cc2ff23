package fib

import (
	"cmp"
	"slices"
)

// kernelScope gives the kernel's number (linux/rtnetlink.h, RT_SCOPE_*).
func (s Scope) kernel() uint8 {
	switch s {
	case ScopeSite:
		return 200
	case ScopeLink:
		return 253
	case ScopeHost:
		return 254
	}
	return 0
}

// buildTables turns f.routes into tables.
func (f *FIB) buildTables() {
	f.table(TableMain)
	f.table(TableLocal)
	for i := range f.routes {
		r := &f.routes[i]
		if is4(r.Dst.Addr()) {
			f.insert4(r)
		} else {
			f.insert6(r)
		}
	}
	for _, t := range f.tables {
		for i := range t.v4.vals {
			finish4(t.v4.vals[i])
		}
		for i := range t.v6.vals {
			t.v6.vals[i].finish()
		}
		t.v4.seal(noEntries)
		t.v6.seal((*node6).empty)
	}
}

func noEntries(list *[]*entry) bool { return len(*list) == 0 }

func (n *node6) empty() bool { return len(n.plain) == 0 && n.bySrc == nil }

func (n *node6) finish() {
	n.plain = finish6(n.plain)
	if n.bySrc == nil {
		return
	}
	for i := range n.bySrc.vals {
		n.bySrc.vals[i] = finish6(n.bySrc.vals[i])
	}
	if !n.bySrc.seal(noEntries) {
		n.bySrc = nil
	}
}

// table returns the table of that number, making it if needed. As long as no
// policy rule was ever touched the kernel keeps local and main in one IPv4 tree,
// so that there the longest prefix wins over the order of the tables
// (net/ipv4/fib_frontend.c, fib_new_table and fib_unmerge).
func (f *FIB) table(id uint32) *table {
	if t := f.tables[id]; t != nil {
		return t
	}
	t := &table{id: id, v4: &trie[[]*entry]{}, v6: &trie[node6]{}}
	if id == TableLocal && !f.custom4 {
		t.v4 = f.table(TableMain).v4
	}
	f.tables[id] = t
	return t
}

func (r *Route) compile() *entry {
	return &entry{route: r, typ: r.Type, table: r.Table, plen: r.Dst.Bits(), tos: r.TOS,
		scope: r.Scope.kernel(), metric: r.Metric}
}

// hops returns a route's next hops, none for a rejecting IPv4 route.
func (f *FIB) hops(r *Route) []hop {
	if len(r.Nexthops) == 0 {
		if r.Link == 0 {
			return nil
		}
		return []hop{f.hop(r, Nexthop{Via: r.Via, Link: r.Link, Realm: r.Realm})}
	}
	hops := make([]hop, 0, len(r.Nexthops))
	for _, n := range r.Nexthops {
		hops = append(hops, f.hop(r, n))
	}
	return hops
}

// hop: a next hop is dead if its link is down, idle if its link lacks a carrier
// and the sysctl says not to use it then. Local routes do not mind, except that
// IPv6 ones vanish with their link (fib_sync_down_dev, fib6_ifdown).
func (f *FIB) hop(r *Route, n Nexthop) hop {
	l := f.links[n.Link]
	h := hop{link: l, via: n.Via, weight: max(n.Weight, 1), realm: n.Realm, dead: !l.Up, idle: l.NoCarrier && l.Sysctl.IgnoreLinkdown}
	v4 := is4(r.Dst.Addr())
	if v4 { // IPv4 or's the switch with that of "all", IPv6 copies it
		h.idle = h.idle || l.NoCarrier && f.cfg.All.IgnoreLinkdown
	}
	switch {
	case r.Type == TypeLocal:
		h.idle = false
		h.dead = h.dead && !v4
	case r.isAnycast6():
		h.idle = false
	}
	return h
}

func (f *FIB) insert4(r *Route) {
	e := r.compile()
	e.hops = f.hops(r)
	for i := range e.hops {
		h := &e.hops[i]
		h.saddr = f.hopSource4(h, e.scope)
	}
	e.choice = groupOf4(e)
	list := f.table(r.Table).v4.at(keyOf(r.Dst.Addr()), e.plen)
	*list = append(*list, e)
}

func (f *FIB) insert6(r *Route) {
	list := f.list6(r)
	for _, h := range f.hops(r) {
		e := r.compile()
		e.hops = []hop{h}
		*list = append(*list, e)
	}
}

func (f *FIB) list6(r *Route) *[]*entry {
	n := f.table(r.Table).v6.at(keyOf(r.Dst.Addr()), r.Dst.Bits())
	if !r.From.IsValid() {
		return &n.plain
	}
	if n.bySrc == nil {
		n.bySrc = &trie[[]*entry]{}
	}
	return n.bySrc.at(keyOf(r.From.Addr()), r.From.Bits())
}

// finish4 orders the routes to one prefix as fib_insert_alias does.
func finish4(list []*entry) {
	slices.SortStableFunc(list, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(b.table, a.table), cmp.Compare(b.tos, a.tos), cmp.Compare(a.metric, b.metric))
	})
	if len(list) > 1 && list[0].plen == 0 {
		setDefaultGroup(list)
	}
}

// finish6 orders the routes to one prefix as fib6_add_rt2node does, groups
// siblings and drops routes that went with their link: siblings only do so
// together (fib6_ifdown).
func finish6(list []*entry) []*entry {
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Compare(a.metric, b.metric) })
	for i := 0; i < len(list); {
		j := i
		var siblings []*entry
		for ; j < len(list) && list[j].metric == list[i].metric; j++ {
			if list[j].multipath6() {
				siblings = append(siblings, list[j])
			}
		}
		if len(siblings) > 1 {
			makeGroup6(siblings)
		}
		i = j
	}
	return slices.DeleteFunc(list, func(e *entry) bool {
		return e.hops[0].dead && (e.group == nil || len(e.group.all.refs) == 0)
	})
}

// multipath6 reports whether a route may have siblings: it has a gateway and is not
// from an advertisement (include/net/ip6_route.h, rt6_qualify_for_ecmp).
func (e *entry) multipath6() bool {
	return e.hops[0].via.IsValid() && e.route.Protocol != ProtoRA
}
