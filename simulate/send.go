package simulate

import (
	"encoding/binary"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/routekey"
)

// send sends the packet of a local process (net/ipv4/raw.c, raw_sendmsg;
// net/ipv6/raw.c, rawv6_sendmsg): routing, OUTPUT, POSTROUTING.
func (tr *transit) send(by origin) {
	tr.origin = by
	k := routekey.OfSocket(&tr.pkt)
	k.TOS, k.AnySource = 0, true
	route, errno := tr.routeOutput(k)
	tr.c.Hook = netfilter.Output
	if errno == 0 && route.Type == fib.TypeBroadcast && !tr.pkt.Socket.Broadcast {
		errno = fib.EACCES
	}
	if errno != 0 {
		tr.res.SendError = sendError(errno)
		tr.drop(NoRoute, StepRoute, "no way to "+tr.pkt.Dst().String()+": "+tr.res.SendError)
		return
	}
	tr.setRoute(route)
	if tr.pkt.Src() == netip.IPv4Unspecified() {
		tr.fillSource(route.Source)
	}
	if tr.pkt.DontFragment() && tr.pkt.Len() > tr.out.MaxLen() || !tr.cuttable() {
		tr.res.SendError = messageTooLong
		tr.drop(TooBig, StepLocal, "the packet does not fit the link "+tr.out.String())
		return
	}
	tr.leave(route)
}

// fillSource sets the source address of a packet that was sent with source 0.0.0.0.
// Only the checksum of the IP header is updated: the transport checksum stays as the
// sender wrote it (net/ipv4/raw.c, raw_send_hdrinc).
func (tr *transit) fillSource(a netip.Addr) {
	tr.c.Edit()
	w := tr.pkt.Wire()
	copy(w[12:16], a.AsSlice())
	w[10], w[11] = 0, 0
	binary.BigEndian.PutUint16(w[10:], packet.Checksum(w[:tr.pkt.HeaderLen()], 0))
}

// routeOutput looks up the route of a locally generated packet.
func (tr *transit) routeOutput(k fib.Key) (fib.Result, fib.Errno) {
	route, errno := tr.s.node.machine.FIB.Output(k)
	if errno != 0 {
		return route, errno
	}
	return tr.choose(route)
}

// leave runs the hook OUTPUT for a locally generated packet with the given route,
// and then POSTROUTING.
func (tr *transit) leave(route fib.Result) {
	tr.setRoute(route)
	tr.at(netfilter.Output)
	tr.note(Step{Kind: StepRoute, detail: tr.describeRoute()})
	if !tr.hook(netfilter.Output) {
		return
	}
	tr.postrouting()
}

// setRoute sets the route and the output link of a locally generated packet.
func (tr *transit) setRoute(route fib.Result) {
	tr.route = route
	tr.out = tr.s.node.machine.LinkByIndex(route.Link)
}

// postrouting runs the hook POSTROUTING and transmits the packet, which lo receives
// again (net/ipv4/ip_output.c, ip_output, ip_mc_output; drivers/net/loopback.c,
// loopback_xmit).
func (tr *transit) postrouting() {
	if tr.route.Looped && tr.c.Family == netfilter.IPv4 {
		tr.copyToHost()
	}
	if !tr.hook(netfilter.Postrouting) {
		return
	}
	group := tr.pkt.Dst().Is6() && packet.IsMulticast(tr.pkt.Dst())
	if group && !tr.out.Loopback && tr.s.node.machine.FIB.Joined(tr.out.Index, tr.pkt.Dst()) { // regardless of the type of the route
		if tr.copyToHost(); tr.pkt.TTL() == 0 {
			tr.drop(Expired, StepLocal, "with a hop limit of 0 it is for this host alone")
			return
		}
	}
	if group && nodeLocal(tr.pkt.Dst()) && !tr.out.Loopback {
		tr.drop(NoRoute, StepLocal, "no packet leaves for groups of the host or the link itself, such as "+tr.pkt.Dst().String())
		return
	}
	if !tr.fits() {
		return
	}
	if !tr.out.Loopback {
		tr.finish(Sent, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: leavesBy{tr.out}}))
		return
	}
	tr.s.later(tr.returnByLo)
}

// nodeLocal reports whether a multicast address has scope 0 (reserved) or 1
// (interface-local) (net/ipv6/ip6_output.c, ip6_finish_output2). The kernel reads the
// scope without checking that the address is still multicast, which DNPT may have
// changed in the loopback copy.
func nodeLocal(a netip.Addr) bool { return a.As16()[1]&0xf <= 1 }

// reroute looks up a new route after OUTPUT changed the packet; it returns false if
// there is none. The output device of the OUTPUT hook remains the old one
// (net/ipv4/netfilter.c, ip_route_me_harder; net/ipv6/netfilter.c,
// ip6_route_me_harder).
func (tr *transit) reroute() bool {
	k := tr.key()
	k.AnySource, k.Rerouted = true, true
	if tr.c.Family == netfilter.IPv6 && (packet.IsLinkLocal(k.Dst) || packet.IsMulticast(k.Dst)) {
		k.OIF = tr.out.Index
	}
	if t := tr.AddrType(k.Src, ""); tr.c.Family == netfilter.IPv4 && t&(netfilter.AddrLocal|netfilter.AddrUnicast) == 0 {
		k.Src = netip.Addr{}
	}
	route, errno := tr.routeOutput(k)
	if errno != 0 {
		if tr.origin != tcpSend {
			tr.res.SendError = sendError(errno)
		}
		tr.note(Step{Kind: StepRoute, Verdict: netfilter.Drop, detail: words("routed again: " + errno.Error())})
		return false
	}
	old := tr.out
	tr.setRoute(route)
	if tr.out != old {
		tr.note(Step{Kind: StepRoute, detail: tr.describeRoute().repeated()})
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
