package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// AddrType implements netfilter.RouteEngine.
func (tr *transit) AddrType(a netip.Addr, dev string) netfilter.AddrType {
	index := 0
	if dev != "" {
		l := tr.s.node.machine.Link(dev)
		if l == nil {
			return netfilter.AddrUnicast
		}
		index = l.Index
	}
	return netfilter.AddrType(tr.s.node.machine.FIB.AddrType(a, index))
}

// ReversePath implements netfilter.RouteEngine (net/ipv4/netfilter/ipt_rpfilter.c,
// rpfilter_mt; net/ipv6/netfilter/ip6t_rpfilter.c, rpfilter_mt). A packet
// with an unspecified source matches: IPv6 ::, or IPv4 0.0.0.0/8 if the destination is
// link-local multicast or broadcast.
func (tr *transit) ReversePath(o netfilter.ReversePath) bool {
	if tr.in == nil || tr.in.Loopback || tr.loopback.copied {
		return true
	}
	src, dst := tr.pkt.Src(), tr.pkt.Dst()
	if src.Is4() && src.As4()[0] == 0 && (dst.IsLinkLocalMulticast() || dst.As4() == [4]byte{255, 255, 255, 255}) ||
		src == netip.IPv6Unspecified() {
		return true
	}
	k := tr.key()
	k.IIF, k.Proto = tr.in.Index, tr.pkt.NextHeader()
	return tr.s.node.machine.FIB.ReversePath(k, fib.ReverseOptions(o))
}

// RouteLink implements netfilter.RouteEngine (net/ipv4/netfilter/nft_fib_ipv4.c,
// nft_fib4_eval; net/ipv6/netfilter/nft_fib_ipv6.c, nft_fib6_eval). For packets that are
// received on lo or as loopback copies, and for those with an unspecified source to
// multicast or broadcast, the result is the input link.
func (tr *transit) RouteLink(q netfilter.RouteQuery) string {
	src, dst := tr.pkt.Src(), tr.pkt.Dst()
	asksForAddress := src.Is4() && src.As4()[0] == 0 && (dst.IsLinkLocalMulticast() || dst.As4() == [4]byte{255, 255, 255, 255}) ||
		tr.c.Hook == netfilter.Prerouting && tr.isICMP() && src == netip.IPv6Unspecified() && dst.IsLinkLocalMulticast()
	justArrived := tr.c.Hook == netfilter.Prerouting || tr.c.Hook == netfilter.Input
	if tr.in != nil && (asksForAddress || justArrived && (tr.in.Loopback || tr.loopback.copied)) {
		return tr.in.Name
	}
	wanted, device := tr.routeLinks(q)
	k := fib.Key{Dst: dst, Src: src, TOS: tr.pkt.TOS(), Proto: tr.pkt.NextHeader(), OIF: device}
	if q.Source {
		k.Dst, k.Src = src, dst
		if tr.c.Hook == netfilter.Forward && q.In {
			k.IIF = tr.out.Index
		}
	}
	if q.Mark {
		k.Mark = tr.pkt.Mark
	}
	if l := tr.s.node.machine.LinkByIndex(tr.s.node.machine.FIB.LinkTo(k, wanted)); l != nil {
		return l.Name
	}
	return ""
}

// routeLinks returns the index of the link that the route must have, 0 for any, and that
// of the link on which link-local addresses are looked up.
func (tr *transit) routeLinks(q netfilter.RouteQuery) (wanted, device int) {
	switch {
	case q.Out && tr.out != nil:
		return tr.out.Index, tr.out.Index
	case q.In && tr.in != nil:
		return tr.in.Index, tr.in.Index
	case tr.out != nil && tr.c.Out != "":
		return 0, tr.out.Index
	case tr.in != nil:
		return 0, tr.in.Index
	}
	return 0, 0
}

// HasRoute implements netfilter.RouteEngine.
func (tr *transit) HasRoute() bool { return tr.c.Hook != netfilter.Prerouting || tr.loopback.returned }

// Gateway implements netfilter.RouteEngine.
func (tr *transit) Gateway() netip.Addr {
	if tr.c.Family == netfilter.IPv4 {
		return tr.nextHop4()
	}
	return tr.nextHop()
}

// Realm implements netfilter.RouteEngine (net/netfilter/xt_realm.c, realm_mt). Packets
// forwarded by a bridge have no route.
func (tr *transit) Realm() uint32 { return uint32(tr.route.Realm) }

// PathMTU implements netfilter.RouteEngine (net/netfilter/xt_TCPMSS.c,
// tcpmss_reverse_mtu).
func (tr *transit) PathMTU() int {
	mtu := tr.mtu()
	if back, errno := tr.s.node.machine.FIB.Output(fib.Key{Dst: tr.pkt.Src(), AnySource: true}); errno == 0 && back.MTU > 0 {
		mtu = min(mtu, back.MTU)
	}
	return mtu
}

// MasqueradeAddr implements netfilter.RouteEngine (net/netfilter/nf_nat_masquerade.c,
// nf_nat_masquerade_ipv4, nf_nat_masquerade_ipv6).
func (tr *transit) MasqueradeAddr() (netip.Addr, bool) {
	var a netip.Addr
	var ok bool
	if tr.c.Family == netfilter.IPv6 {
		a, ok = tr.s.node.machine.FIB.SelectAddr6(tr.out.Index, tr.pkt.Dst())
	} else {
		a, ok = tr.linkAddr4()
	}
	if ok && tr.c.Conn != nil {
		tr.c.Conn.OutDev = tr.c.Out
	}
	return a, ok
}

// linkAddr4 returns the IPv4 address of the output link that is preferred as the source
// for the next hop (net/ipv4/devinet.c, inet_select_addr).
func (tr *transit) linkAddr4() (netip.Addr, bool) {
	return tr.s.node.machine.FIB.SelectAddr(tr.out.Index, tr.nextHop4(), fib.ScopeGlobal)
}

// RedirectAddr implements netfilter.RouteEngine (net/netfilter/nf_nat_redirect.c).
func (tr *transit) RedirectAddr() (netip.Addr, bool) {
	if tr.c.Hook == netfilter.Output {
		if tr.c.Family == netfilter.IPv6 {
			return netip.IPv6Loopback(), true
		}
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	return tr.s.node.machine.FIB.RedirectAddr(tr.in.Index, tr.pkt.Dst())
}
