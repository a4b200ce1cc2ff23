package rules

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// fate is what the model says of a connection.
type fate string

const (
	untouched fate = "left alone" // it is for no service
	served    fate = "served"
	refused   fate = "refused" // nobody is there
	dropped   fate = "dropped" // only others could serve it
)

// expectation is what has to become of a connection, said of the cluster alone:
// no line here knows of rules.
type expectation struct {
	fate fate
	// endpoints are those that may get it, with equal probability, and whether
	// they must take the node for the client.
	endpoints map[netip.AddrPort]bool
	service   *cluster.Service // nil if it is for none
	port      cluster.Port
}

// expect returns what has to become of a connection from one address to another.
func expect(c *cluster.Cluster, from netip.Addr, protocol string, to netip.AddrPort) expectation {
	for i := range c.Services {
		s := &c.Services[i]
		for _, p := range s.Ports {
			if inner, outer := finds(c, s, p, protocol, to); inner || outer {
				keep := outer && s.LocalOnly && !here(c, from)
				return choose(c, s, p, from, keep)
			}
		}
	}
	return expectation{fate: untouched}
}

// finds reports whether a destination is a port of the service at its address
// in the cluster (inner), or at an address for the rest of the world (outer).
func finds(c *cluster.Cluster, s *cluster.Service, p cluster.Port, protocol string, to netip.AddrPort) (inner, outer bool) {
	if _, offered := s.Address(packet.FamilyOf(to.Addr())); !offered || p.Protocol != protocol {
		return false, false
	}
	inner = slices.Contains(s.Addresses, to.Addr()) && to.Port() == p.Port
	outer = slices.Contains(s.ExternalAddresses, to.Addr()) && to.Port() == p.Port ||
		slices.Contains(c.NodeAddresses, to.Addr()) && to.Port() == p.NodePort
	return inner, outer
}

// choose names the endpoints that may get a connection; keep excludes those
// elsewhere.
func choose(c *cluster.Cluster, s *cluster.Service, p cluster.Port, from netip.Addr, keep bool) expectation {
	e := expectation{fate: served, endpoints: map[netip.AddrPort]bool{}, service: s, port: p}
	ready := 0
	for _, end := range s.Endpoints {
		if end.NotReady || end.Address.Is4() != from.Is4() {
			continue
		}
		ready++
		if !keep || here(c, end.Address) {
			e.endpoints[netip.AddrPortFrom(end.Address, p.Target)] = lost(c, from, end.Address)
		}
	}
	switch {
	case ready == 0:
		e.fate = refused
	case len(e.endpoints) == 0:
		e.fate = dropped
	}
	return e
}

// here reports whether an address is the node's or one of its pods'.
func here(c *cluster.Cluster, a netip.Addr) bool {
	return slices.ContainsFunc(c.PodNetworks, func(p netip.Prefix) bool { return p.Contains(a) }) ||
		slices.Contains(c.NodeAddresses, a) || a.IsLoopback()
}

// lost reports whether what the endpoint answers to the client's own address
// would miss this node, where the translation has to be undone.
func lost(c *cluster.Cluster, client, endpoint netip.Addr) bool {
	if client == endpoint {
		return !slices.Contains(c.NodeAddresses, endpoint) // a pod answers itself without leaving
	}
	return !here(c, client) && !here(c, endpoint)
}

// String describes the expectation in the words in which answers are described.
func (e expectation) String() string {
	if e.fate != served {
		return string(e.fate)
	}
	var out []string
	for _, a := range slices.SortedFunc(maps.Keys(e.endpoints), netip.AddrPort.Compare) {
		out = append(out, fmt.Sprintf("%s%s with 1/%d", a, masqueradedWord(e.endpoints[a]), len(e.endpoints)))
	}
	return strings.Join(out, ", ")
}

func masqueradedWord(is bool) string {
	if is {
		return " masqueraded"
	}
	return ""
}
