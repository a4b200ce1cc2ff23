package fib

// ReverseOptions are the options of the rpfilter match.
type ReverseOptions struct {
	Loose, ValidMark, AcceptLocal bool
}

// ReversePath tells whether a reply to the packet k, which arrived on k.IIF,
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
	fl := flowOf(back)
	fl.ignoreDown = true
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
	fl := flowOf(back)
	fl.strict = linkLocal
	fl.plain = true
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

// plain6 is the selection of plain lookups, which netfilter uses: of the routes
// to the longest prefix one through the wanted link, else, unless the link is
// prescribed, the first (net/ipv6/route.c, rt6_device_match). That a source
// address can stand in for the wanted link makes no difference to the match.
func (fl *flow) plain6(list []*entry) *entry {
	if len(list) == 0 {
		return nil
	}
	if fl.want == 0 {
		return list[0]
	}
	for _, e := range list {
		if e.hops[0].link.Index == fl.want {
			return e
		}
	}
	if fl.strict {
		return nil
	}
	return list[0]
}
