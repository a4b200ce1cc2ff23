package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

// Network joins hosts by links, so that a packet is followed from host to host
// and its answers back. The zero value has no hosts yet, as that of NewNetwork. It is for one goroutine at a
// time, and so are the sessions it holds: the network moves their clocks.
type Network struct {
	names    []string // in the order in which they came
	hosts    map[string]*Session
	segments []segment
	err      error
}

// segment is what links are plugged into: a switch, or a cable between two.
type segment []plug

// plug is a link of a host.
type plug struct {
	host string
	link *link
}

// NewNetwork returns a network without hosts.
func NewNetwork() *Network { return &Network{hosts: map[string]*Session{}} }

// Add puts a host into the network and returns its session.
func (w *Network) Add(name string, s *Session) *Session {
	if w.hosts == nil {
		w.hosts = map[string]*Session{}
	}
	if s == nil || s.node == nil {
		w.err = errors.Join(w.err, fmt.Errorf("host %q: %w", name, errNoNode))
		return s
	}
	if w.hosts[name] != nil || name == "" || strings.Contains(name, ":") {
		w.err = errors.Join(w.err, fmt.Errorf("host %q: need a name of its own, without a colon", name))
		return s
	}
	w.names = append(w.names, name)
	w.hosts[name] = s
	return s
}

// Join plugs links into one switch; two links are point to point. A link is
// named "host:link", such as "node1:eth0".
func (w *Network) Join(links ...string) {
	var seg segment
	for _, name := range links {
		p, err := w.plug(name)
		if err != nil {
			w.err = errors.Join(w.err, err)
			return
		}
		seg = append(seg, p)
	}
	w.segments = append(w.segments, seg)
	w.learn(seg)
}

func (w *Network) plug(name string) (plug, error) {
	host, dev, _ := strings.Cut(name, ":")
	s := w.hosts[host]
	if s == nil {
		return plug{}, fmt.Errorf("link %q: no host %q: add it first", name, host)
	}
	l := s.node.link(dev)
	if l == nil {
		return plug{}, fmt.Errorf("link %q: %w", name, unknownLink(dev, s.node))
	}
	if seg, _ := w.segment(host, dev); seg != nil {
		return plug{}, fmt.Errorf("link %q is plugged in already", name)
	}
	return plug{host, l}, nil
}

// Err returns what was wrong with Add and Join; nil if nothing was.
func (w *Network) Err() error { return w.err }

// Host returns the session of a host; nil if there is none of that name.
func (w *Network) Host(name string) *Session { return w.hosts[name] }

// Advance moves the clocks of all hosts forward.
func (w *Network) Advance(d time.Duration) {
	for _, s := range w.hosts {
		s.Advance(d)
	}
}

// Clone returns an independent network in the same state.
func (w *Network) Clone() *Network {
	c := &Network{names: slices.Clone(w.names), hosts: make(map[string]*Session, len(w.hosts)), segments: slices.Clone(w.segments), err: w.err}
	for name, s := range w.hosts {
		c.hosts[name] = s.Clone()
	}
	return c
}

// segment returns what a link is plugged into, and the plug itself.
func (w *Network) segment(host, dev string) (segment, plug) {
	for _, seg := range w.segments {
		for _, p := range seg {
			if p.host == host && p.link.name == dev {
				return seg, p
			}
		}
	}
	return nil, plug{}
}

// arrival is where a packet comes in, and the hardware address it is sent to;
// zero is that of the link.
type arrival struct {
	plug
	mac packet.MAC
}

// neighbours returns who gets a packet that a host sends by a link to a neighbour,
// through all ports if it is a bridge; plugged tells whether the link leads
// anywhere.
func (w *Network) neighbours(host, dev string, hop netip.Addr, group bool) (to []arrival, from plug, plugged bool) {
	s := w.hosts[host]
	for _, port := range s.node.portsOf(s.node.link(dev)) {
		seg, p := w.segment(host, port.name)
		if seg == nil {
			continue
		}
		plugged = true
		if found := w.receivers(seg, p, hop, group, bridgesSeen{}); len(found) > 0 {
			to, from = append(to, found...), p
			if !group {
				break
			}
		}
	}
	return to, from, plugged
}

// receivers returns who on a segment gets a packet: all others for broadcast and
// multicast, else the one who says that the address is its own, or whose bridge
// leads to him. A host says so of all its addresses, whichever link is asked
// (arp_ignore is 0); the link that has the address comes first. IPv6 link-local
// addresses are those of the link only. seen are the bridges looked behind.
func (w *Network) receivers(seg segment, from plug, hop netip.Addr, group bool, seen bridgesSeen) []arrival {
	var all, has []arrival
	for _, p := range seg {
		switch {
		case p.host == from.host && p.link == from.link || p.link.Down:
		case group:
			all = append(all, arrival{plug: p})
		case slices.ContainsFunc(p.link.Addrs, func(a host.Address) bool { return a.Prefix.Addr() == hop }):
			has = append([]arrival{{plug: p}}, has...)
		case !packet.IsLinkLocal(hop) && w.hosts[p.host].node.answersFor(hop):
			has = append(has, arrival{plug: p})
		case p.link.Master != "":
			if beyond := w.beyond(p, hop, seen); beyond != nil {
				has = append(has, arrival{p, w.macOf(beyond.plug)})
			}
		}
	}
	if len(has) > 0 {
		return has[:1]
	}
	return all
}

// bridgesSeen are bridges that a search for a neighbour has looked behind, by host
// and name: none is looked behind again, be they joined in circles.
type bridgesSeen map[[2]string]bool

// beyond looks for a neighbour behind the other ports of a bridge.
func (w *Network) beyond(p plug, hop netip.Addr, seen bridgesSeen) *arrival {
	bridge := [2]string{p.host, p.link.Master}
	if seen[bridge] {
		return nil
	}
	seen[bridge] = true
	s := w.hosts[p.host]
	for _, port := range s.node.links {
		if port.Master != p.link.Master || port == p.link {
			continue
		}
		seg, at := w.segment(p.host, port.name)
		if found := w.receivers(seg, at, hop, false, seen); len(found) > 0 {
			return &found[0]
		}
	}
	return nil
}

// macOf returns the hardware address of a link; one is made up for a link
// without.
func (w *Network) macOf(p plug) packet.MAC {
	if p.link.MAC != (packet.MAC{}) {
		return p.link.MAC
	}
	n, i := slices.Index(w.names, p.host), p.link.index
	return packet.MAC{2, 0xfe, byte(n >> 8), byte(n), byte(i >> 8), byte(i)}
}

// learn tells the bridge that a port belongs to who is plugged in there.
func (w *Network) learn(seg segment) {
	for _, p := range seg {
		if p.link.Master == "" {
			continue
		}
		for _, q := range seg {
			if q.host == p.host {
				continue
			}
			for _, a := range q.link.Addrs {
				w.hosts[p.host].meet(p.link.name, host.Neighbor{Addr: a.Prefix.Addr(), MAC: w.macOf(q)})
			}
		}
	}
}

// answersFor reports whether the host takes an address for its own.
func (n *Node) answersFor(a netip.Addr) bool {
	return netfilter.AddrType(n.fib.AddrType(a, 0))&netfilter.AddrLocal != 0
}
