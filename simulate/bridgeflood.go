package simulate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/bridge"
)

// portTo returns the port behind which the receiver of the frame is; nil if it is not
// known. Packet.PhysOut may have named it. A packet that DNAT redirected on the bridge
// gets the Ethernet address of its new destination.
func (tr *transit) portTo() *bridge.Port {
	b, stations, now := tr.bridge.via, &tr.s.stack.stations, tr.s.now
	if p := b.Port(tr.bridge.port); p != nil {
		return p
	}
	to := bridge.Station{MAC: tr.pkt.DstMAC, Addr: tr.pkt.Dst()}
	if tr.bridge.byAddr || to.MAC == (packet.MAC{}) {
		if to.MAC = stations.Resolve(b, to.Addr); to.MAC != (packet.MAC{}) {
			tr.c.Edit().DstMAC = to.MAC
		}
	}
	return stations.PortOf(b, to, now)
}

// passOn forwards the packet to the port behind which its receiver is, or to all others
// if none is known (net/bridge/br_forward.c, br_forward, br_flood).
func (tr *transit) passOn(from *bridge.Port) {
	if to := tr.portTo(); to != nil {
		if why := to.WhyNot(from); why != "" {
			tr.drop(Dropped, StepLocal, why)
			return
		}
		tr.passTo(to)
		return
	}
	to := tr.bridge.via.Flooded(from, bridge.ForStation)
	last := len(to) - 1
	switch {
	case last < 0:
		tr.assumeFact(factUnknownStation)
		tr.drop(Dropped, StepLocal, "the bridge "+tr.in.Name+" floods the packet, and no port other than "+from.Name+" takes it")
		return
	case last == 0:
		tr.assumeFact(factFlooded)
	case tr.bridge.byAddr:
		tr.refuse(fmt.Errorf("no telling which of the %d other ports of bridge %s leads to %s: say so in Link.Behind or Packet.PhysOut",
			len(to), tr.in.Name, tr.pkt.Dst()))
		return
	default:
		tr.assumeFact(factUnknownStation)
		tr.flood(to[:last], to)
	}
	tr.passTo(to[last])
}

// floodGroup forwards copies of a broadcast or multicast frame to the other ports and
// then delivers it to the host. The connection, which the copies share, is confirmed
// before (net/bridge/br_netfilter_hooks.c, br_nf_local_in).
func (tr *transit) floodGroup(from *bridge.Port, f bridge.Frame) {
	to := tr.bridge.via.Flooded(from, f)
	tr.flood(to, to)
	if !tr.bridge.skipped {
		if v := tr.confirmConn(); v != netfilter.Accept {
			tr.end(v)
			return
		}
	}
	tr.deliverFromBridge(from)
}

// flood forwards copies of the packet to ports, and notes all ports that get it.
func (tr *transit) flood(copies, all []*bridge.Port) {
	if len(all) == 0 {
		return
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("the bridge floods the packet to " + strings.Join(names, ", "))})
	for _, p := range copies {
		tr.passCopy(p)
	}
}

// passCopy forwards a copy of the packet to a port of the bridge. The copies share the
// connection, which the first of them to leave confirms (net/bridge/br_forward.c,
// deliver_clone).
func (tr *transit) passCopy(to *bridge.Port) {
	c := *tr
	c.res = tr.s.newResult()
	if tr.path.traced {
		c.res.log.trace()
	}
	c.res.path.start(tr.s.pathless)
	c.res.log.inherit(&tr.res.log)
	c.path.forget()
	c.walker = tr.walker.Fork()
	c.pkt = tr.pkt.Share()
	c.bind()
	tr.res.addCopy(c.res)
	c.passTo(to)
	if c.c.Conn != nil {
		tr.c.Conn = c.c.Conn
	}
	tr.c.Edit()
	tr.walker.Refresh()
}

// passTo forwards the packet to a port of the bridge.
func (tr *transit) passTo(to *bridge.Port) {
	tr.out, tr.bridge.forwarded = tr.in, true
	if !tr.bridge.skipped {
		tr.c.Edit().PhysOut = to.Name
		if !tr.hook(netfilter.Forward) || !tr.hook(netfilter.Postrouting) {
			return
		}
	}
	tr.out = tr.s.node.machine.Link(to.Name)
	tr.finish(Forwarded, tr.note(Step{Kind: StepLocal, Verdict: netfilter.Accept, detail: words("bridged to " + to.Name)}))
}

// snooped looks at a packet for a group as a bridge with multicast snooping does, and
// returns false if its path ended: a malformed report or query is dropped. Without a
// querier the bridge floods what is for a group (net/bridge/br_multicast.c,
// br_multicast_rcv, br_multicast_querier_exists).
func (tr *transit) snooped() bool {
	b := tr.bridge.via
	if b.Bridge.NoMcastSnooping {
		return true
	}
	says, looks := bridge.MembershipOf(&tr.pkt), bridge.Snooped(tr.pkt.Dst())
	switch {
	case says == bridge.Malformed:
		tr.drop(Malformed, StepLocal, "the bridge drops the report or query of group members, which is malformed")
		return false
	case says == bridge.Query, looks && b.Bridge.McastQuerier:
		tr.refuse(errQuerier)
		return false
	case looks:
		tr.assumeFact(factNoQuerier)
	}
	return true
}

var errQuerier = errors.New("the bridge has a multicast querier, so that only ports of members get what is for a group; that is not modelled")
