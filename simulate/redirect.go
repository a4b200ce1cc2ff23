package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/icmp"
	"github.com/packetpath/packetpath/simulate/internal/ipopt"
)

const (
	ndTargetLinkLayer = 2 // options of neighbour discovery (RFC 4861, 4.6)
	ndRedirectedPart  = 4
)

// redirect sends an ICMP redirect if the packet is forwarded to the link on which it
// was received. It sends none on the unnamed link of a host without a list of links,
// which stands for all links.
func (tr *transit) redirect() {
	if !tr.route.Redirect || tr.loopback.copied || !tr.s.node.machine.Lists() {
		return
	}
	if tr.c.Family == netfilter.IPv6 {
		tr.redirect6(tr.nextHop())
		return
	}
	if !tr.sourceRouted() && tr.s.stack.redirects.Allow4(tr.pkt.Src(), tr.s.now, tr.s.node.machine.Sysctl.Redirects) {
		a := tr.nextHop4().As4()
		rest := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
		tr.sendError(icmp.Error{Type: packet.ICMPRedirect, Code: packet.ICMPRedirectHost, Rest: rest})
	}
}

// redirect6 sends the redirect of neighbour discovery, which comes from the
// link-local address of the link (net/ipv6/ip6_output.c, ip6_forward;
// net/ipv6/ndisc.c, ndisc_send_redirect). It contains the hardware address of the
// better next hop if it is known; on links without neighbour discovery that is the
// address of the link itself.
func (tr *transit) redirect6(better netip.Addr) {
	if tr.sourceRouted() || !tr.s.stack.redirects.Allow6(tr.pkt.Dst(), tr.s.now) {
		return
	}
	from, ok := tr.s.node.machine.FIB.LinkLocal(tr.in.Index)
	if !ok || better != tr.pkt.Dst() && !packet.IsLinkLocal(better) {
		return
	}
	back, errno := tr.s.node.machine.FIB.Output(fib.Key{Dst: tr.pkt.Src(), Src: from, OIF: tr.in.Index, Proto: packet.ProtoICMPv6})
	if errno != 0 || back.Gateway.IsValid() || !tr.s.stack.redirects.Allow6(tr.pkt.Src(), tr.s.now) {
		return
	}
	dst := tr.pkt.Dst()
	body := append(better.AsSlice(), dst.AsSlice()...)
	if tr.in.NoARP && !tr.in.NoHeader {
		body = append(append(body, ndTargetLinkLayer, 1), tr.in.MAC[:]...)
	}
	const headers = 40 + 8
	n := min(frag.MinMTU6-headers-len(body), tr.pkt.Len()+8) &^ 7
	quoted := make([]byte, n-8)
	copy(quoted, tr.pkt.Wire())
	body = append(append(body, ndRedirectedPart, uint8(n/8), 0, 0, 0, 0, 0, 0), quoted...)
	p := built(packet.Spec{Src: from, Dst: tr.pkt.Src(), Proto: packet.ProtoICMPv6, ICMPType: packet.ICMPv6Redirect, TTL: 255, Payload: body})
	if p.IsValid() {
		tr.replyPacket(p, attachNone, tr.in.Index)
	}
}

// sourceRouted reports whether the packet has an IPv4 source route option or an IPv6
// routing header.
func (tr *transit) sourceRouted() bool {
	if tr.c.Family == netfilter.IPv6 {
		return ipopt.SourceRouted6(tr.pkt.Wire())
	}
	return ipopt.SourceRouted4(tr.pkt.Wire()[:tr.pkt.HeaderLen()])
}
