package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// forward passes the packet on (net/ipv4/ip_forward.c, ip_forward;
// net/ipv6/ip6_output.c, ip6_forward).
func (tr *transit) forward() {
	tr.out = tr.s.node.linkByIndex(tr.route.Link)
	if tr.PacketType() != netfilter.ToHost {
		tr.drop(NoRoute, StepLocal, "frames to broadcast and multicast addresses are not forwarded")
		return
	}
	if tr.socket.assigned != nil {
		tr.drop(NoRoute, StepLocal, "packets that TPROXY gave to a socket are not forwarded: they lack a local route")
		return
	}
	if tr.pkt.TTL() <= 1 {
		tr.drop(Expired, StepLocal, fmt.Sprintf("time to live %d is used up", tr.pkt.TTL()))
		tr.timeExceeded()
		return
	}
	if tr.c.Family == netfilter.IPv6 {
		tr.redirect() // ahead of everything else
	}
	if tr.exceeds(tr.mtu()) {
		tr.refuseLong(tr.mtu())
		return
	}
	tr.c.Edit().SetTTL(tr.pkt.TTL() - 1)
	if tr.c.Family == netfilter.IPv4 {
		tr.redirect()
	}
	if tr.c.Family == netfilter.IPv4 {
		tr.prioritize()
	}
	if !tr.hook(netfilter.Forward) {
		return
	}
	if tr.recordLeaving(); !tr.hook(netfilter.Postrouting) || !tr.fits() {
		return
	}
	tr.finish(Forwarded, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: leavesBy{tr.out}}))
}

// mtu returns how many bytes fit the way out, as far as forwarding looks.
func (tr *transit) mtu() int {
	if tr.route.MTU > 0 {
		return tr.route.MTU
	}
	return 1500
}

// exceeds reports whether the packet is longer than that and may not be cut: it
// is not to be fragmented, or was not by its sender, or came in fragments that
// are too long themselves (net/ipv4/ip_forward.c, ip_exceeds_mtu;
// net/ipv6/ip6_output.c, ip6_pkt_too_big).
func (tr *transit) exceeds(mtu int) bool {
	if tr.pkt.Len() <= mtu || tr.c.Family == netfilter.IPv4 && !tr.pkt.DontFragment() {
		return false
	}
	return tr.frag.Whole() || tr.frag.Largest > mtu
}

// priorities are those of packets that are forwarded, by four bits of the type of
// service (net/ipv4/route.c, ip_tos2prio).
var priorities = [16]uint32{0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4}

// prioritize gives a packet that is forwarded the priority of its type of service
// (net/ipv4/ip_forward.c, ip_forward).
func (tr *transit) prioritize() {
	if p := priorities[tr.pkt.TOS()>>1&15]; p != tr.pkt.Priority {
		tr.c.Edit().Priority = p
	}
}
