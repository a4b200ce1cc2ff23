package fib

import "net/netip"

// add puts a next hop into the set.
func (l *nexthopGroup) add(e *entry, i, weight int) {
	h := &e.hops[i]
	l.nexthops = append(l.nexthops, Nexthop{Via: h.via, Link: h.link.Index, Weight: weight})
	l.refs = append(l.refs, hopRef{e, i})
}

// groupOf4 lists the live next hops of a multipath route. For a known source
// address the kernel prefers the next hops that would choose that source: the
// first of them also inherits what falls behind the last of them
// (net/ipv4/fib_semantics.c, fib_select_multipath).
func groupOf4(e *entry) *nexthopGroup {
	if len(e.hops) < 2 {
		return nil
	}
	all := &nexthopGroup{}
	for i := range e.hops {
		if h := &e.hops[i]; !h.dead && !h.idle {
			all.add(e, i, h.weight)
		}
	}
	for _, r := range all.refs {
		src := e.hops[r.hop].saddr
		if isSet(src) && !all.knows(src) {
			all.bySource = append(all.bySource, sourceGroup{src, all.only(src)})
		}
	}
	return all
}

func (l *nexthopGroup) knows(src netip.Addr) bool {
	for i := range l.bySource {
		if l.bySource[i].src == src {
			return true
		}
	}
	return false
}

// only returns the set of next hops whose own source is src.
func (l *nexthopGroup) only(src netip.Addr) *nexthopGroup {
	set := &nexthopGroup{}
	pending := 0
	for _, r := range l.refs {
		h := &r.e.hops[r.hop]
		pending += h.weight
		if h.saddr == src {
			set.add(r.e, r.hop, pending)
			pending = 0
		}
	}
	set.nexthops[0].Weight += pending
	return set
}

// of returns the set for a packet with that source.
func (l *nexthopGroup) of(src netip.Addr) *nexthopGroup {
	for i := range l.bySource {
		if l.bySource[i].src == src {
			return l.bySource[i].set
		}
	}
	return l
}

// setDefaultGroup marks default routes of equal metric and TOS in one table: the
// kernel tries their gateways in turn by neighbour state (fib_select_default).
func setDefaultGroup(list []*entry) {
	for i := 0; i < len(list); {
		set := &nexthopGroup{}
		j := i
		for ; j < len(list) && sameRank(list[i], list[j]); j++ {
			e := list[j]
			if e.typ == TypeUnicast && len(e.hops) > 0 && !e.hops[0].dead && e.hops[0].via.IsValid() && e.scope == list[i].scope {
				set.add(e, 0, 1)
			}
		}
		if first := list[i]; len(set.refs) > 1 && set.refs[0].e == first && len(first.hops) == 1 {
			first.choice = set
		}
		i = j
	}
}

func sameRank(a, b *entry) bool {
	return a.table == b.table && a.tos == b.tos && a.metric == b.metric
}

// makeGroup6 prepares the choice between siblings. A lookup bound to a link
// keeps the route it found first when the hash selects a sibling on another
// link (net/ipv6/route.c, fib6_select_path).
func makeGroup6(siblings []*entry) {
	g := &group6{all: &nexthopGroup{}, byLink: map[int]*nexthopGroup{}}
	for _, e := range siblings {
		e.group = g
		if !e.hops[0].dead {
			g.all.add(e, 0, e.hops[0].weight)
		}
	}
	for _, r := range g.all.refs {
		index := r.e.hops[0].link.Index
		if g.byLink[index] == nil {
			g.byLink[index] = g.all.onLink(index)
		}
	}
}

func (l *nexthopGroup) onLink(index int) *nexthopGroup {
	set := &nexthopGroup{}
	rest := 0
	for i, n := range l.nexthops {
		if n.Link == index {
			set.add(l.refs[i].e, l.refs[i].hop, n.Weight)
		} else {
			rest += n.Weight
		}
	}
	set.nexthops[0].Weight += rest
	return set
}
