package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// Network joins hosts by links, so that a packet is followed from host to host
// and its answers back. Make one with NewNetwork. It is for one goroutine at a
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

// receivers returns who gets a packet that a host sends to a neighbour: all
// others for broadcast and multicast, else the one who says that the address is
// its own. A host says so of all its addresses, whichever link is asked
// (arp_ignore is 0); the link that has the address comes first. IPv6 link-local
// addresses are those of the link only.
func (w *Network) receivers(seg segment, from plug, hop netip.Addr, group bool) []plug {
	var all, has []plug
	for _, p := range seg {
		switch {
		case p.host == from.host && p.link == from.link || p.link.Down:
		case group:
			all = append(all, p)
		case slices.ContainsFunc(p.link.Addrs, func(a Address) bool { return a.Prefix.Addr() == hop }):
			has = append([]plug{p}, has...)
		case !hop.IsLinkLocalUnicast() && w.hosts[p.host].node.answersFor(hop):
			has = append(has, p)
		}
	}
	if len(has) > 0 {
		return has[:1]
	}
	return all
}

// answersFor reports whether the host takes an address for its own.
func (n *Node) answersFor(a netip.Addr) bool {
	return netfilter.AddrType(n.fib.AddrType(a, 0))&netfilter.AddrLocal != 0
}
