package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// detail says in words what a step that is no rule decided. The words are made when
// somebody reads them.
type detail interface{ String() string }

// words are a detail that is known beforehand.
type words string

// String returns the words.
func (w words) String() string { return string(w) }

// leavesBy is the detail of a packet that leaves by a link.
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

// String says where routing sends the packet.
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
		return "to " + linkName("") // that of a host without links, whose route nobody gave
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

// whyNotRouted says why routing drops a packet that came in: by which setting, route
// or rule, and what would have to differ.
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

// whyMartian says why a source cannot be where the packet came in (net/ipv4/
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

// translation is the detail of a packet that address translation changed: the
// versions of it before and after.
type translation struct {
	res           *Result
	before, after int
}

// String names the ends before and after.
func (t *translation) String() string {
	before, after := endsOf(&t.res.versions[t.before]), endsOf(&t.res.versions[t.after])
	return "translated from " + before.String() + " to " + after.String()
}

// packetEnds are source and destination of a packet.
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
