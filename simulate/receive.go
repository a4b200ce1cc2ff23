package simulate

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// receive processes a packet received on the link tr.in (net/ipv4/ip_input.c, ip_rcv;
// net/ipv6/ip6_input.c, ipv6_rcv).
func (tr *transit) receive() {
	tr.arrivedBy(tr.in)
	tr.at(netfilter.Prerouting)
	if tr.PacketType() == netfilter.ToOther {
		tr.drop(Martian, StepLocal, "the frame is for the Ethernet address of another host: "+tr.pkt.DstMAC.String())
		return
	}
	if why := tr.malformed(); why != "" {
		tr.drop(Malformed, StepLocal, why)
		return
	}
	if !tr.hopByHop() || !tr.hook(netfilter.Prerouting) {
		return
	}
	tr.at(netfilter.Prerouting)
	tr.routeInput()
}

// damaged returns why the IP header is invalid regardless of its addresses; "" if it
// is valid. Bridges make this check, too (net/bridge/br_netfilter_hooks.c,
// br_validate_ipv4).
func (tr *transit) damaged() string {
	if tr.c.Family == netfilter.IPv4 && packet.Checksum(tr.pkt.Wire()[:tr.pkt.HeaderLen()], 0) != 0 {
		return "the checksum of the IP header is wrong"
	}
	return ""
}

// malformed returns why the IP header is rejected before PREROUTING; "" if it is
// not.
func (tr *transit) malformed() string {
	if tr.c.Family == netfilter.IPv4 {
		return tr.damaged()
	}
	k := tr.s.node.machine.FIB.PreCheck(tr.pkt.Src(), tr.pkt.Dst(), tr.in.Index)
	if k == fib.KindNone || tr.loopback.copied && k == fib.KindMartianDestination && tr.pkt.Dst().IsInterfaceLocalMulticast() {
		return ""
	}
	return k.String()
}

// routeInput looks up the route of a received packet and delivers, forwards or drops
// the packet.
func (tr *transit) routeInput() {
	if tr.pkt.NextHeader() == packet.ProtoTCP {
		tr.walker.Refresh()
		tr.pullTransport()
	}
	k := tr.key()
	k.IIF, k.Attached = tr.in.Index, tr.bridge.keptRoute
	tr.route, _ = tr.choose(tr.s.node.machine.FIB.Input(k))
	step := tr.note(Step{Kind: StepRoute, detail: tr.describeRoute()})
	if tr.route.Kind.Dropped() {
		tr.res.Steps[step].detail = words(tr.s.node.machine.WhyNotRouted(&tr.route, k, tr.in))
	}
	if tr.hasRoute() && !tr.options4() {
		return
	}
	switch tr.route.Kind {
	case fib.KindLocal, fib.KindBroadcast, fib.KindMulticast:
		tr.input()
	case fib.KindForward:
		tr.assumeForwarding()
		tr.forward()
	case fib.KindMartianSource, fib.KindMartianDestination:
		tr.finish(Martian, step)
	case fib.KindUnreachable, fib.KindProhibit:
		tr.finish(NoRoute, step)
		tr.unreachable(tr.route.Code)
	default:
		tr.finish(NoRoute, step)
	}
}

// hasRoute reports whether the lookup attached a route to the packet, which may be
// one whose input function sends an ICMP error (net/ipv4/route.c, ip_error).
func (tr *transit) hasRoute() bool {
	k := tr.route.Kind
	return k <= fib.KindForward || k == fib.KindUnreachable || k == fib.KindProhibit || k == fib.KindNoForwarding
}

// choose selects one next hop of a multipath route.
func (tr *transit) choose(r fib.Result) (fib.Result, fib.Errno) {
	if len(r.Nexthops) < 2 {
		return r, 0
	}
	return tr.s.node.machine.FIB.Pick(r, tr.s.chance.Weighted(len(r.Nexthops), func(n int) (sum uint64) {
		for _, h := range r.Nexthops[:n+1] {
			sum += uint64(max(h.Weight, 1))
		}
		return sum
	}))
}

// input delivers the packet locally (net/ipv4/ip_input.c, ip_local_deliver).
func (tr *transit) input() {
	if !tr.takeIn() {
		return
	}
	tr.finish(Delivered, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("delivered to the host")}))
	tr.answer()
}

// takeIn runs the hook INPUT and reassembles the packet, IPv4 before the hook and
// IPv6 after it. It returns false if the packet was dropped or is incomplete.
func (tr *transit) takeIn() bool {
	return tr.reassemble4() && tr.hook(netfilter.Input) && tr.reassemble6()
}
