package simulate

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/nflog"
)

// send lets a local process send the packet (net/ipv4/raw.c, raw_sendmsg;
// net/ipv6/raw.c, rawv6_sendmsg): routing, OUTPUT, POSTROUTING.
func (f *flow) send() {
	f.local, f.raw = true, true
	k := f.senderKey()
	k.TOS, k.AnySource = 0, true
	route, errno := f.routeOutput(k)
	f.c.Hook = netfilter.Output
	if errno == 0 && route.Type == fib.TypeBroadcast && !f.pkt.Socket.Broadcast {
		errno = fib.EACCES
	}
	if errno != 0 {
		f.res.SendError = sendError(errno)
		f.drop(NoRoute, StepRoute, "no way to "+f.pkt.Dst().String()+": "+f.res.SendError)
		return
	}
	f.setRoute(route)
	if f.pkt.Src() == netip.IPv4Unspecified() {
		f.fillSource(route.Source)
	}
	if f.pkt.DontFragment() && f.pkt.Len() > f.out.linkMTU() {
		f.res.SendError = messageTooLong
		f.drop(TooBig, StepLocal, "the packet does not fit the link "+linkName(f.out.name))
		return
	}
	f.leave(route)
}

// fillSource sets the source of a packet that was left to the host. Only the
// checksum of the IP header follows: the transport header is the sender's
// (net/ipv4/raw.c, raw_send_hdrinc).
func (f *flow) fillSource(a netip.Addr) {
	f.c.Edit()
	w := f.pkt.Wire()
	copy(w[12:16], a.AsSlice())
	w[10], w[11] = 0, 0
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:f.pkt.HeaderLen()], 0))
}

// routeOutput routes a packet of the host's own.
func (f *flow) routeOutput(k fib.Key) (fib.Result, fib.Errno) {
	route, errno := f.s.node.fib.Output(k)
	if errno != 0 {
		return route, errno
	}
	return f.choose(route)
}

// leave takes a routed packet of the host's own through OUTPUT.
func (f *flow) leave(route fib.Result) {
	f.setRoute(route)
	f.at(netfilter.Output)
	f.note(Step{Kind: StepRoute, Detail: f.describeRoute()})
	if !f.hook(netfilter.Output) {
		return
	}
	f.postrouting()
}

// setRoute takes over a route for a packet of the host's own.
func (f *flow) setRoute(route fib.Result) {
	f.route = route
	f.out = f.s.node.linkByIndex(route.Link)
}

// postrouting lets the packet leave, or come back by lo (net/ipv4/ip_output.c,
// ip_output, ip_mc_output; drivers/net/loopback.c, loopback_xmit).
func (f *flow) postrouting() {
	if f.route.Looped && f.c.Family == netfilter.IPv4 {
		f.loopCopy()
	}
	if !f.hook(netfilter.Postrouting) {
		return
	}
	group := f.pkt.Dst().Is6() && packet.IsMulticast(f.pkt.Dst())
	if group && !f.out.Loopback && f.s.node.fib.Joined(f.out.index, f.pkt.Dst()) { // whatever the route
		if f.loopCopy(); f.pkt.TTL() == 0 {
			f.drop(Expired, StepLocal, "with a hop limit of 0 it is for this host alone")
			return
		}
	}
	if group && nodeLocal(f.pkt.Dst()) && !f.out.Loopback {
		f.drop(NoRoute, StepLocal, "no packet leaves for groups of the host or the link itself, such as "+f.pkt.Dst().String())
		return
	}
	if !f.fits() {
		return
	}
	if !f.out.Loopback {
		f.finish(Sent, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "leaves by " + linkName(f.out.name)}))
		return
	}
	f.s.later(f.loopBack)
}

// nodeLocal reports a group of scope 0 or 1, reserved or of the interface
// (net/ipv6/ip6_output.c, ip6_finish_output2). What is no group any more, as
// DNPT may have changed it in the copy, is read as one.
func nodeLocal(a netip.Addr) bool { return a.As16()[1]&0xf <= 1 }

// loopBack brings the packet back in by lo, with its route and connection
// still attached, in pieces if it leaves so.
func (f *flow) loopBack() {
	if parts := f.fragments(); parts != nil {
		f.loopPieces(parts)
		return
	}
	if !f.comeBack() || !f.wantedOnLo() || !f.takeIn() {
		return
	}
	f.finish(Delivered, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "delivered to the host itself"}))
	f.answer()
}

// wantedOnLo settles the fate of an IPv4 multicast packet that was routed to
// lo, where nobody has joined its group.
func (f *flow) wantedOnLo() bool {
	if f.c.Family == netfilter.IPv4 && f.route.Type == fib.TypeMulticast {
		f.drop(NoRoute, StepRoute, "nobody on this host has joined "+f.pkt.Dst().String()+" on lo")
		return false
	}
	f.route.Kind = fib.KindLocal
	return true
}

// loopPieces brings the fragments of the packet back in, one by one.
func (f *flow) loopPieces(parts []netfilter.Packet) {
	for _, p := range parts {
		c := f.copy(p.Clone())
		c.frag = frag.Received{}
		if c.comeBack() && c.wantedOnLo() && c.takeIn() {
			f.finish(Delivered, c.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "delivered to the host itself"}))
			c.answer()
			return
		}
	}
	f.finish(Dropped, len(f.res.Steps)-1)
}

// copy returns a flow that goes on with another packet in f's place: its steps
// count as f's, its fate does not.
func (f *flow) copy(p netfilter.Packet) *flow {
	c := *f
	c.copied, c.kept, c.stack = true, false, nil
	c.pkt = p
	c.pkt.Socket = nil
	c.c.Engine, c.c.Packet = &c, &c.pkt
	return &c
}

