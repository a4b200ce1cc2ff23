package simulate

import (
	"errors"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// loopbackState is what becomes of a packet that comes back to the host which sent
// it.
type loopbackState struct {
	returned  bool // it came back in
	copied    bool // it is the copy of a packet that goes on: the copy for the host itself, or a fragment
	forHost   bool // it is the copy of a packet to a group that the host itself gets
	routeLost bool // address translation lost the route that it came back with
}

// returnByLo brings the packet back in by lo, with its route and connection
// still attached, in fragments if it leaves so.
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

// wantedOnLo settles the fate of an IPv4 multicast packet that was routed to
// lo, where nobody has joined its group.
func (tr *transit) wantedOnLo() bool {
	if tr.c.Family == netfilter.IPv4 && tr.route.Type == fib.TypeMulticast {
		tr.drop(NoRoute, StepRoute, "nobody on this host has joined "+tr.pkt.Dst().String()+" on lo")
		return false
	}
	tr.route.Kind = fib.KindLocal
	return true
}

// returnFragments brings the fragments of the packet back in, one by one.
func (tr *transit) returnFragments(parts []netfilter.Packet) {
	for _, p := range parts {
		c := tr.copy(p.Clone())
		c.frag = frag.Received{}
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
	tr.finish(Dropped, len(tr.res.Steps)-1)
}

// copy returns a transit that goes on with another packet in the place of this
// one: its steps count as this one's, its fate does not.
func (tr *transit) copy(p netfilter.Packet) *transit {
	c := *tr
	c.loopback.copied, c.path.kept, c.walker = true, false, tr.walker.Fork()
	c.pkt = p
	c.pkt.Socket = nil
	c.bind()
	return &c
}

// comeBack takes a packet of the host's own in by the link it leaves by, up to
// its way through PREROUTING; false if that settled what becomes of it. It no
// longer belongs to a socket (net/ipv4/ip_input.c, ip_rcv_core, skb_orphan). The
// route it had holds unless it is translated to another destination on the way.
func (tr *transit) comeBack() bool {
	tr.in, tr.out = tr.out, nil
	tr.loopback.returned = true
	tr.c.Edit().Socket = nil
	tr.arrivedBy(tr.in)
	if tr.loopback.copied && !tr.in.Loopback {
		tr.res.links[len(tr.res.links)-1].kind = nflog.Headless // a copy has lost its link header
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

// copyToHost gives the host itself its copy of a broadcast or multicast packet,
// which goes through POSTROUTING as well, for IPv4 ahead of the packet and for
// IPv6 behind it, and comes back in by the link it would leave by
// (net/ipv4/ip_output.c, ip_mc_output; net/ipv6/ip6_output.c,
// ip6_finish_output2; net/core/dev.c, dev_loopback_xmit). Rules that write
// without asking change the packet with its copy.
func (tr *transit) copyToHost() {
	before := tr.pkt.Dst()
	c := tr.copy(tr.pkt.Share())
	c.loopback.forHost = true
	if c.hook(netfilter.Postrouting) {
		tr.s.later(func() { c.takeCopy(before) })
	}
	tr.c.Conn, tr.c.CTState = c.c.Conn, c.c.CTState
	tr.c.Edit()
	tr.walker.Refresh()
}

// takeCopy takes in the host's copy of a packet that was for this destination. Its
// checksum is not looked at (net/core/dev.c, dev_loopback_xmit).
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

// wantedCopy reports whether the host has joined the group of a copy that rules
// sent elsewhere (net/ipv6/ip6_input.c, ip6_mc_input). One that was routed before
// it was for a group is lost (net/ipv6/ip6_output.c, ip6_forward).
func (tr *transit) wantedCopy(before netip.Addr) bool {
	dst := tr.pkt.Dst()
	if dst.Is6() && tr.route.Type != fib.TypeMulticast {
		tr.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, detail: words("the copy still has the route of a packet for another host")})
		return false
	}
	if dst == before || dst.Is4() || tr.s.node.fib.Joined(tr.in.index, dst) {
		return true
	}
	tr.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, detail: words("nobody on this host has joined " + dst.String() + " on " + linkName(tr.in.name))})
	return false
}

// backlog are the packets of the host's own that come back to it, by lo or as its
// copy of what went to a group, and wait until the processor is done with what it
// is at: the packet that came in, or the table that an answer was sent from
// (net/core/dev.c, netif_rx, process_backlog).
type backlog struct {
	waiting []func()
	held    bool
}

// later lets a packet come back in its turn, which for one that a process sends is
// at once.
func (b *backlog) later(comeBack func()) {
	b.waiting = append(b.waiting, comeBack)
	b.release(b.held)
}

// hold keeps packets waiting until release is given what it returns.
func (b *backlog) hold() (held bool) {
	held, b.held = b.held, true
	return held
}

// release lets the packets that wait come back, unless they are held for other
// reasons, too.
func (b *backlog) release(held bool) {
	if held {
		return
	}
	b.held = true
	for i := 0; i < len(b.waiting); i++ { // more may come meanwhile
		b.waiting[i]()
	}
	b.waiting, b.held = nil, false
}
