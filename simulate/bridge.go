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
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// bridgeState is the state of a packet that was received on a bridge port
// (struct nf_bridge_info).
type bridgeState struct {
	forwarded bool   // the bridge forwarded it to another port
	keptRoute bool   // the bridge delivered it to the host with a route attached
	byAddr    bool   // its output port is found by its IP address: DNAT changed it on the bridge
	port      string // the output port that Packet.PhysOut named; "" for none
}

// receiveByPort processes a packet received on a bridge port. If
// bridge-nf-call-iptables is on, it passes the hooks with the bridge as input device
// and the port as physical input device (net/bridge/br_netfilter_hooks.c). A frame to
// the bridge's own hardware address is delivered to the host. A frame to another
// station, or a packet that DNAT redirected to one on the same bridge, is forwarded by
// the bridge: its TTL is not decremented, and it has no input device at POSTROUTING.
// Copies that the bridge floods to all ports are not simulated.
func (tr *transit) receiveByPort() {
	port := tr.in
	if tr.in = tr.s.node.machine.Link(port.Master); tr.in == nil {
		tr.refuse(fmt.Errorf("link %s: %w", port.Name, tr.s.node.machine.NoLink(port.Master)))
		return
	}
	tr.bridge.port = tr.pkt.PhysOut
	if tr.s.node.machine.Unknowns.Bridged[tr.c.Family] {
		tr.assumeFact(factBridged[tr.c.Family])
	}
	mac := tr.pkt.DstMAC
	own := mac == packet.MAC{} || mac == tr.in.MAC || mac == port.MAC || mac[0]&1 != 0
	if tr.s.node.machine.Sysctl.BridgeSkipsRules[tr.c.Family] {
		if own {
			tr.receive()
			return
		}
		tr.passOn(port)
		return
	}
	tr.c.Edit().PhysIn, tr.pkt.PhysOut = port.Name, ""
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

// translatedOnBridge continues with a packet whose destination DNAT changed on the
// bridge. If its route leaves by the same bridge, the bridge forwards it, even if IP
// forwarding is off; otherwise its destination MAC address is set to that of the
// bridge and it is delivered to the host. A packet without a route is dropped silently
// (br_nf_pre_routing_finish, br_nf_pre_routing_finish_ipv6).
func (tr *transit) translatedOnBridge(port *machine.Link) {
	k := tr.key()
	k.IIF = tr.in.Index
	tr.route = tr.s.node.machine.FIB.Input(k)
	stays := tr.route.Kind == fib.KindForward && tr.route.Link == tr.in.Index
	if tr.route.Kind == fib.KindNoForwarding {
		out, errno := tr.s.node.machine.FIB.Output(fib.Key{Dst: tr.pkt.Dst()})
		stays = errno == 0 && out.Link == tr.in.Index
	}
	switch {
	case tr.c.Family == netfilter.IPv6 && packet.IsMulticast(tr.pkt.Dst()):
		tr.refuse(errFlooded)
	case stays:
		tr.route = fib.Result{}
		tr.bridge.byAddr = true
		tr.passOn(port)
	case tr.lostOnBridge():
		tr.drop(NoRoute, StepRoute, tr.s.node.machine.WhyNotRouted(&tr.route, k, tr.in))
	default:
		tr.c.Edit().DstMAC = tr.in.MAC
		tr.bridge.keptRoute = true
		tr.deliverFromBridge()
	}
}

var errFlooded = errors.New("the packet was translated to a group, to which a bridge floods it; that is not modelled")

// lostOnBridge reports whether the bridge drops a translated packet because of its
// route. An unreachable IPv4 packet is delivered to the host, which sends the ICMP
// error.
func (tr *transit) lostOnBridge() bool {
	switch tr.route.Kind {
	case fib.KindMartianSource, fib.KindMartianDestination:
		return true
	case fib.KindUnreachable, fib.KindProhibit, fib.KindBlackhole:
		return tr.c.Family == netfilter.IPv6
	}
	return false
}

// deliverFromBridge delivers a packet to the host, which validates its addresses only
// now. The control block that records its fragments is cleared
// (net/ipv6/ip6_input.c, ip6_rcv_core).
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

// leaveByPort transmits the RST of REJECT for a bridged packet directly on the port
// where that packet was received, without passing any hook, so that the RST appears
// to come from the remote host (net/ipv4/netfilter/nf_reject_ipv4.c, nf_send_reset;
// net/ipv6/netfilter/nf_reject_ipv6.c, nf_send_reset6).
func (tr *transit) leaveByPort(port *machine.Link) {
	tr.at(netfilter.Output)
	tr.out = port
	tr.finish(Sent, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("leaves at once by the port of the bridge, " + port.Name)}))
}

// passOn forwards the packet to another port of the bridge.
func (tr *transit) passOn(from *machine.Link) {
	to, err := tr.portTo(from)
	if err != nil {
		tr.refuse(err)
		return
	}
	switch { // net/bridge/br_forward.c, should_deliver
	case to == from && !from.Hairpin:
		tr.drop(Dropped, StepLocal, "the bridge does not send the packet back by the port it came in by, "+from.Name+", which is not in hairpin mode")
		return
	case to.Isolated && from.Isolated:
		tr.drop(Dropped, StepLocal, "the bridge passes nothing between isolated ports, "+from.Name+" and "+to.Name)
		return
	}
	tr.out, tr.bridge.forwarded = tr.in, true
	if !tr.s.node.machine.Sysctl.BridgeSkipsRules[tr.c.Family] {
		tr.c.Edit().PhysOut = to.Name
		if !tr.hook(netfilter.Forward) || !tr.hook(netfilter.Postrouting) {
			return
		}
	}
	tr.out = to
	tr.finish(Forwarded, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("bridged to " + to.Name)}))
}

// portTo returns the output port of a bridged packet: the one that Packet.PhysOut
// named, the one on which its destination is known to be, or the only other one.
func (tr *transit) portTo(from *machine.Link) (*machine.Link, error) {
	var others []*machine.Link
	for _, l := range tr.s.node.machine.Links {
		if l.Master != from.Master {
			continue
		}
		if l.Name == tr.bridge.port || slices.ContainsFunc(l.Behind, tr.isFor) || slices.ContainsFunc(tr.s.behind[l.Name], tr.isFor) {
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

// isFor reports whether n is the destination of a bridged packet: by hardware
// address if both are known and the packet was not translated on the bridge, else by
// IP address, in which case it sets the destination MAC address of the packet.
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

// addNeighbor adds a neighbour that is reachable by a bridge port (a static entry of the
// forwarding database).
func (s *Session) addNeighbor(port string, n host.Neighbor) {
	if s.behind == nil {
		s.behind = map[string][]host.Neighbor{}
	}
	known := s.behind[port]
	s.behind[port] = append(known[:len(known):len(known)], n)
}