// comeBack takes a packet of the host's own in by the link it leaves by, up to
// its way through PREROUTING; false if that settled what becomes of it. It no
// longer belongs to a socket (net/ipv4/ip_input.c, ip_rcv_core, skb_orphan). The
// route it had holds unless it is translated to another destination on the way.
func (f *flow) comeBack() bool {
	f.in, f.out = f.out, nil
	f.looped = true
	f.c.Edit().Socket = nil
	f.arrivedBy(f.in)
	if f.copied && !f.in.Loopback {
		f.res.links[len(f.res.links)-1].kind = nflog.Headless // a copy has lost its link header
	}
	if why := f.malformed(); why != "" {
		f.at(netfilter.Prerouting)
		f.drop(Malformed, StepLocal, why)
		return false
	}
	switch {
	case !f.hook(netfilter.Prerouting):
	case !f.unrouted:
		return f.options4()
	case f.copied:
		f.refuse(errCopyTranslated)
	default:
		f.routeInput()
	}
	return false
}

var errCopyTranslated = errors.New("the host's copy of the packet was translated to another destination as it came back in; that is not modelled")

// loopCopy gives the host itself its copy of a broadcast or multicast packet,
// which goes through POSTROUTING as well, for IPv4 ahead of the packet and for
// IPv6 behind it, and comes back in by the link it would leave by
// (net/ipv4/ip_output.c, ip_mc_output; net/ipv6/ip6_output.c,
// ip6_finish_output2; net/core/dev.c, dev_loopback_xmit). Rules that write
// without asking change the packet with its copy.
func (f *flow) loopCopy() {
	before := f.pkt.Dst()
	c := f.copy(f.pkt.Share())
	if c.hook(netfilter.Postrouting) {
		f.s.later(func() { c.takeCopy(before) })
	}
	f.c.Conn, f.c.CTState = c.c.Conn, c.c.CTState
	f.c.Edit()
	f.refresh()
}

// takeCopy takes in the host's copy of a packet that was for this destination. Its
// checksum is not looked at (net/core/dev.c, dev_loopback_xmit).
func (f *flow) takeCopy(before netip.Addr) {
	f.c.Edit().TrustChecksum()
	f.route.Kind = fib.KindBroadcast
	if f.route.Type == fib.TypeMulticast {
		f.route.Kind = fib.KindMulticast
	}
	if f.comeBack() && f.wantedCopy(before) && f.takeIn() {
		f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "a copy is delivered to the host itself"})
		f.answer()
	}
}

// wantedCopy reports whether the host has joined the group of a copy that rules
// sent elsewhere (net/ipv6/ip6_input.c, ip6_mc_input). One that was routed before
// it was for a group is lost (net/ipv6/ip6_output.c, ip6_forward).
func (f *flow) wantedCopy(before netip.Addr) bool {
	dst := f.pkt.Dst()
	if dst.Is6() && f.route.Type != fib.TypeMulticast {
		f.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, Detail: "the copy still has the route of a packet for another host"})
		return false
	}
	if dst == before || dst.Is4() || f.s.node.fib.Joined(f.in.index, dst) {
		return true
	}
	f.note(Step{Kind: StepLocal, Verdict: netfilter.Drop, Detail: "nobody on this host has joined " + dst.String() + " on " + linkName(f.in.name)})
	return false
}

// routingFacts are what a new route depends on after mangle OUTPUT.
type routingFacts struct {
	src, dst netip.Addr
	mark     uint32
	tos      uint8
	rest     uint64 // IPv6: hop limit and flow label
}

func (f *flow) routingFacts() routingFacts {
	r := routingFacts{src: f.pkt.Src(), dst: f.pkt.Dst(), mark: f.pkt.Mark, tos: f.pkt.TOS()}
	if f.c.Family == netfilter.IPv6 {
		r.rest = uint64(f.pkt.TTL())<<32 | uint64(f.pkt.FlowLabel())
	}
	return r
}

// reroute looks for a new way after OUTPUT changed the packet; false if there
// is none. The OUTPUT hook keeps the old link to its end
// (net/ipv4/netfilter.c, ip_route_me_harder; net/ipv6/netfilter.c,
// ip6_route_me_harder).
func (f *flow) reroute() bool {
	k := f.key()
	k.AnySource, k.Rerouted = true, true
	if f.c.Family == netfilter.IPv6 && (packet.IsLinkLocal(k.Dst) || packet.IsMulticast(k.Dst)) {
		k.OIF = f.out.index
	}
	if t := f.AddrType(k.Src, ""); f.c.Family == netfilter.IPv4 && t&(netfilter.AddrLocal|netfilter.AddrUnicast) == 0 {
		k.Src = netip.Addr{}
	}
	route, errno := f.routeOutput(k)
	if errno != 0 {
		f.res.SendError = sendError(errno)
		f.note(Step{Kind: StepRoute, Verdict: netfilter.Drop, Detail: "routed again: " + errno.Error()})
		return false
	}
	old := f.out
	f.setRoute(route)
	if f.out != old {
		f.note(Step{Kind: StepRoute, Detail: "routed again: " + f.describeRoute()})
	}
	return true
}

var sendErrors = map[fib.Errno]string{fib.EACCES: "Permission denied", fib.EINVAL: "Invalid argument",
	fib.ENETUNREACH: "Network is unreachable", fib.EHOSTUNREACH: "No route to host", fib.ENODEV: "No such device",
	fib.EADDRNOTAVAIL: "Cannot assign requested address"}

// sendError returns the text of strerror.
func sendError(e fib.Errno) string {
	if s, ok := sendErrors[e]; ok {
		return s
	}
	return e.Error()
}
