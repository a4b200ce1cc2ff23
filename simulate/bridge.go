package simulate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
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
	own := mac == packet.MAC{} || mac == f.in.MAC || mac == port.MAC || mac[0]&1 != 0
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
	if why := f.damaged(); why != "" {
		f.drop(Malformed, StepLocal, why)
		return
	}
	before := f.pkt.Dst()
	if !f.hook(netfilter.Prerouting) {
		return
	}
	f.at(netfilter.Prerouting)
	switch {
	case f.pkt.Dst() != before:
		f.translatedOnBridge(port)
	case own:
		f.riseFromBridge()
	default:
		f.bridge(port)
	}
}

// translatedOnBridge sends a translated packet on: back out of the bridge it came
// in by if routing says so, for which the host need not forward; else to the host,
// for which it is then addressed. What has no route is lost without a word
// (br_nf_pre_routing_finish, br_nf_pre_routing_finish_ipv6).
func (f *flow) translatedOnBridge(port *link) {
	k := f.key()
	k.IIF = f.in.index
	f.route = f.s.node.fib.Input(k)
	stays := f.route.Kind == fib.KindForward && f.route.Link == f.in.index
	if f.route.Kind == fib.KindNoForwarding {
		out, errno := f.s.node.fib.Output(fib.Key{Dst: f.pkt.Dst()})
		stays = errno == 0 && out.Link == f.in.index
	}
	switch {
	case f.c.Family == netfilter.IPv6 && packet.IsMulticast(f.pkt.Dst()):
		f.refuse(errFlooded)
	case stays:
		f.route = fib.Result{}
		f.toNeighbor = true
		f.bridge(port)
	case f.lostOnBridge():
		f.drop(NoRoute, StepRoute, f.describeRoute())
	default:
		f.c.Edit().DstMAC = f.in.MAC
		f.ledUp = true
		f.riseFromBridge()
	}
}

var errFlooded = errors.New("the packet was translated to a group, to which a bridge floods it; that is not modelled")

// lostOnBridge reports a route that ends the way of a translated packet. For IPv4
// the host is to say that it is unreachable.
func (f *flow) lostOnBridge() bool {
	switch f.route.Kind {
	case fib.KindMartianSource, fib.KindMartianDestination:
		return true
	case fib.KindUnreachable, fib.KindProhibit, fib.KindBlackhole:
		return f.c.Family == netfilter.IPv6
	}
	return false
}

// riseFromBridge hands a packet to the host, which looks at its addresses now and
// has forgotten that it came in fragments (net/ipv6/ip6_input.c, ip6_rcv_core).
func (f *flow) riseFromBridge() {
	f.frag = frag.Received{}
	if why := f.malformed(); why != "" {
		f.drop(Malformed, StepLocal, why)
		return
	}
	if f.hopByHop() {
		f.routeInput()
	}
}

// leaveByPort sends the RST of REJECT about a packet that a bridge handed over:
// back by the port that packet came in by, seen by no rule, as the bridge is not to
// show itself (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset;
// net/ipv6/netfilter/nf_reject_ipv6.c, nf_send_reset6).
func (f *flow) leaveByPort(port *link) {
	f.at(netfilter.Output)
	f.out = port
	f.finish(Sent, f.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, Detail: "leaves at once by the port of the bridge, " + port.name}))
}

// bridge passes the packet on to another port.
func (f *flow) bridge(from *link) {
	to, err := f.portTo(from)
	if err != nil {
		f.refuse(err)
		return
	}
	if to == from {
		f.drop(Dropped, StepLocal, "bridges do not send packets back by the port they came in by, "+from.name)
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
		if l.Master != from.Master {
			continue
		}
		if l.name == f.port || slices.ContainsFunc(l.Behind, f.isFor) || slices.ContainsFunc(f.s.behind[l.name], f.isFor) {
			return l, nil
		}
		if l != from {
			others = append(others, l)
		}
	}
	if len(others) == 1 {
		return others[0], nil
	}
	return nil, fmt.Errorf("no telling which of the %d other ports of bridge %s leads to %s: say so in Link.Behind or Packet.PhysOut",
		len(others), from.Master, f.pkt.Dst())
}

// isFor reports whether the packet is for somebody behind a port: whose hardware
// address it has, if that is known, or who is its neighbour; one that was
// translated is addressed to him by now.
func (f *flow) isFor(n host.Neighbor) bool {
	none := packet.MAC{}
	if !f.toNeighbor && n.MAC != none && f.pkt.DstMAC != none {
		return n.MAC == f.pkt.DstMAC
	}
	if n.Addr != f.pkt.Dst() {
		return false
	}
	if n.MAC != (packet.MAC{}) {
		f.c.Edit().DstMAC = n.MAC
	}
	return true
}

// meet notes who is behind a port.
func (s *Session) meet(port string, n host.Neighbor) {
	if s.behind == nil {
		s.behind = map[string][]host.Neighbor{}
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
