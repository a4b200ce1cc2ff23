package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// detail describes the decision of a step that is not a rule. The text is formatted
// only when String is called.
type detail interface{ String() string }

// words is a detail with constant text.
type words string

// String returns the words.
func (w words) String() string { return string(w) }

// leavesBy is the detail of a packet that is transmitted on a link.
type leavesBy struct{ *link }

// String names the link.
func (l leavesBy) String() string { return "leaves by " + linkName(l.name) }

func linkName(name string) string {
	if name == "" {
		return "an unnamed link"
	}
	return name
}

// routeDetail is what routing decided.
type routeDetail struct {
	again   bool // after a hook function changed the packet
	kind    fib.Kind
	typ     fib.Type
	link    *link
	gateway netip.Addr
	route   *fib.Route
}

// describeRoute returns the detail of the packet's route.
func (tr *transit) describeRoute() *routeDetail {
	r := &tr.route
	return tr.res.memory.route(routeDetail{kind: r.Kind, typ: r.Type, link: tr.s.node.linkByIndex(r.Link), gateway: r.Gateway, route: r.Route})
}

// String describes the route.
func (d *routeDetail) String() string {
	if d.again {
		c := *d
		c.again = false
		return "routed again: " + c.String()
	}
	switch {
	case d.kind.Dropped():
		return d.kind.String()
	case d.kind.Delivered() || d.typ == fib.TypeLocal:
		return "for this host (" + d.typ.String() + ")"
	}
	if d.link.name == "" {
		return "to " + linkName("") // the default route of a host without links
	}
	s := "to " + d.link.name
	if d.gateway.IsValid() {
		s += " via " + d.gateway.String()
	}
	if d.route != nil {
		s += ", route " + d.route.Dst.String()
	}
	return s
}

// whyNotRouted returns why routing drops a received packet: the setting, route or rule
// that causes it, and which change would prevent it.
func (tr *transit) whyNotRouted() string {
	r, src, dst := &tr.route, tr.pkt.Src(), tr.pkt.Dst()
	why := r.Kind.String() + ": "
	switch r.Kind {
	case fib.KindMartianSource:
		return why + tr.whyMartian(src)
	case fib.KindMartianDestination:
		return why + dst.String() + " is no destination of packets that come in by a link"
	case fib.KindNoForwarding:
		settings := "net.ipv4.ip_forward and net.ipv4.conf." + tr.in.name + ".forwarding do"
		if dst.Is6() {
			settings = "net.ipv6.conf.all.forwarding does"
		}
		return why + dst.String() + " is no address of this host, and " + settings + " not allow to pass it on"
	case fib.KindNotMember:
		return why + "nobody on this host has joined " + dst.String() + " on " + linkName(tr.in.name)
	case fib.KindUnreachable, fib.KindProhibit, fib.KindBlackhole:
		if by := tr.s.node.fib.Explain(*r); by != "" {
			return why + "so says " + by
		}
		return why + "no route leads to " + dst.String()
	}
	return r.Kind.String()
}

// whyMartian returns why the source address is invalid on the input link (net/ipv4/
// fib_frontend.c, __fib_validate_source).
func (tr *transit) whyMartian(src netip.Addr) string {
	in, settings := linkName(tr.in.name), &tr.s.node.sysctl
	filter := max(settings.Link("all").RPFilter, settings.Link(tr.in.name).RPFilter)
	back, errno := tr.s.node.fib.Output(fib.Key{Dst: src, TOS: tr.pkt.TOS()})
	switch {
	case packet.IsLoopback(src) || packet.IsMulticast(src) || src.IsUnspecified():
		return src.String() + " is no source of packets that come in by a link"
	case tr.s.node.answersFor(src):
		return src.String() + " is an address of this host itself, and net.ipv4.conf." + in + ".accept_local is 0"
	case filter == 0:
		return "packets from " + src.String() + " cannot come in by " + in
	case errno != 0:
		return fmt.Sprintf("no route leads back to %s, as rp_filter of %s, which is %d, demands: 0 does not", src, in, filter)
	}
	return fmt.Sprintf("an answer to %s would leave by %s, not by %s, as rp_filter of %s, which is %d, demands: 2 allows any link, 0 does not ask",
		src, linkName(tr.s.node.linkByIndex(back.Link).name), in, in, filter)
}

// translation is the detail of a translated packet: the versions of the packet before
// and after.
type translation struct {
	res           *Result
	before, after int
}

// String returns source and destination before and after.
func (t *translation) String() string {
	before, after := endsOf(&t.res.versions[t.before]), endsOf(&t.res.versions[t.after])
	return "translated from " + before.String() + " to " + after.String()
}

// packetEnds holds source and destination of a packet.
type packetEnds struct {
	src, dst netip.AddrPort
	ports    bool // the protocol has ports
}

func endsOf(p *netfilter.Packet) packetEnds {
	return packetEnds{netip.AddrPortFrom(p.Src(), p.SrcPort()), netip.AddrPortFrom(p.Dst(), p.DstPort()), packet.HasPorts(p.Proto())}
}

// String names source and destination, with ports where there are any.
func (e packetEnds) String() string {
	if !e.ports {
		return e.src.Addr().String() + " > " + e.dst.Addr().String()
	}
	return e.src.String() + " > " + e.dst.String()
}
