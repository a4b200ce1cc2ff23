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

// bridgeState is what becomes of a packet that a port of a bridge brought.
type bridgeState struct {
	forwarded bool   // the bridge passed it on
	keptRoute bool   // the bridge handed it to the host together with its route
	byAddr    bool   // its port is found by its IP address: it was translated on the bridge
	port      string // that it is to leave by, if that was given
}

// receiveByPort takes a packet in from a port of a bridge. Rules see it come in
// by the bridge, with the port as physical device, if bridge-nf-call-iptables is
// on (net/bridge/br_netfilter_hooks.c). A frame for the bridge itself goes on to
// the host; one for another address of the same bridge, be it that translation
// chose it, is passed on by the bridge: its time to live stays, and at
// POSTROUTING it has no link it came in by. Copies that the bridge floods to all
// ports are left out.
func (tr *transit) receiveByPort() {
	port := tr.in
	if tr.in = tr.s.node.link(port.Master); tr.in == nil {
		tr.refuse(fmt.Errorf("link %s: %w", port.name, unknownLink(port.Master, tr.s.node)))
		return
	}
	tr.bridge.port = tr.pkt.PhysOut
	if tr.s.node.unknowns.bridged[tr.c.Family] {
		tr.assumeFact(factBridged[tr.c.Family])
	}
	mac := tr.pkt.DstMAC
	own := mac == packet.MAC{} || mac == tr.in.MAC || mac == port.MAC || mac[0]&1 != 0
	if tr.s.node.sysctl.BridgeSkipsRules[tr.c.Family] {
		if own {
			tr.receive()
			return
		}
		tr.passOn(port)
		return
	}
	tr.c.Edit().PhysIn, tr.pkt.PhysOut = port.name, ""
	tr.arrivedBy(tr.in)
	tr.at(netfilter.Prerouting)
	if why := tr.damaged(); why != "" {
		tr.drop(Malformed, StepLocal, why)
		return
	}
	before := tr.pkt.Dst()
	if !tr.hook(netfilter.Prerouting) {
		return
	}
	tr.at(netfilter.Prerouting)
	switch {
	case tr.pkt.Dst() != before:
		tr.translatedOnBridge(port)
	case own:
		tr.deliverFromBridge()
	default:
		tr.passOn(port)
	}
}

// translatedOnBridge sends a translated packet on: back out of the bridge it came
// in by if routing says so, for which the host need not forward; else to the host,
// for which it is then addressed. What has no route is lost without a word
// (br_nf_pre_routing_finish, br_nf_pre_routing_finish_ipv6).
func (tr *transit) translatedOnBridge(port *link) {
	k := tr.key()
	k.IIF = tr.in.index
	tr.route = tr.s.node.fib.Input(k)
	stays := tr.route.Kind == fib.KindForward && tr.route.Link == tr.in.index
	if tr.route.Kind == fib.KindNoForwarding {
		out, errno := tr.s.node.fib.Output(fib.Key{Dst: tr.pkt.Dst()})
		stays = errno == 0 && out.Link == tr.in.index
	}
	switch {
	case tr.c.Family == netfilter.IPv6 && packet.IsMulticast(tr.pkt.Dst()):
		tr.refuse(errFlooded)
	case stays:
		tr.route = fib.Result{}
		tr.bridge.byAddr = true
		tr.passOn(port)
	case tr.lostOnBridge():
		tr.drop(NoRoute, StepRoute, tr.whyNotRouted())
	default:
		tr.c.Edit().DstMAC = tr.in.MAC
		tr.bridge.keptRoute = true
		tr.deliverFromBridge()
	}
}

var errFlooded = errors.New("the packet was translated to a group, to which a bridge floods it; that is not modelled")

// lostOnBridge reports a route that ends the way of a translated packet. For IPv4
// the host is to say that it is unreachable.
func (tr *transit) lostOnBridge() bool {
	switch tr.route.Kind {
	case fib.KindMartianSource, fib.KindMartianDestination:
		return true
	case fib.KindUnreachable, fib.KindProhibit, fib.KindBlackhole:
		return tr.c.Family == netfilter.IPv6
	}
	return false
}

