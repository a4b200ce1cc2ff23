package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// detail describes the decision of a step that is not a rule. The text is formatted
// only when String is called.
type detail interface{ String() string }

// words is a detail with constant text.
type words string

// String returns the words.
func (w words) String() string { return string(w) }

// leavesBy is the detail of a packet that is transmitted on a link.
type leavesBy struct{ *machine.Link }

// String names the link.
func (l leavesBy) String() string { return "leaves by " + l.Link.String() }

// routeDetail is the result of a routing decision.
type routeDetail struct {
	again   bool // after a hook function changed the packet
	kind    fib.Kind
	typ     fib.Type
	link    *machine.Link
	gateway netip.Addr
	route   *fib.Route
}

// describeRoute returns the detail of the packet's route.
func (tr *transit) describeRoute() *routeDetail {
	r := &tr.route
	return tr.res.path.memory.route(routeDetail{kind: r.Kind, typ: r.Type, link: tr.s.node.machine.LinkByIndex(r.Link), gateway: r.Gateway, route: r.Route})
}

// repeated returns d, after recording that a hook function changed the packet before.
func (d *routeDetail) repeated() *routeDetail {
	d.again = true
	return d
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
	if d.link.Name == "" {
		return "to " + machine.LinkName("") // the default route of a host without links
	}
	s := "to " + d.link.Name
	if d.gateway.IsValid() {
		s += " via " + d.gateway.String()
	}
	if d.route != nil {
		s += ", route " + d.route.Dst.String()
	}
	return s
}

// translation is the detail of a translated packet: the versions of the packet before
// and after.
type translation struct {
	res           *Result
	before, after int
	by            string // why, if not because a rule set it up for this packet
}

// Why a packet is translated that no rule is asked about.
const (
	asFirst  = ", as the first packet of its connection was"
	asReply  = ", as a reply in its connection"
	asQuoted = ", as the packet that it quotes was"
)

// String returns source and destination before and after, and why.
func (t *translation) String() string {
	before, after := endsOf(&t.res.path.versions[t.before]), endsOf(&t.res.path.versions[t.after])
	return "translated from " + before.String() + " to " + after.String() + t.by
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
