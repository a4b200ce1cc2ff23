package fib

import "net/netip"

// Joined reports whether a link has joined a multicast group.
func (f *FIB) Joined(link int, group netip.Addr) bool {
	l := f.links[link]
	return l != nil && f.joined(l, group)
}

// joined reports whether l has joined a multicast group: those of Config.Groups,
// and those the kernel joins by itself. IPv4: 224.0.0.1 (ip_mc_up). IPv6: all
// nodes of link and interface, all routers of the link on a router, and the
// solicited-node group of each address where the link resolves addresses
// (ipv6_add_dev, addrconf_join_solict). A router that was made one after the link
// appeared has also joined ff01::2 and ff05::2; name them in Config.Groups.
func (f *FIB) joined(l *link, group netip.Addr) bool {
	for i := range f.cfg.Groups {
		if g := &f.cfg.Groups[i]; g.Link == l.Index && g.Addr == group {
			return true
		}
	}
	if is4(group) {
		return l.Up && group == allHosts4
	}
	k := keyOf(group)
	switch k.hi {
	case 0xff01 << 48:
		return k.lo == 1
	case 0xff02 << 48:
		return k.lo == 1 || k.lo == 2 && f.cfg.Forwarding6 && l.Multicast ||
			k.lo>>24 == 0x1ff && f.solicited(l, k.lo&0xffffff)
	}
	return false
}

var allHosts4 = netip.AddrFrom4([4]byte{224, 0, 0, 1})

// solicited reports whether an address of l ends in these 24 bits; the router
// anycast address of a subnet counts.
func (f *FIB) solicited(l *link, low uint64) bool {
	if l.Loopback || l.NoARP {
		return false
	}
	for i := range l.addrs6 {
		a := &l.addrs6[i]
		if keyOf(a.ip).lo&0xffffff == low {
			return true
		}
		if p := a.Prefix.Masked(); f.cfg.Forwarding6 && p.Bits() < 127 && isSet(p.Addr()) && keyOf(p.Addr()).lo&0xffffff == low {
			return true
		}
	}
	return false
}
