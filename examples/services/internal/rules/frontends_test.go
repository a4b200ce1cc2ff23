package rules

import (
	"fmt"
	"math/big"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
)

// frontend is an address and port at which a service is reached.
type frontend struct {
	protocol string
	at       netip.AddrPort
}

// visit adds the frontends of the cluster's services to those that are checked from
// now on, even after they are removed.
func (t *trial) visit() {
	for _, s := range t.cluster.Services {
		for _, p := range s.Ports {
			for _, a := range slices.Concat(s.Addresses, s.ExternalAddresses) {
				t.add(frontend{p.Protocol, netip.AddrPortFrom(a, p.Port)})
			}
			for _, a := range t.cluster.NodeAddresses {
				t.add(frontend{p.Protocol, netip.AddrPortFrom(a, p.NodePort)})
			}
		}
	}
}

func (t *trial) add(p frontend) {
	if p.at.Port() != 0 && !slices.Contains(t.frontends, p) {
		t.frontends = append(t.frontends, p)
	}
}

// otherFrontend draws a frontend that probably belongs to no service: it has another
// protocol or port, or the address of something else.
func (t *trial) otherFrontend() frontend {
	unassigned := addrs("203.0.113.80", "10.244.1.1", "127.0.0.1", "2001:db8:ffff::80", "::1")
	a := one(&t.choices, slices.Concat(unassigned, externals, emptyCluster().NodeAddresses, slices.Concat(addressPairs...))...)
	port := one(&t.choices, slices.Concat(servicePorts, nodePorts[1:], []uint16{82, 30082})...)
	return frontend{one(&t.choices, protocolNames...), netip.AddrPortFrom(a, port)}
}

// checkFrontends sends packets of all kinds of clients to all frontends.
func (t *trial) checkFrontends() error {
	frontends := slices.Clone(t.frontends)
	for range 6 {
		frontends = append(frontends, t.otherFrontend())
	}
	for _, p := range frontends {
		from := clientsOf(packet.FamilyOf(p.at.Addr()))
		for _, c := range append(from, t.hairpins(p)...) {
			// Only the node has loopback addresses, from which only the node is reached.
			if c.addr.IsLoopback() != p.at.Addr().IsLoopback() {
				continue
			}
			if err := t.checkFrontend(c, p); err != nil {
				return fmt.Errorf("%s, %s, to %s %s: %w", c.name, c.addr, p.protocol, p.at, err)
			}
		}
	}
	return nil
}

// hairpins returns the pods of this node whose packets a service may send back to them.
func (t *trial) hairpins(p frontend) []client {
	var out []client
	addrs := endpointAddrs4
	if p.at.Addr().Is6() {
		addrs = endpointAddrs6
	}
	for _, e := range addrs {
		if t.cluster.HasPod(e) {
			out = append(out, client{"an endpoint", "cni0", e})
		}
	}
	return out
}

// checkFrontend has one client call at one frontend, in all random branches.
func (t *trial) checkFrontend(c client, p frontend) error {
	packet, err := c.opening(4000, p.protocol, p.at)
	if err != nil {
		return err
	}
	want := expect(t.cluster, c.addr, p.protocol, p.at)
	session := t.node.NewSession()
	outcomes := simulate.Outcomes(session.Branches(c.dev, packet), func(r *simulate.Result) string { return want.describe(r, p.at) })
	for _, o := range outcomes {
		if !want.allows(o.Key, o.Least) {
			return fmt.Errorf("want %s; found, with probability %s: %s\n%+v", want, o.Least.FloatString(9), o.Key, o.Branches[0])
		}
		if want.fate == served {
			if err := checkAnswer(session, o.Branches[0], &packet); err != nil {
				return err
			}
		}
	}
	if want.fate == served && len(outcomes) != len(want.endpoints) {
		return fmt.Errorf("want %s; %d of these are never reached", want, len(want.endpoints)-len(outcomes))
	}
	return nil
}

// describe names what became of a connection to a frontend in the words in which
// the expectation is put.
func (e expectation) describe(r *simulate.Result, to netip.AddrPort) string {
	switch {
	case r.Fate == simulate.Rejected:
		return string(refused)
	case r.Fate == simulate.Dropped:
		return string(dropped)
	case !r.Fate.Passed():
		return r.String()
	case r.Endpoint() == to && !r.Masqueraded() && e.fate != served: // a service may be its own endpoint
		return string(untouched)
	}
	return r.Endpoint().String() + masqueradedWord(r.Masqueraded())
}

// allows reports whether a description is that of an outcome which is to be
// expected, with a probability that is as near to the one it should have as
// chance in multiples of 2⁻³¹ can come.
func (e expectation) allows(description string, probability *big.Rat) bool {
	if e.fate != served {
		return description == string(e.fate)
	}
	for a, masqueraded := range e.endpoints {
		if description == a.String()+masqueradedWord(masqueraded) {
			off := new(big.Rat).Sub(probability, big.NewRat(1, int64(len(e.endpoints))))
			return off.Abs(off).Cmp(big.NewRat(int64(len(e.endpoints)), 1<<31)) <= 0
		}
	}
	return false
}

// checkAnswer has the endpoint that was reached answer: the client must take
// the answer for the service's.
func checkAnswer(s *simulate.Session, r *simulate.Result, opening *netfilter.Packet) error {
	if r.Fate == simulate.Delivered {
		return nil // the endpoint is the node itself
	}
	s = s.Clone()
	reached := s.Take(r)
	back := s.Receive(reached.OutDev, reached.Reply())
	p := &back.Packet
	if !back.Fate.Passed() || p.Src() != opening.Dst() || p.SrcPort() != opening.DstPort() || p.Dst() != opening.Src() || p.DstPort() != opening.SrcPort() {
		return fmt.Errorf("the answer does not come back as the service's: %+v", back)
	}
	return nil
}
