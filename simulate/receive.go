package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// receive takes a packet in from f.in (net/ipv4/ip_input.c, ip_rcv;
// net/ipv6/ip6_input.c, ipv6_rcv).
func (f *flow) receive() {
	f.arrivedBy(f.in)
	f.at(netfilter.Prerouting)
	if f.PacketType(nil) == netfilter.ToOther {
		f.drop(Martian, StepLocal, "the frame is for the Ethernet address of another host: "+f.pkt.DstMAC.String())
		return
	}
	if why := f.malformed(); why != "" {
		f.drop(Malformed, StepLocal, why)
		return
	}
	if !f.hopByHop() || !f.hook(netfilter.Prerouting) {
		return
	}
	f.at(netfilter.Prerouting)
	f.routeInput()
}

// damaged says why the IP header is refused for itself, which a bridge does as
// well; "" if it is not (net/bridge/br_netfilter_hooks.c, br_validate_ipv4).
func (f *flow) damaged() string {
	if f.c.Family == netfilter.IPv4 && packet.Checksum(f.pkt.Wire()[:f.pkt.HeaderLen()], 0) != 0 {
		return "the checksum of the IP header is wrong"
	}
	return ""
}

// malformed says why the IP header is refused before any rule sees it; ""
// if it is not.
func (f *flow) malformed() string {
	if f.c.Family == netfilter.IPv4 {
		return f.damaged()
	}
	k := f.s.node.fib.PreCheck(f.pkt.Src(), f.pkt.Dst(), f.in.index)
	if k == fib.KindNone || f.copied && k == fib.KindMartianDestination && f.pkt.Dst().IsInterfaceLocalMulticast() {
		return ""
	}
	return k.String()
}

// routeInput decides between the host itself and forwarding.
func (f *flow) routeInput() {
	if f.pkt.NextHeader() == packet.ProtoTCP {
		f.refresh()
		f.pullTransport()
	}
	k := f.key()
	k.IIF = f.in.index
	f.route, _ = f.choose(f.s.node.fib.Input(k))
	step := f.note(Step{Kind: StepRoute, Detail: f.describeRoute()})
	if f.hasRoute() && !f.options4() {
		return
	}
	switch f.route.Kind {
	case fib.KindLocal, fib.KindBroadcast, fib.KindMulticast:
		f.input()
	case fib.KindForward:
		f.forward()
	case fib.KindMartianSource, fib.KindMartianDestination:
		f.finish(Martian, step)
	case fib.KindUnreachable, fib.KindProhibit:
		f.finish(NoRoute, step)
		f.unreachable(f.route.Code)
	default:
		f.finish(NoRoute, step)
	}
}

// hasRoute reports that routing gave the packet a way, be it the one to an error
// (net/ipv4/route.c, ip_error).
func (f *flow) hasRoute() bool {
	k := f.route.Kind
	return k <= fib.KindForward || k == fib.KindUnreachable || k == fib.KindProhibit || k == fib.KindNoForwarding
}

// choose chooses one of several next hops.
func (f *flow) choose(r fib.Result) (fib.Result, fib.Errno) {
	if len(r.Nexthops) < 2 {
		return r, 0
	}
	return f.s.node.fib.Pick(r, f.s.chance.Weighted(len(r.Nexthops), func(n int) (sum uint64) {
		for _, h := range r.Nexthops[:n+1] {
			sum += uint64(max(h.Weight, 1))
		}
		return sum
	}))
}

// input hands the packet to the host itself (net/ipv4/ip_input.c,
// ip_local_deliver).
func (f *flow) input() {
	if !f.takeIn() {
		return
	}
	f.finish(Delivered, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "delivered to the host"}))
	f.answer()
}

// takeIn sends the packet through INPUT, whole at the end; false if it ends here.
func (f *flow) takeIn() bool {
	return f.reassemble4() && f.hook(netfilter.Input) && f.reassemble6()
}

// forward passes the packet on (net/ipv4/ip_forward.c, ip_forward;
// net/ipv6/ip6_output.c, ip6_forward).
func (f *flow) forward() {
	f.out = f.s.node.linkByIndex(f.route.Link)
	if f.PacketType(nil) != netfilter.ToHost {
		f.drop(NoRoute, StepLocal, "frames to broadcast and multicast addresses are not forwarded")
		return
	}
	if f.diverted != nil {
		f.drop(NoRoute, StepLocal, "packets that TPROXY gave to a socket are not forwarded: they lack a local route")
		return
	}
	if f.pkt.TTL() <= 1 {
		f.drop(Expired, StepLocal, fmt.Sprintf("time to live %d is used up", f.pkt.TTL()))
		f.timeExceeded()
		return
	}
	if f.c.Family == netfilter.IPv6 {
		f.redirect() // ahead of everything else
	}
	if f.exceeds(f.mtu()) {
		f.refuseLong(f.mtu())
		return
	}
	f.c.Edit().SetTTL(f.pkt.TTL() - 1)
	if f.c.Family == netfilter.IPv4 {
		f.redirect()
	}
	if !f.hook(netfilter.Forward) {
		return
	}
	if f.recordLeaving(); !f.hook(netfilter.Postrouting) || !f.fits() {
		return
	}
	f.finish(Forwarded, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "leaves by " + linkName(f.out.name)}))
}

// mtu returns how many bytes fit the way out, as far as forwarding looks.
func (f *flow) mtu() int {
	if f.route.MTU > 0 {
		return f.route.MTU
	}
	return 1500
}

// exceeds reports whether the packet is longer than that and may not be cut: it
// is not to be fragmented, or was not by its sender, or came in fragments that
// are too long themselves (net/ipv4/ip_forward.c, ip_exceeds_mtu;
// net/ipv6/ip6_output.c, ip6_pkt_too_big).
func (f *flow) exceeds(mtu int) bool {
	if f.pkt.Len() <= mtu || f.c.Family == netfilter.IPv4 && !f.pkt.DontFragment() {
		return false
	}
	return f.frag.Whole() || f.frag.Largest > mtu
}
