package cluster

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// claim is an address and port that at most one service can have.
type claim struct {
	addr     netip.Addr
	protocol string
	port     uint16
}

func (c claim) String() string { return c.protocol + " " + netip.AddrPortFrom(c.addr, c.port).String() }

// claims returns where a port of a service is found.
func (c *Cluster) claims(s *Service, p Port) []claim {
	var out []claim
	for _, addrs := range [][]netip.Addr{s.Addresses, s.ExternalAddresses} {
		for _, a := range addrs {
			out = append(out, claim{a, p.Protocol, p.Port})
		}
	}
	if p.NodePort == 0 {
		return out
	}
	for _, a := range c.NodeAddresses {
		if _, ok := s.Address(packet.FamilyOf(a)); ok {
			out = append(out, claim{a, p.Protocol, p.NodePort})
		}
	}
	return out
}

// checkClaims refuses services of one name, and claims of two services.
func (c *Cluster) checkClaims() (errs []error) {
	names := map[string]bool{}
	owners := map[claim]string{}
	for i := range c.Services {
		s := &c.Services[i]
		if names[s.Name] {
			errs = append(errs, fmt.Errorf("service %q: there is another one of this name", s.Name))
		}
		names[s.Name] = true
		for _, p := range s.Ports {
			for _, at := range c.claims(s, p) {
				if owner, ok := owners[at]; ok {
					errs = append(errs, fmt.Errorf("service %q: %s belongs to service %q", s.Name, at, owner))
				}
				owners[at] = s.Name
			}
		}
	}
	return errs
}
