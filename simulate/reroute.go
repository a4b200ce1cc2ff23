package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// routingKey are what a new route depends on after mangle OUTPUT.
type routingKey struct {
	src, dst netip.Addr
	mark     uint32
	tos      uint8
	rest     uint64 // IPv6: hop limit and flow label
}

func (tr *transit) routingKey() routingKey {
	r := routingKey{src: tr.pkt.Src(), dst: tr.pkt.Dst(), mark: tr.pkt.Mark, tos: tr.pkt.TOS()}
	if tr.c.Family == netfilter.IPv6 {
		r.rest = uint64(tr.pkt.TTL())<<32 | uint64(tr.pkt.FlowLabel())
	}
	return r
}

// reroute looks for a new way after OUTPUT changed the packet; false if there
// is none. The OUTPUT hook keeps the old link to its end
// (net/ipv4/netfilter.c, ip_route_me_harder; net/ipv6/netfilter.c,
// ip6_route_me_harder).
func (tr *transit) reroute() bool {
	k := tr.key()
	k.AnySource, k.Rerouted = true, true
	if tr.c.Family == netfilter.IPv6 && (packet.IsLinkLocal(k.Dst) || packet.IsMulticast(k.Dst)) {
		k.OIF = tr.out.index
	}
	if t := tr.AddrType(k.Src, ""); tr.c.Family == netfilter.IPv4 && t&(netfilter.AddrLocal|netfilter.AddrUnicast) == 0 {
		k.Src = netip.Addr{}
	}
	route, errno := tr.routeOutput(k)
	if errno != 0 {
		tr.res.SendError = sendError(errno)
		tr.note(Step{Kind: StepRoute, Verdict: netfilter.Drop, Detail: "routed again: " + errno.Error()})
		return false
	}
	old := tr.out
	tr.setRoute(route)
	if tr.out != old {
		tr.note(Step{Kind: StepRoute, Detail: "routed again: " + tr.describeRoute()})
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
