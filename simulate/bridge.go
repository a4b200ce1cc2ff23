package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// bridgeState is the state of a packet that was received on a bridge port
// (struct nf_bridge_info).
type bridgeState struct {
	forwarded bool // the bridge forwarded it to another port
	keptRoute bool // the bridge delivered it to the host with a route attached
	byAddr    bool // its output port is found by its IP address: DNAT changed it on the bridge
	skipped   bool // it sees no rules: bridge-nf-call-iptables is off
	via       *bridge.Bridge
	port      string // the output port that Packet.PhysOut named; "" for none
}

// receiveByPort processes a packet received on a bridge port. If
// bridge-nf-call-iptables is on, it passes the hooks with the bridge as input device
// and the port as physical input device (net/bridge/br_netfilter_hooks.c). A packet that
// the bridge forwards keeps its TTL and has no input device at POSTROUTING.
func (tr *transit) receiveByPort() {
	port := tr.in
	if tr.in = tr.s.node.machine.Link(port.Master); tr.in == nil {
		tr.refuse(fmt.Errorf("link %s: %w", port.Name, tr.s.node.machine.NoLink(port.Master)))
		return
	}
	tr.bridge.via, tr.bridge.port = tr.s.node.machine.Bridges[port.Master], tr.pkt.PhysOut
	from := tr.bridge.via.Port(port.Name)
	if !tr.acceptedBy(from) {
		return
	}
	sent := tr.addressee()
	if tr.bridge.skipped = !tr.bridgeCallsRules(); tr.bridge.skipped {
		tr.crossBridge(from, sent)
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
	from = tr.bridge.via.Port(tr.pkt.PhysIn) // of a reassembled packet the port of its first fragment
	switch {
	case tr.pkt.Dst() != before:
		tr.translatedOnBridge(from)
	case tr.pkt.DstMAC != packet.MAC{}:
		tr.crossBridge(from, tr.bridge.via.Frame(tr.pkt.DstMAC))
	default:
		tr.crossBridge(from, sent)
	}
}

// bridgeCallsRules reports whether bridged packets pass the hooks, for which the
// setting of all bridges or that of this one suffices.
func (tr *transit) bridgeCallsRules() bool {
	f, n := tr.c.Family, tr.s.node
	if b := &tr.in.Bridge; f == netfilter.IPv4 && b.CallIPTables || f == netfilter.IPv6 && b.CallIP6Tables {
		return true
	}
	if n.machine.Unknowns.Bridged[f] {
		tr.assumeFact(factBridged[f])
	}
	return !n.machine.Sysctl.BridgeSkipsRules[f]
}

// acceptedBy drops frames that a port does not take, and then returns false
// (net/bridge/br_input.c, br_handle_frame).
func (tr *transit) acceptedBy(from *bridge.Port) bool {
	tr.at(netfilter.Prerouting)
	switch {
	case !from.Receives():
		tr.drop(Dropped, StepLocal, "the port "+from.Name+" of the bridge is "+from.State())
	case tr.pkt.SrcMAC[0]&1 != 0:
		tr.drop(Malformed, StepLocal, "the Ethernet address of the sender is that of a group: "+tr.pkt.SrcMAC.String())
	case bridge.Reserved(tr.pkt.DstMAC):
		tr.refuse(fmt.Errorf("the Ethernet address %s is reserved for protocols of bridges; packets to it are not modelled", tr.pkt.DstMAC))
	default:
		return true
	}
	return false
}

// addressee returns whom the frame is for. A packet without Ethernet address is for whom its
// sender would address it to: neighbours on the bridge address each other directly, all
// others are reached by the host.
func (tr *transit) addressee() bridge.Frame {
	dst := tr.pkt.Dst()
	switch {
	case tr.pkt.DstMAC != packet.MAC{}:
	case packet.IsMulticast(dst):
		tr.c.Edit().DstMAC = groupMAC(dst)
	case tr.AddrType(dst, tr.in.Name)&netfilter.AddrBroadcast != 0:
		tr.c.Edit().DstMAC = bridge.Broadcast
	case tr.s.node.machine.AnswersFor(dst):
		return bridge.ForHost
	case tr.bridge.port != "" || tr.portTo() != nil, tr.onBridge(tr.pkt.Src()) && tr.onBridge(dst):
		return bridge.ForStation
	default:
		return bridge.ForHost
	}
	return tr.bridge.via.Frame(tr.pkt.DstMAC)
}

// onBridge reports whether an address is in a network of the bridge.
func (tr *transit) onBridge(a netip.Addr) bool {
	r, errno := tr.s.node.machine.FIB.Output(fib.Key{Dst: a})
	return errno == 0 && r.Link == tr.in.Index && !r.Gateway.IsValid()
}

// sender returns the station that sent the frame.
func (tr *transit) sender() bridge.Station {
	return bridge.Station{MAC: tr.pkt.SrcMAC, Addr: tr.pkt.Src()}
}

// crossBridge passes the frame to the host, to another port, or to all
// (net/bridge/br_input.c, br_handle_frame_finish).
func (tr *transit) crossBridge(from *bridge.Port, f bridge.Frame) {
	if from.Link.Port.Locked && tr.s.stack.stations.PortOf(tr.bridge.via, tr.sender(), tr.s.now) != from {
		tr.drop(Dropped, StepLocal, "the port "+from.Name+" is locked, and the sender is not known to be behind it")
		return
	}
	tr.s.stack.stations.Learn(tr.bridge.via, from, tr.sender(), tr.s.now)
	switch {
	case from.State() == "learning":
		tr.drop(Dropped, StepLocal, "the port "+from.Name+" of the bridge is learning")
	case tr.bridge.via.Suppresses() && tr.isNeighborDiscovery():
		tr.refuse(errSuppressed)
	case f == bridge.ForHost:
		tr.deliverFromBridge(from)
	case f == bridge.ForStation:
		tr.passOn(from)
	case f == bridge.ForAll || tr.snooped():
		tr.floodGroup(from, f)
	}
}

// isNeighborDiscovery reports whether the packet is a neighbour solicitation or
// advertisement, which a bridge may answer or suppress (net/bridge/br_arp_nd_proxy.c,
// br_do_suppress_nd).
func (tr *transit) isNeighborDiscovery() bool {
	const solicitation, advertisement = 135, 136
	t := tr.pkt.Transport()
	if t.Proto != packet.ProtoICMPv6 || t.Offset >= tr.pkt.Len() {
		return false
	}
	typ := tr.pkt.Wire()[t.Offset]
	return typ == solicitation || typ == advertisement
}

var errSuppressed = errors.New("a port of the bridge has neigh_suppress on, so that the bridge may answer for the neighbour; that is not modelled")

// translatedOnBridge continues with a packet whose destination DNAT changed on the
// bridge. If its route leaves by the same bridge, the bridge forwards it, even if IP
// forwarding is off; otherwise its destination MAC address is set to that of the
// bridge and it is delivered to the host. A packet without a route is dropped silently
// (br_nf_pre_routing_finish, br_nf_pre_routing_finish_ipv6).
func (tr *transit) translatedOnBridge(from *bridge.Port) {
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
		tr.crossBridge(from, bridge.ForStation)
	case tr.lostOnBridge():
		tr.drop(NoRoute, StepRoute, tr.s.node.machine.WhyNotRouted(&tr.route, k, tr.in))
	default:
		tr.c.Edit().DstMAC = tr.in.MAC
		tr.bridge.keptRoute = true
		tr.crossBridge(from, bridge.ForHost)
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
// (net/ipv6/ip6_input.c, ip6_rcv_core). The host rejects frames for the Ethernet address
// of a port other than that by which they came in.
func (tr *transit) deliverFromBridge(from *bridge.Port) {
	if mac := tr.pkt.DstMAC; mac[0]&1 == 0 && mac != (packet.MAC{}) && mac != tr.in.MAC {
		if mac != from.MAC {
			if !tr.bridge.skipped {
				tr.confirmConn() // as for a group: br_nf_local_in
			}
			tr.drop(Martian, StepLocal, "the frame is for the Ethernet address of another port of the bridge: "+mac.String())
			return
		}
		tr.SetPacketType(netfilter.ToHost)
	}
	if tr.bridge.skipped {
		tr.receive()
		return
	}
	tr.skb.forgetFragments()
	if why := tr.malformed(); why != "" {
		tr.drop(Malformed, StepLocal, why)
		return
	}
	if tr.hopByHop() {
		tr.routeInput()
	}
}

// receiveByBridge processes a packet that is said to come in by a bridge: by the port
// behind which its sender is. If that is not known, only a packet that stays on the
// bridge depends on it.
func (tr *transit) receiveByBridge(b *bridge.Bridge) {
	tr.bridge.via, tr.bridge.port = b, tr.pkt.PhysOut
	from := tr.s.stack.stations.PortOf(b, tr.sender(), tr.s.now)
	switch frame := tr.addressee(); {
	case from != nil || frame == bridge.ForHost:
	case frame != bridge.ForStation:
		tr.assumeFact(factNoCopies)
	default:
		to := tr.portTo()
		others := slices.DeleteFunc(slices.Clone(b.Ports), func(p *bridge.Port) bool { return p == to })
		if len(others) != 1 {
			tr.refuse(fmt.Errorf("the packet from %s stays on the bridge %s, and no telling by which of %d ports it comes in: name the port instead of the bridge, or say so in Link.Behind",
				tr.pkt.Src(), b.Name, len(b.Ports)))
			return
		}
		from = others[0]
		tr.assumeFact(factSender)
	}
	if from == nil {
		tr.receive()
		return
	}
	tr.in = tr.s.node.machine.Link(from.Name)
	tr.receiveByPort()
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
