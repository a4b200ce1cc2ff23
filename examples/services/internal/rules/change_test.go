package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
)

// What services are made of. There is little of each, so that much collides.
var (
	serviceNames   = []string{"web", "dns", "db", "mail"}
	addressPairs   = [][]netip.Addr{addrs("10.96.0.1", "fd00:96::1"), addrs("10.96.0.2", "fd00:96::2"), addrs("10.96.0.3", "fd00:96::3")}
	externals      = addrs("198.51.100.1", "198.51.100.2", "2001:db8:51::1", "192.168.1.11")
	servicePorts   = []uint16{80, 81, 53, 8080}
	targetPorts    = []uint16{8080, 80, 53}
	nodePorts      = []uint16{0, 30080, 30081, 80}
	endpointAddrs4 = addrs("10.244.1.2", "10.244.1.3", "10.244.1.4", "10.244.2.2", "10.244.2.3", "192.168.1.10", "192.168.1.20")
	endpointAddrs6 = addrs("fd00:244:1::2", "fd00:244:1::3", "fd00:244:2::2", "fd00:244:2::3", "2001:db8:1::10")
	protocolNames  = []string{"tcp", "udp", "sctp"}
)

// affinity is how long clients of services with affinity come back, in seconds.
const affinity = 30

// change makes one change that leaves the cluster valid and says which; the
// cluster stays as it is, and "" is returned, if what was drawn is not valid.
func change(c *cluster.Cluster, ch *choices) string {
	next := clone(c)
	said := draw(next, ch)
	if next.Check() != nil {
		return ""
	}
	*c = *next
	return said
}

func draw(c *cluster.Cluster, ch *choices) string {
	if len(c.Services) == 0 || len(c.Services) < len(serviceNames) && ch.below(5) == 0 {
		return add(c, ch)
	}
	i := ch.below(len(c.Services))
	s := &c.Services[i]
	said := s.Name + ": "
	switch ch.below(14) {
	case 0:
		c.Services = slices.Delete(c.Services, i, i+1)
		return said + "deleted"
	case 1:
		s.Addresses = slices.Clone(addressPairs[ch.below(len(addressPairs))])
		return said + fmt.Sprintf("addresses %s", s.Addresses)
	case 2:
		s.LocalOnly = !s.LocalOnly
		return said + fmt.Sprintf("local only %t", s.LocalOnly)
	case 3:
		s.AffinitySeconds = affinity - s.AffinitySeconds
		return said + fmt.Sprintf("affinity %d", s.AffinitySeconds)
	case 4:
		s.ExternalAddresses = toggle(s.ExternalAddresses, one(ch, externals...))
		return said + fmt.Sprintf("external addresses %s", s.ExternalAddresses)
	case 5:
		s.Ports = append(s.Ports, port(ch))
		return said + fmt.Sprintf("ports %+v", s.Ports)
	case 6, 7:
		j := ch.below(len(s.Ports) + 1)
		s.Ports = slices.Delete(s.Ports, min(j, len(s.Ports)), min(j+1, len(s.Ports)))
		s.Ports = append(s.Ports, port(ch))
		return said + fmt.Sprintf("ports %+v", s.Ports)
	case 8, 9:
		if len(s.Endpoints) > 0 {
			e := &s.Endpoints[ch.below(len(s.Endpoints))]
			e.NotReady = !e.NotReady
			return said + fmt.Sprintf("endpoint %+v", *e)
		}
	}
	return said + endpoint(s, ch)
}

// add draws another service.
func add(c *cluster.Cluster, ch *choices) string {
	s := cluster.Service{Addresses: slices.Clone(one(ch, addressPairs...)), Ports: []cluster.Port{port(ch)}}
	for _, n := range serviceNames {
		if !slices.ContainsFunc(c.Services, func(s cluster.Service) bool { return s.Name == n }) {
			s.Name = n
		}
	}
	switch ch.below(4) {
	case 0:
		s.Addresses = s.Addresses[:1]
	case 1:
		s.Addresses = s.Addresses[1:]
	}
	s.LocalOnly, s.AffinitySeconds = ch.below(3) == 1, one[uint32](ch, 0, 0, affinity)
	for range ch.below(5) {
		endpoint(&s, ch)
	}
	c.Services = append(c.Services, s)
	return fmt.Sprintf("%s: added: %+v", s.Name, s)
}

func port(ch *choices) cluster.Port {
	return cluster.Port{Protocol: one(ch, protocolNames...), Port: one(ch, servicePorts...), Target: one(ch, targetPorts...), NodePort: one(ch, nodePorts...)}
}

// endpoint adds an endpoint to a service, or removes it if it is there.
func endpoint(s *cluster.Service, ch *choices) string {
	a := one(ch, one(ch, endpointAddrs4, endpointAddrs6)...)
	for i, e := range s.Endpoints {
		if e.Address == a {
			s.Endpoints = slices.Delete(s.Endpoints, i, i+1)
			return fmt.Sprintf("endpoint %s removed", a)
		}
	}
	s.Endpoints = append(s.Endpoints, cluster.Endpoint{Address: a})
	return fmt.Sprintf("endpoint %s added", a)
}

func toggle(as []netip.Addr, a netip.Addr) []netip.Addr {
	if i := slices.Index(as, a); i >= 0 {
		return slices.Delete(as, i, i+1)
	}
	return append(as, a)
}

// clone returns an independent copy.
func clone(c *cluster.Cluster) *cluster.Cluster {
	n := *c
	n.Services = slices.Clone(c.Services)
	for i := range n.Services {
		s := &n.Services[i]
		s.Addresses, s.ExternalAddresses = slices.Clone(s.Addresses), slices.Clone(s.ExternalAddresses)
		s.Ports, s.Endpoints = slices.Clone(s.Ports), slices.Clone(s.Endpoints)
	}
	return &n
}
