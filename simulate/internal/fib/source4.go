package fib

import "net/netip"

// validSource4 reports whether a packet from k.Src may arrive on l when it goes to
// dst (0.0.0.0 for broadcasts and multicasts) through link out, 0 if it stays
// (net/ipv4/fib_frontend.c, fib_validate_source).
func (f *FIB) validSource4(k *Key, l *link, dst netip.Addr, out int) (ok bool, tag Realm) {
	if l.rpFilter == 0 && !f.realms && (out != l.Index || !l.sendRedirects) {
		if l.acceptLocal {
			return true, 0
		}
		if !f.customLocal4 && !f.custom4 {
			return f.owner4[k.Src] == nil, 0
		}
	}
	ok, _, tag = f.checkSource4(k, l, dst, out)
	return ok, tag
}

// checkSource4 is the full check (__fib_validate_source): is there a route back,
// is it of a possible type, and, if rp_filter is 1, through the same link? near
// reports whether the source is a neighbour on that link.
func (f *FIB) checkSource4(k *Key, l *link, dst netip.Addr, out int) (ok, near bool, tag Realm) {
	back := Key{Dst: k.Src, Src: dst, TOS: k.TOS, IIF: out, Proto: k.Proto, SrcPort: k.DstPort, DstPort: k.SrcPort}
	if out == 0 {
		back.IIF = f.lo.Index
	}
	if l.validMark {
		back.Mark = k.Mark
	}
	fl := flowKeyOf(&back)
	if !f.dissect4 {
		fl.proto = 0
	}
	var m match
	if f.lookup(&fl, &m) != 0 {
		return l.rpFilter == 0, false, 0
	}
	if t := m.e.typ; t != TypeUnicast && (t != TypeLocal || !l.acceptLocal) {
		return false, false, 0
	}
	tag = m.backTag()
	if m.e.usesLink(l) || m.e.typ == TypeLocal && l.Loopback {
		return true, m.near(), tag
	}
	if len(l.addrs4) == 0 {
		return l.rpFilter == 0, false, 0
	}
	if l.rpFilter == 1 {
		return false, false, 0
	}
	fl.oif, fl.want, fl.flags.ignoreDown = l.Index, l.Index, true
	return true, f.lookup(&fl, &m) == 0 && m.e.typ == TypeUnicast && m.near(), tag
}

// near reports whether the destination itself is the next hop (nhc_scope is
// RT_SCOPE_HOST or less).
func (m *match) near() bool { return !m.nh().via.IsValid() }

// redirects4 reports whether the sender of a packet that leaves by the link it
// came by is told of the better way (__mkroute_input; shared_media is taken to
// be on).
func (f *FIB) redirects4(k *Key, l *link, dst netip.Addr, out int) bool {
	if out != l.Index || !l.sendRedirects {
		return false
	}
	_, near, _ := f.checkSource4(k, l, dst, out)
	return near
}

// PreferredSource returns the IPv4 source the kernel prefers for what k asks,
// which is not further looked at; false if there is no route (fib_lookup,
// net/ipv4/fib_semantics.c, fib_result_prefsrc). An IIF of 0 is the host itself.
func (f *FIB) PreferredSource(k Key) (netip.Addr, bool) {
	if k.IIF == 0 {
		k.IIF = f.lo.Index
	}
	fl := flowKeyOf(&k)
	var m match
	if f.lookup(&fl, &m) != 0 {
		return netip.Addr{}, false
	}
	return m.e.source4(m.nh()), true
}

// KnownAs returns the host's IPv4 address for answers to a packet that came in by
// k.IIF and is not for one of its addresses: the one that the way back to k.Src
// starts from (net/ipv4/fib_frontend.c, fib_compute_spec_dst).
func (f *FIB) KnownAs(k Key) netip.Addr {
	l, scope := f.links[k.IIF], ScopeGlobal
	if k.Src.As4()[0] == 0 {
		scope = ScopeLink
	} else {
		back := Key{Dst: k.Src, TOS: k.TOS}
		if l.validMark {
			back.Mark = k.Mark
		}
		if a, ok := f.PreferredSource(back); ok {
			return a
		}
	}
	return f.selectAddr4(l, k.Src, scope.kernel())
}
