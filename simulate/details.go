package simulate

import (
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
	s := "to " + d.link.name
	if d.gateway.IsValid() {
		s += " via " + d.gateway.String()
	}
	if d.route != nil {
		s += ", route " + d.route.Dst.String()
	}
	return s
}

// translation is the detail of a packet that address translation changed.
type translation struct{ before, after packetEnds }

// String names the ends before and after.
func (t *translation) String() string {
	return "translated from " + t.before.String() + " to " + t.after.String()
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
