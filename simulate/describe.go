package simulate

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// describeRoute says in words where routing sends the packet.
func (tr *transit) describeRoute() string {
	r := &tr.route
	switch {
	case r.Kind.Dropped():
		return r.Kind.String()
	case r.Kind.Delivered() || r.Type == fib.TypeLocal:
		return "for this host (" + r.Type.String() + ")"
	}
	s := "to " + tr.s.node.linkByIndex(r.Link).name
	if r.Gateway.IsValid() {
		s += " via " + r.Gateway.String()
	}
	if r.Route != nil {
		s += ", route " + r.Route.Dst.String()
	}
	return s
}

// ends names source and destination, with ports where there are any.
func ends(p *netfilter.Packet) string {
	if !packet.HasPorts(p.Proto()) {
		return p.Src().String() + " > " + p.Dst().String()
	}
	return netip.AddrPortFrom(p.Src(), p.SrcPort()).String() + " > " + netip.AddrPortFrom(p.Dst(), p.DstPort()).String()
}