// deliverFromBridge hands a packet to the host, which looks at its addresses now and
// has forgotten that it came in fragments (net/ipv6/ip6_input.c, ip6_rcv_core).
func (tr *transit) deliverFromBridge() {
	tr.frag = frag.Received{}
	if why := tr.malformed(); why != "" {
		tr.drop(Malformed, StepLocal, why)
		return
	}
	if tr.hopByHop() {
		tr.routeInput()
	}
}

// leaveByPort sends the RST of REJECT about a packet that a bridge handed over:
// back by the port that packet came in by, seen by no rule, as the bridge is not to
// show itself (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset;
// net/ipv6/netfilter/nf_reject_ipv6.c, nf_send_reset6).
func (tr *transit) leaveByPort(port *link) {
	tr.at(netfilter.Output)
	tr.out = port
	tr.finish(Sent, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("leaves at once by the port of the bridge, " + port.name)}))
}

// passOn passes the packet on to another port.
func (tr *transit) passOn(from *link) {
	to, err := tr.portTo(from)
	if err != nil {
		tr.refuse(err)
		return
	}
	switch { // net/bridge/br_forward.c, should_deliver
	case to == from && !from.Hairpin:
		tr.drop(Dropped, StepLocal, "the bridge does not send the packet back by the port it came in by, "+from.name+", which is not in hairpin mode")
		return
	case to.Isolated && from.Isolated:
		tr.drop(Dropped, StepLocal, "the bridge passes nothing between isolated ports, "+from.name+" and "+to.name)
		return
	}
	tr.out, tr.bridge.forwarded = tr.in, true
	if !tr.s.node.sysctl.BridgeSkipsRules[tr.c.Family] {
		tr.c.Edit().PhysOut = to.name
		if !tr.hook(netfilter.Forward) || !tr.hook(netfilter.Postrouting) {
			return
		}
	}
	tr.out = to
	tr.finish(Forwarded, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("bridged to " + to.name)}))
}

// portTo returns the port the packet leaves by: the one it names, the one its
// destination is known to be behind, or the only other one.
func (tr *transit) portTo(from *link) (*link, error) {
	var others []*link
	for _, l := range tr.s.node.links {
		if l.Master != from.Master {
			continue
		}
		if l.name == tr.bridge.port || slices.ContainsFunc(l.Behind, tr.isFor) || slices.ContainsFunc(tr.s.behind[l.name], tr.isFor) {
			return l, nil
		}
		if l != from {
			others = append(others, l)
		}
	}
	if len(others) == 1 {
		tr.assumeFact(factFlooded)
		return others[0], nil
	}
	return nil, fmt.Errorf("no telling which of the %d other ports of bridge %s leads to %s: say so in Link.Behind or Packet.PhysOut",
		len(others), from.Master, tr.pkt.Dst())
}

// isFor reports whether the packet is for somebody behind a port: whose hardware
// address it has, if that is known, or who is its neighbour; one that was
// translated is addressed to him by now.
func (tr *transit) isFor(n host.Neighbor) bool {
	none := packet.MAC{}
	if !tr.bridge.byAddr && n.MAC != none && tr.pkt.DstMAC != none {
		return n.MAC == tr.pkt.DstMAC
	}
	if n.Addr != tr.pkt.Dst() {
		return false
	}
	if n.MAC != (packet.MAC{}) {
		tr.c.Edit().DstMAC = n.MAC
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

// checkPorts refuses ports of bridges that do not exist, or are ports themselves:
// the kernel takes no bridge as a port (net/bridge/br_if.c, br_add_if).
func (n *Node) checkPorts() error {
	for _, l := range n.links {
		if l.Master == "" {
			continue
		}
		switch master := n.byName[l.Master]; {
		case master == nil:
			return fmt.Errorf("link %s: there is no bridge %q", l.name, l.Master)
		case master.Master != "":
			return fmt.Errorf("link %s: its bridge %q is a port of %q itself, which no bridge can be", l.name, l.Master, master.Master)
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
