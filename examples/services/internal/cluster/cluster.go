// Package cluster describes what a node knows of a cluster of pods: its own
// pods and addresses, and services, each of which is a few addresses and ports
// in front of any number of endpoints.
package cluster

import (
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Cluster is a cluster as one of its nodes sees it. Addresses of both families
// may stand side by side. The zero value is a cluster without services.
type Cluster struct {
	// PodNetworks hold the addresses of the pods on this node, one network of a
	// family at most. Whatever these pods send passes the node, also what they
	// send to each other.
	PodNetworks []netip.Prefix `json:"podNetworks"`
	// NodeAddresses are this node's own addresses, at which it serves node ports.
	NodeAddresses []netip.Addr `json:"nodeAddresses"`
	Services      []Service    `json:"services"`
}

// Service is an offer that clients find at its addresses and ports, while
// endpoints do the work. In a family in which it has no address it is not
// offered at all.
type Service struct {
	Name string `json:"name"` // unique; letters, digits, "-", "." and "_"
	// Addresses exist within the cluster only, one of a family at most.
	Addresses []netip.Addr `json:"addresses"`
	// ExternalAddresses are those at which the rest of the world finds the
	// service, if its packets are routed to this node.
	ExternalAddresses []netip.Addr `json:"externalAddresses,omitempty"`
	Ports             []Port       `json:"ports"`
	// AffinitySeconds is how long a client comes back to the endpoint that it
	// had last; 0: every connection may go to another one.
	AffinitySeconds uint32 `json:"affinitySeconds,omitempty"`
	// LocalOnly keeps what comes from outside by a node port or an external
	// address on this node, so that endpoints see their clients' own addresses.
	// If none of the endpoints is on this node such packets are dropped. Pods of
	// this node and the node itself are not outside.
	LocalOnly bool       `json:"localOnly,omitempty"`
	Endpoints []Endpoint `json:"endpoints,omitempty"`
}

// Port is a port of a service.
type Port struct {
	Protocol string `json:"protocol"` // tcp, udp or sctp
	Port     uint16 `json:"port"`     // at the service's addresses; not 0
	Target   uint16 `json:"target"`   // at the endpoints; not 0
	NodePort uint16 `json:"nodePort,omitempty"`
}

// Endpoint is a pod, or a process in the network of a node, that does a
// service's work.
type Endpoint struct {
	Address netip.Addr `json:"address"`
	// NotReady endpoints get no connections.
	NotReady bool `json:"notReady,omitempty"`
}

// PodNetwork returns the network of this node's pods; false if it has none of
// this family.
func (c *Cluster) PodNetwork(f netfilter.Family) (netip.Prefix, bool) {
	for _, p := range c.PodNetworks {
		if packet.FamilyOf(p.Addr()) == f {
			return p, true
		}
	}
	return netip.Prefix{}, false
}

// HasPod reports whether an address is one of this node's pods.
func (c *Cluster) HasPod(a netip.Addr) bool {
	p, ok := c.PodNetwork(packet.FamilyOf(a))
	return ok && p.Contains(a)
}

// Address returns the service's address of a family; false if it has none.
func (s *Service) Address(f netfilter.Family) (netip.Addr, bool) {
	for _, a := range s.Addresses {
		if packet.FamilyOf(a) == f {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// OfFamily returns the addresses of one family.
func OfFamily(addrs []netip.Addr, f netfilter.Family) []netip.Addr {
	var out []netip.Addr
	for _, a := range addrs {
		if packet.FamilyOf(a) == f {
			out = append(out, a)
		}
	}
	return out
}
