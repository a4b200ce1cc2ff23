package simulate

import (
	"errors"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// loopbackState is the state of a packet that is received by the host which sent it.
type loopbackState struct {
	returned  bool // it was received again
	copied    bool // it is a copy of a packet that continues: a loopback copy, or a fragment
	forHost   bool // it is the loopback copy of a broadcast or multicast packet
	routeLost bool // address translation dropped the attached route
}

// returnByLo receives the packet on lo, with its route and connection still attached,
// in fragments if it was fragmented on output.
func (tr *transit) returnByLo() {
	if parts := tr.fragments(); parts != nil {
		tr.returnFragments(parts)
		return
	}
	if !tr.comeBack() || !tr.wantedOnLo() || !tr.takeIn() {
		return
	}
	tr.finish(Delivered, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("delivered to the host itself")}))
	tr.answer()
}

// wantedOnLo drops an IPv4 multicast packet that was routed to lo if no group
// membership exists there, and then returns false.
func (tr *transit) wantedOnLo() bool {
	if tr.c.Family == netfilter.IPv4 && tr.route.Type == fib.TypeMulticast {
		tr.drop(NoRoute, StepRoute, "nobody on this host has joined "+tr.pkt.Dst().String()+" on lo")
		return false
	}
	tr.route.Kind = fib.KindLocal
	return true
}

// returnFragments receives the fragments of the packet one by one.
func (tr *transit) returnFragments(parts []netfilter.Packet) {
	for _, p := range parts {
		c := tr.copy(p.Clone())
		c.skb.forgetFragments()
		if c.comeBack() && c.wantedOnLo() && c.takeIn() {
			tr.finish(Delivered, c.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("delivered to the host itself")}))
			c.answer()
			return
		}
		if c.outcome.err != nil {
			tr.refuse(c.outcome.err)
			return
		}
	}
	tr.finish(Dropped, tr.res.last())
}

// copy returns a transit for a copy of the packet, p. Its steps are appended to the
// result of tr, but its fate is not recorded there.
func (tr *transit) copy(p netfilter.Packet) *transit {
	c := *tr
	c.loopback.copied, c.walker = true, tr.walker.Fork()
	c.path.forget()
	c.pkt = p
	c.pkt.Socket = nil
	c.bind()
	return &c
}

// comeBack receives a locally generated packet on its output link and runs PREROUTING;
// it returns false if the path of the packet ended there. The packet no longer belongs
// to a socket (net/ipv4/ip_input.c, ip_rcv_core, skb_orphan). Its route remains valid
// unless DNAT changes its destination.
func (tr *transit) comeBack() bool {
	tr.in, tr.out = tr.out, nil
	tr.loopback.returned = true
	tr.c.Edit().Socket = nil
	tr.arrivedBy(tr.in)
	if tr.loopback.copied && !tr.in.Loopback {
		tr.res.log.loseHeader()
	}
	if why := tr.malformed(); why != "" {
		tr.at(netfilter.Prerouting)
		tr.drop(Malformed, StepLocal, why)
		return false
	}
	switch {
	case !tr.hook(netfilter.Prerouting):
	case !tr.loopback.routeLost:
		return tr.options4()
	case tr.loopback.copied:
		tr.refuse(errCopyTranslated)
	default:
		tr.routeInput()
	}
	return false
}

var errCopyTranslated = errors.New("the host's copy of the packet was translated to another destination as it came back in; that is not modelled")

// copyToHost makes the loopback copy of a broadcast or multicast packet. The copy
// passes POSTROUTING too, for IPv4 before the packet and for IPv6 after it, and is
// received on the packet's output link (net/ipv4/ip_output.c, ip_mc_output;
// net/ipv6/ip6_output.c, ip6_finish_output2; net/core/dev.c, dev_loopback_xmit).
// Targets that write to the shared data without skb_ensure_writable change both packet
// and copy.
func (tr *transit) copyToHost() {
	before := tr.pkt.Dst()
	c := tr.copy(tr.pkt.Share())
	c.loopback.forHost = true
	passed := c.hook(netfilter.Postrouting)
	tr.c.Conn, tr.c.CTState = c.c.Conn, c.c.CTState // before a socket that receives the copy gives up its connection
	if passed {
		tr.s.later(func() { c.takeCopy(before) })
	}
	tr.c.Edit()
	tr.walker.Refresh()
}

// takeCopy receives the loopback copy of a packet whose destination was before. Its
// checksum is not verified (net/core/dev.c, dev_loopback_xmit).
func (tr *transit) takeCopy(before netip.Addr) {
	tr.c.Edit().TrustChecksum()
	tr.route.Kind = fib.KindBroadcast
	if tr.route.Type == fib.TypeMulticast {
		tr.route.Kind = fib.KindMulticast
	}
	if tr.comeBack() && tr.wantedCopy(before) && tr.takeIn() {
		tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("a copy is delivered to the host itself")})
		tr.answer()
	}
}

// wantedCopy reports whether the host accepts a loopback copy whose destination rules
// have changed: it must have joined the new group (net/ipv6/ip6_input.c,
// ip6_mc_input). A copy whose attached route is for a unicast destination is dropped
// (net/ipv6/ip6_output.c, ip6_forward).
func (tr *transit) wantedCopy(before netip.Addr) bool {
	dst := tr.pkt.Dst()
	if dst.Is6() && tr.route.Type != fib.TypeMulticast {
		tr.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, detail: words("the copy still has the route of a packet for another host")})
		return false
	}
	if dst == before || dst.Is4() || tr.s.node.machine.FIB.Joined(tr.in.Index, dst) {
		return true
	}
	tr.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, detail: words("nobody on this host has joined " + dst.String() + " on " + tr.in.String())})
	return false
}

// backlog is the queue of packets that the host sent to itself, on lo or as loopback
// copies. They are received when the CPU has finished the packet being received, or
// the table from which a reply was sent (net/core/dev.c, netif_rx, process_backlog).
type backlog struct {
	waiting []func()
	held    bool
}

// later queues a packet, or receives it immediately if the queue is not held, as for a
// packet that a process sends.
func (b *backlog) later(comeBack func()) {
	b.waiting = append(b.waiting, comeBack)
	b.release(b.held)
}

// hold stops the processing of the queue until release is called with the value that
// hold returned.
func (b *backlog) hold() (held bool) {
	held, b.held = b.held, true
	return held
}

// release processes the queue, unless an outer hold is still in effect.
func (b *backlog) release(held bool) {
	if held {
		return
	}
	b.held = true
	for i := 0; i < len(b.waiting); i++ { // processing may append to the queue
		b.waiting[i]()
	}
	b.waiting, b.held = nil, false
}
