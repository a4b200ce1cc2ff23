package fib

import (
	"net/netip"
	"slices"
)

// ReverseOptions are the options of the rpfilter match.
type ReverseOptions struct {
	Loose, ValidMark, AcceptLocal bool
}

// ReversePath reports whether a reply to the packet k, which arrived on k.IIF,
// would leave through the same link, or with Loose at all. It does not look at
// the exceptions the match makes before (loopback link, unspecified source and
// the like).
func (f *FIB) ReversePath(k Key, o ReverseOptions) bool {
	l := f.links[k.IIF]
	if l == nil || !k.Src.IsValid() || is4(k.Src) != is4(k.Dst) {
		return false
	}
	back := Key{Dst: k.Src, IIF: f.lo.Index, TOS: k.TOS}
	if o.ValidMark {
		back.Mark = k.Mark
	}
	if is4(k.Src) {
		return f.reverse4(&k, &back, l, o)
	}
	return f.reverse6(&k, &back, l, o)
}

// reverse4 follows net/ipv4/netfilter/ipt_rpfilter.c, rpfilter_lookup_reverse.
func (f *FIB) reverse4(k, back *Key, l *link, o ReverseOptions) bool {
	if d := k.Dst; !d.IsMulticast() && d != broadcast4 && !zeronet(d) {
		back.Src = d
	}
	fl := flowKeyOf(back)
	fl.flags.ignoreDown = true
	var m match
	if f.lookup(&fl, &m) != 0 {
		return false
	}
	if t := m.e.typ; t != TypeUnicast && (t != TypeLocal || !o.AcceptLocal) {
		return false
	}
	return o.Loose || m.e.usesLink(l)
}

// reverse6 follows net/ipv6/netfilter/ip6t_rpfilter.c, rpfilter_lookup_reverse6.
func (f *FIB) reverse6(k, back *Key, l *link, o ReverseOptions) bool {
	if kindOf(k.Dst).flags&unicast6 != 0 {
		back.Src = k.Dst
	}
	back.Proto = k.Proto
	linkLocal := kindOf(k.Src).flags&linkLocal6 != 0
	if linkLocal || !o.Loose {
		back.OIF = l.Index
	}
	fl := flowKeyOf(back)
	fl.flags.strict = linkLocal
	fl.flags.plain, fl.flags.srcOwned = true, fl.hasSrc && f.owns6(fl.src)
	var m match
	if f.lookup(&fl, &m) != 0 {
		return false
	}
	switch {
	case m.e.route.isAnycast6():
		return false
	case m.e.typ == TypeLocal:
		return o.AcceptLocal
	}
	return o.Loose || m.nh().link == l
}

// owns6 reports whether an address of more than link scope is the host's.
func (f *FIB) owns6(a netip.Addr) bool {
	if kindOf(a).flags&(linkLocal6|loopbackFlag6) != 0 {
		return false
	}
	return slices.ContainsFunc(f.order, func(l *link) bool { return l.holds6(a) })
}

// plain6 is the selection of plain lookups, which netfilter uses: of the routes
// to the longest prefix the first through the wanted link, or, if none is wanted,
// through one that suits the source; else, unless the link is prescribed, simply
// the first (net/ipv6/route.c, rt6_device_match).
func (fl *flowKey) plain6(list []*entry) *entry {
	if len(list) == 0 {
		return nil
	}
	first := list[0]
	if fl.want == 0 && !fl.hasSrc && !first.hops[0].dead {
		return first
	}
	for _, e := range list {
		if h := &e.hops[0]; !h.dead && fl.suits6(h.link) {
			return e
		}
	}
	if fl.want != 0 && fl.flags.strict || first.hops[0].dead {
		return nil
	}
	return first
}

func (fl *flowKey) suits6(l *link) bool {
	if fl.want != 0 {
		return l.Index == fl.want
	}
	return fl.flags.srcOwned || l.holds6(fl.src)
}
