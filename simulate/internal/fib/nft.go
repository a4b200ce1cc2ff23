package fib

// LinkTo returns the link that the fib expression of nftables finds for k.Dst; 0
// for none, as where the address is the host's own. A wanted link other than 0 is
// found if a route by it is among the next hops. An IIF of 0 is the host itself.
// OIF is the link that link-local addresses are looked for on (net/ipv4/netfilter/
// nft_fib_ipv4.c, nft_fib4_eval; net/ipv6/netfilter/nft_fib_ipv6.c,
// nft_fib6_eval).
func (f *FIB) LinkTo(k Key, wanted int) int {
	if k.IIF == 0 {
		k.IIF = f.lo.Index
	}
	if is4(k.Dst) {
		return f.linkTo4(k, wanted)
	}
	return f.linkTo6(k, wanted)
}

func (f *FIB) linkTo4(k Key, wanted int) int {
	k.OIF = 0
	if s := k.Src; s.IsMulticast() || s == broadcast4 || zeronet(s) {
		k.Src = Key{}.Src
	}
	fl := flowKeyOf(&k)
	fl.flags.ignoreDown = true
	var m match
	switch {
	case f.lookup(&fl, &m) != 0 || m.e.typ == TypeLocal:
		return 0
	case wanted == 0:
		return m.nh().link.Index
	}
	if l := f.links[wanted]; l != nil && m.e.usesLink(l) {
		return wanted
	}
	return 0
}

func (f *FIB) linkTo6(k Key, wanted int) int {
	linkLocal := kindOf(k.Dst).flags&linkLocal6 != 0
	if !linkLocal {
		k.OIF = 0
	}
	if kindOf(k.Src).flags&unicast6 == 0 {
		k.Src = Key{}.Src
	}
	fl := flowKeyOf(&k)
	fl.flags.strict = linkLocal
	fl.flags.plain, fl.flags.srcOwned = true, fl.hasSrc && f.owns6(fl.src)
	var m match
	if f.lookup(&fl, &m) != 0 || m.e.route.isAnycast6() || m.e.typ == TypeLocal {
		return 0
	}
	if found := m.nh().link.Index; wanted == 0 || found == wanted {
		return found
	}
	return 0
}
