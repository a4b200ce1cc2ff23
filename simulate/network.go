package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/machine"
)

// Network connects hosts by links, so that a packet can be followed from host to host,
// and the replies back. The zero value has no hosts and is ready for use. A Network and
// its sessions, whose clocks it advances, must not be used by several goroutines at
// the same time.
type Network struct {
	names    []string // in the order in which they were added
	hosts    map[string]*Session
	segments []segment
	maxHops  int // 0 stands for DefaultMaxHops
	err      error
}

// NetworkOption changes a network.
type NetworkOption func(*Network)

// DefaultMaxHops is how many hops of a journey are followed unless MaxHops says otherwise.
const DefaultMaxHops = 1000

// MaxHops bounds how many hops a journey has, because hosts could reply to each other
// without end: the Err of one that has more is a *LimitError. 0, or less, stands
// for DefaultMaxHops.
func MaxHops(n int) NetworkOption { return func(w *Network) { w.maxHops = max(n, 0) } }

// segment is a set of connected links: the ports of a switch, or the ends of a cable.
type segment []plug

// plug is a link of a host.
type plug struct {
	host string
	link *machine.Link
}

// NewNetwork returns a network without hosts.
func NewNetwork(opts ...NetworkOption) *Network {
	w := &Network{hosts: map[string]*Session{}}
	for _, o := range opts {
		if o != nil {
			o(w)
		}
	}
	return w
}

// Add adds a host to the network and returns its session.
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

// Join connects links to one switch; two links are connected directly. Links are
// written as "host:link", such as "node1:eth0".
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
	l := s.node.machine.Link(dev)
	if l == nil {
		return plug{}, fmt.Errorf("link %q: %w", name, s.node.machine.NoLink(dev))
	}
	if seg, _ := w.segment(host, dev); seg != nil {
		return plug{}, fmt.Errorf("link %q is plugged in already", name)
	}
	return plug{host, l}, nil
}

// Err returns the errors of Add and Join; nil if there were none.
func (w *Network) Err() error { return w.err }

// Host returns the session of the host with this name; nil if there is none.
func (w *Network) Host(name string) *Session { return w.hosts[name] }

// Advance moves the clocks of all hosts forward.
func (w *Network) Advance(d time.Duration) {
	for _, s := range w.hosts {
		s.Advance(d)
	}
}

// Clone returns an independent network in the same state.
func (w *Network) Clone() *Network {
	c := &Network{names: slices.Clone(w.names), hosts: make(map[string]*Session, len(w.hosts)), segments: slices.Clone(w.segments), maxHops: w.maxHops, err: w.err}
	for name, s := range w.hosts {
		c.hosts[name] = s.Clone()
	}
	return c
}

// segment returns the segment that a link is connected to, and the link's plug.
func (w *Network) segment(host, dev string) (segment, plug) {
	for _, seg := range w.segments {
		for _, p := range seg {
			if p.host == host && p.link.Name == dev {
				return seg, p
			}
		}
	}
	return nil, plug{}
}

// arrival is the link on which a packet is received, and its destination hardware
// address; zero stands for the address of the link.
type arrival struct {
	plug
	mac packet.MAC
}

// neighbours returns the receivers of a packet that a host sends on a link to the next
// hop, on all ports if the link is a bridge; plugged reports whether the link is
// connected to a segment.
func (w *Network) neighbours(host, dev string, hop netip.Addr, group bool) (to []arrival, from plug, plugged bool) {
	s := w.hosts[host]
	for _, port := range s.node.machine.Ports(s.node.machine.Link(dev)) {
		seg, p := w.segment(host, port.Name)
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

// receivers returns the receivers of a packet on a segment: all other links for
// broadcast and multicast, else the link whose host answers ARP or neighbour
// solicitations for the next hop, or whose bridge leads to that host. A host answers
// for all its addresses on any link (arp_ignore is 0); the link that has the address
// takes precedence. IPv6 link-local addresses are valid on their own link only. seen
// are the bridges that the search has traversed.
func (w *Network) receivers(seg segment, from plug, hop netip.Addr, group bool, seen bridgesSeen) []arrival {
	var all, has []arrival
	for _, p := range seg {
		switch {
		case p.host == from.host && p.link == from.link || p.link.Down:
		case group:
			all = append(all, arrival{plug: p})
		case slices.ContainsFunc(p.link.Addrs, func(a host.Address) bool { return a.Prefix.Addr() == hop }):
			has = append([]arrival{{plug: p}}, has...)
		case !packet.IsLinkLocal(hop) && w.hosts[p.host].node.machine.AnswersFor(hop):
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

// bridgesSeen are the bridges that a search for a neighbour has traversed, by host and
// name. Each is traversed once, so that the search ends even if bridges form a loop.
type bridgesSeen map[[2]string]bool

// beyond searches for a neighbour on the segments of the other ports of a bridge.
func (w *Network) beyond(p plug, hop netip.Addr, seen bridgesSeen) *arrival {
	bridge := [2]string{p.host, p.link.Master}
	if seen[bridge] {
		return nil
	}
	seen[bridge] = true
	s := w.hosts[p.host]
	for _, port := range s.node.machine.Links {
		if port.Master != p.link.Master || port == p.link {
			continue
		}
		seg, at := w.segment(p.host, port.Name)
		if found := w.receivers(seg, at, hop, false, seen); len(found) > 0 {
			return &found[0]
		}
	}
	return nil
}

// macOf returns the hardware address of a link; a link without one gets a generated
// address.
func (w *Network) macOf(p plug) packet.MAC {
	if p.link.MAC != (packet.MAC{}) {
		return p.link.MAC
	}
	n, i := slices.Index(w.names, p.host), p.link.Index
	return packet.MAC{2, 0xfe, byte(n >> 8), byte(n), byte(i >> 8), byte(i)}
}

// learn adds the hosts of a segment as neighbours to the bridge ports connected to it.
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
				w.hosts[p.host].stack.stations.Add(p.link.Name, host.Neighbor{Addr: a.Prefix.Addr(), MAC: w.macOf(q)})
			}
		}
	}
}
