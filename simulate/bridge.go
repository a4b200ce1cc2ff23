package simulate

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// receiveByPort takes a packet in from a port of a bridge. Rules see it come in
// by the bridge, with the port as physical device, if bridge-nf-call-iptables is
// on (net/bridge/br_netfilter_hooks.c). A frame for the bridge itself goes on to
// the host; one for another address of the same bridge, be it that translation
// chose it, is passed on by the bridge: its time to live stays, and at
// POSTROUTING it has no link it came in by. Copies that the bridge floods to all
// ports are left out.
func (f *flow) receiveByPort() {
	port := f.in
	if f.in = f.s.node.link(port.Master); f.in == nil {
		f.refuse(fmt.Errorf("link %s: %w", port.name, unknownLink(port.Master, f.s.node)))
		return
	}
	f.port = f.pkt.PhysOut
	mac := f.pkt.DstMAC
	own := mac == netfilter.MAC{} || mac == f.in.MAC || mac == port.MAC || mac[0]&1 != 0
	if f.s.node.sysctl.bridgeSkips[f.c.Family] {
		if own {
			f.receive()
			return
		}
		f.bridge(port)
		return
	}
	f.c.Edit().PhysIn, f.pkt.PhysOut = port.name, ""
	f.arrivedBy(f.in)
	f.at(netfilter.Prerouting)
	if why := f.malformed(); why != "" {
		f.drop(Malformed, StepLocal, why)
		return
	}
	before := f.pkt.Dst()
	if !f.hook(netfilter.Prerouting) {
		return
	}
	f.at(netfilter.Prerouting)
	if f.pkt.Dst() == before && !own || f.pkt.Dst() != before && f.staysOnBridge() {
		f.bridge(port)
		return
	}
	f.routeInput()
}

// staysOnBridge reports whether routing sends a translated packet back out of
// the bridge it came in by; the host need not forward for that
// (br_nf_pre_routing_finish).
func (f *flow) staysOnBridge() bool {
	k := f.key()
	k.IIF = f.in.index
	route := f.s.node.fib.Input(k)
	if route.Kind == fib.KindNoForwarding {
		out, errno := f.s.node.fib.Output(fib.Key{Dst: f.pkt.Dst()})
		return errno == 0 && out.Link == f.in.index
	}
	return route.Kind == fib.KindForward && route.Link == f.in.index
}

// bridge passes the packet on to another port.
func (f *flow) bridge(from *link) {
	to, err := f.portTo(from)
	if err != nil {
		f.refuse(err)
		return
	}
	f.out, f.bridged = f.in, true
	if !f.s.node.sysctl.bridgeSkips[f.c.Family] {
		f.c.Edit().PhysOut = to.name
		if !f.hook(netfilter.Forward) || !f.hook(netfilter.Postrouting) {
			return
		}
	}
	f.out = to
	f.finish(Forwarded, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "bridged to " + to.name}))
}

// portTo returns the port the packet leaves by: the one it names, the one its
// destination is known to be behind, or the only other one.
func (f *flow) portTo(from *link) (*link, error) {
	var others []*link
	for _, l := range f.s.node.links {
		switch {
		case l.Master != from.Master || l == from:
		case l.name == f.port, slices.ContainsFunc(l.Behind, f.isFor), slices.ContainsFunc(f.s.behind[l.name], f.isFor):
			return l, nil
		default:
			others = append(others, l)
		}
	}
	if len(others) == 1 {
		return others[0], nil
	}
	return nil, fmt.Errorf("no telling which of the %d other ports of bridge %s leads to %s: say so in Link.Behind or Packet.PhysOut",
		len(others), from.Master, f.pkt.Dst())
}

// isFor reports whether the packet is for somebody behind a port; one that was
// translated is addressed to him by now.
func (f *flow) isFor(n Neighbor) bool {
	if n.Addr != f.pkt.Dst() {
		return false
	}
	if n.MAC != (netfilter.MAC{}) {
		f.c.Edit().DstMAC = n.MAC
	}
	return true
}

// meet notes who is behind a port.
func (s *Session) meet(port string, n Neighbor) {
	if s.behind == nil {
		s.behind = map[string][]Neighbor{}
	}
	known := s.behind[port]
	s.behind[port] = append(known[:len(known):len(known)], n)
}

// checkPorts refuses ports of bridges that do not exist.
func (n *Node) checkPorts() error {
	for _, l := range n.links {
		if l.Master != "" && (n.byName[l.Master] == nil || l.Master == l.name) {
			return fmt.Errorf("link %s: there is no bridge %q", l.name, l.Master)
		}
	}
	return nil
}

// portsOf returns the ports of a bridge, and the link itself.
func (n *Node) portsOf(l *link) []*link {
	ports := []*link{l}
	for _, p := range n.links {
		if p.Master == l.name && l.name != "" {
			ports = append(ports, p)
		}
	}
	return ports
}
