package fib

import (
	"cmp"
	"net/netip"
)

// SelectAddr6 chooses an IPv6 source address for packets to dst leaving through
// link dev by the rules of RFC 6724 as ipv6_dev_get_saddr does; dev 0 means no
// particular link. MASQUERADE asks this. It reports false if there is no
// candidate.
func (f *FIB) SelectAddr6(dev int, dst netip.Addr) (netip.Addr, bool) {
	s := saddr6{dst: dst, kind: kindOf(dst), dev: dev}
	s.label = labelOf(dst)
	out := f.links[dev]
	if out != nil && (s.kind.flags&multicast6 != 0 || s.kind.scope <= 2 || out.Sysctl.UseOIFAddrsOnly) {
		s.try(out)
		return s.answer()
	}
	for _, l := range f.order {
		s.try(l)
	}
	return s.answer()
}

// saddr6 is a source address selection under way (struct ipv6_saddr_dst).
type saddr6 struct {
	dst   netip.Addr
	kind  kind6
	label uint8
	dev   int

	best     *addr6
	bestLink *link
}

func (s *saddr6) answer() (netip.Addr, bool) {
	if s.best == nil {
		return netip.Addr{}, false
	}
	return s.best.ip, true
}

// try considers the addresses of one link (__ipv6_dev_get_saddr).
func (s *saddr6) try(l *link) {
	if l.Sysctl.DisableIPv6 {
		return
	}
	for i := range l.addrs6 {
		a := &l.addrs6[i]
		if !a.usable() || a.kind.flags&unicast6 == 0 && a.kind.flags&mapped6 == 0 {
			continue
		}
		if s.best == nil || s.compare(a, l) > 0 {
			s.best, s.bestLink = a, l
		}
	}
}

// compare is positive if a is better than the best so far
// (ipv6_get_saddr_eval); earlier rules outweigh later ones.
func (s *saddr6) compare(a *addr6, l *link) int {
	b, bl := s.best, s.bestLink
	return cmp.Or(
		yes(a.ip == s.dst, b.ip == s.dst),                                          // 1 same address
		cmp.Compare(s.scopeDistance(a), s.scopeDistance(b)),                        // 2 appropriate scope
		yes(a.preferred(), b.preferred()),                                          // 3 not deprecated
		yes(s.dev == 0 || l.Index == s.dev, s.dev == 0 || bl.Index == s.dev),       // 5 output link
		yes(labelOf(a.ip) == s.label, labelOf(b.ip) == s.label),                    // 6 matching label
		yes(l.wantsTemporary() == a.Temporary, bl.wantsTemporary() == b.Temporary), // 7 public or temporary
		yes(orchid(a.ip) == orchid(s.dst), orchid(b.ip) == orchid(s.dst)),          // 8-
		cmp.Compare(s.matchLen(a), s.matchLen(b)),                                  // 8 longest prefix
		yes(!a.Optimistic, !b.Optimistic),
	)
}

func yes(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// scopeDistance is larger for better scopes: the smallest that suffices, else
// the largest.
func (s *saddr6) scopeDistance(a *addr6) int {
	if a.kind.scope >= s.kind.scope {
		return -a.kind.scope
	}
	return a.kind.scope - 128
}

// preferred: loopback, mapped and compatible addresses never age. Optimistic
// ones are avoided, as use_optimistic is off by default.
func (a *addr6) preferred() bool {
	return a.kind.flags&(mapped6|compat6|loopbackFlag6) != 0 || !a.Deprecated && !a.Optimistic
}

func (l *link) wantsTemporary() bool { return l.Sysctl.UseTempAddr >= 2 }

func (s *saddr6) matchLen(a *addr6) int {
	return min(keyOf(a.ip).common(keyOf(s.dst)), a.Prefix.Bits())
}

// orchid reports whether a is in 2001:10::/28.
func orchid(a netip.Addr) bool { return keyOf(a).hi>>36 == 0x2001001 }

// labels is the kernel's default policy table, longest prefixes first
// (net/ipv6/addrlabel.c, ip6addrlbl_init_table).
var labels = [...]struct {
	key   bitkey
	bits  int
	label uint8
}{
	{bitkey{0, 1}, 128, 0},              // ::1
	{bitkey{0, 0}, 96, 3},               // ::/96, IPv4-compatible
	{bitkey{0, 0xffff << 32}, 96, 4},    // ::ffff:0:0/96, IPv4-mapped
	{bitkey{0x2001 << 48, 0}, 32, 6},    // 2001::/32, Teredo
	{bitkey{0x2001001 << 36, 0}, 28, 7}, // 2001:10::/28, ORCHID
	{bitkey{0x3ffe << 48, 0}, 16, 12},   // 6bone
	{bitkey{0x2002 << 48, 0}, 16, 2},    // 6to4
	{bitkey{0xfec0 << 48, 0}, 10, 11},   // site-local
	{bitkey{0xfc00 << 48, 0}, 7, 5},     // unique local
}

func labelOf(a netip.Addr) uint8 {
	k := keyOf(a)
	for i := range labels {
		if l := &labels[i]; k.common(l.key) >= l.bits {
			return l.label
		}
	}
	return 1
}
