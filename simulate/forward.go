package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// forward forwards the packet (net/ipv4/ip_forward.c, ip_forward;
// net/ipv6/ip6_output.c, ip6_forward).
func (tr *transit) forward() {
	tr.out = tr.s.node.machine.LinkByIndex(tr.route.Link)
	if tr.PacketType() != netfilter.ToHost {
		tr.drop(NoRoute, StepLocal, "frames to broadcast and multicast addresses are not forwarded")
		return
	}
	if tr.skb.socket.assigned != nil {
		tr.drop(NoRoute, StepLocal, "packets that TPROXY gave to a socket are not forwarded: they lack a local route")
		return
	}
	if tr.pkt.TTL() <= 1 {
		tr.drop(Expired, StepLocal, fmt.Sprintf("time to live %d is used up", tr.pkt.TTL()))
		tr.timeExceeded()
		return
	}
	if tr.c.Family == netfilter.IPv6 {
		tr.redirect() // before the MTU check and the decrement of the hop limit
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

// mtu returns the MTU in bytes that ip_forward and ip6_forward compare with.
func (tr *transit) mtu() int {
	if tr.route.MTU > 0 {
		return tr.route.MTU
	}
	return 1500
}

// exceeds reports whether the packet is longer than mtu and must not be fragmented:
// it has DF set or is IPv6, and it was received unfragmented, or in fragments of
// which the largest exceeds mtu (net/ipv4/ip_forward.c, ip_exceeds_mtu;
// net/ipv6/ip6_output.c, ip6_pkt_too_big).
func (tr *transit) exceeds(mtu int) bool {
	if tr.pkt.Len() <= mtu || tr.c.Family == netfilter.IPv4 && !tr.pkt.DontFragment() {
		return false
	}
	return tr.skb.frag.Whole() || tr.skb.frag.Largest > mtu
}

// priorities maps bits 1 to 4 of the type of service to the priority of a forwarded
// packet (net/ipv4/route.c, ip_tos2prio).
var priorities = [16]uint32{0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4}

// prioritize sets the priority of a forwarded packet from its type of service
// (net/ipv4/ip_forward.c, ip_forward).
func (tr *transit) prioritize() {
	if p := priorities[tr.pkt.TOS()>>1&15]; p != tr.pkt.Priority {
		tr.c.Edit().Priority = p
	}
}
