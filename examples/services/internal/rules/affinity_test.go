package rules

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
)

// checkAffinity has clients come back to services: where there is affinity they
// must meet the same endpoint until the time is over, and any after that;
// without it any at once.
func (t *trial) checkAffinity() error {
	for i := range t.cluster.Services {
		s := &t.cluster.Services[i]
		for _, a := range s.Addresses {
			c := clientsOf(packet.FamilyOf(a))[t.below(3)]
			for _, p := range s.Ports {
				if err := t.comeBack(c, s, frontend{p.Protocol, netip.AddrPortFrom(a, p.Port)}); err != nil {
					return fmt.Errorf("%s, %s, to %s %s again: %w", c.name, c.addr, p.Protocol, a, err)
				}
			}
		}
	}
	return nil
}

// comeBack sends three connections of a client to a frontend.
func (t *trial) comeBack(c client, s *cluster.Service, p frontend) error {
	if expect(t.cluster, c.addr, p.protocol, p.at).fate != served {
		return nil
	}
	session := t.node.NewSession(simulate.WithSeed(uint64(t.below(256))))
	first, _, err := call(session, c, 4000, p)
	if err != nil {
		return err
	}
	session.Advance(time.Duration(s.AffinitySeconds) * time.Second)
	all := len(expect(t.cluster, c.addr, p.protocol, p.at).endpoints)
	again, ways, err := call(session, c, 4001, p)
	switch {
	case err != nil:
		return err
	case s.AffinitySeconds != 0 && (again != first || ways != 1):
		return fmt.Errorf("within %d seconds it may meet %d endpoints, such as %s after %s", s.AffinitySeconds, ways, again, first)
	case s.AffinitySeconds == 0 && ways != all:
		return fmt.Errorf("it may meet %d endpoints of %d though there is no affinity", ways, all)
	}
	session.Advance(time.Duration(s.AffinitySeconds+1) * time.Second)
	if _, ways, err = call(session, c, 4002, p); err == nil && ways != all {
		err = fmt.Errorf("after %d seconds it may meet only %d endpoints of %d", s.AffinitySeconds+1, ways, all)
	}
	return err
}

// call opens a connection, and returns which endpoint it met and how many it
// might have.
func call(s *simulate.Session, c client, sport uint16, p frontend) (met netip.AddrPort, ways int, err error) {
	packet, err := c.opening(sport, p.protocol, p.at)
	if err != nil {
		return met, 0, err
	}
	ways = len(simulate.Outcomes(s.Branches(c.dev, packet), (*simulate.Result).Endpoint))
	if c.dev == "" {
		return s.Send(packet).Endpoint(), ways, nil
	}
	return s.Receive(c.dev, packet).Endpoint(), ways, nil
}

// memory is when clients last met endpoints of services with affinity, on the
// node that lives through all updates.
type memory map[acquaintance]time.Time

// acquaintance is a client and an endpoint that it met.
type acquaintance struct {
	service  string
	port     cluster.Port
	client   netip.Addr
	endpoint netip.AddrPort
}

// forget drops what went with endpoints, ports and services. A port's node port
// is not part of what it is.
func (m memory) forget(c *cluster.Cluster) {
	for a := range m {
		if !remembers(c, a) {
			delete(m, a)
		}
	}
}

func remembers(c *cluster.Cluster, a acquaintance) bool {
	for i := range c.Services {
		s := &c.Services[i]
		if _, offered := s.Address(packet.FamilyOf(a.client)); s.Name != a.service || s.AffinitySeconds == 0 || !offered {
			continue
		}
		for _, p := range s.Ports {
			if p.NodePort = 0; p != a.port {
				continue
			}
			for _, e := range s.Endpoints {
				if !e.NotReady && e.Address == a.endpoint.Addr() {
					return true
				}
			}
		}
	}
	return false
}

// known returns the endpoints to which a client must come back: those of the
// expectation that it met lately.
func (m memory) known(e expectation, client netip.Addr, now time.Time) []netip.AddrPort {
	var out []netip.AddrPort
	for a, when := range m {
		port := e.port
		port.NodePort = 0
		if _, possible := e.endpoints[a.endpoint]; possible && a.service == e.service.Name && a.port == port && a.client == client && now.Sub(when) <= affinity*time.Second {
			out = append(out, a.endpoint)
		}
	}
	return out
}
