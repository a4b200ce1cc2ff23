package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// offer is one port of a service in one family.
type offer struct {
	cluster   *cluster.Cluster
	family    netfilter.Family
	service   *cluster.Service
	port      cluster.Port
	address   netip.Addr
	endpoints []netip.Addr // those that are ready
}

// offers returns the ports of the cluster's services in a family.
func offers(c *cluster.Cluster, f netfilter.Family) []offer {
	var out []offer
	for i := range c.Services {
		s := &c.Services[i]
		address, ok := s.Address(f)
		if !ok {
			continue
		}
		var ready []netip.Addr
		for _, e := range s.Endpoints {
			if packet.FamilyOf(e.Address) == f && !e.NotReady {
				ready = append(ready, e.Address)
			}
		}
		for _, p := range s.Ports {
			out = append(out, offer{c, f, s, p, address, ready})
		}
	}
	return out
}

// key identifies the offer among those of its family.
func (o *offer) key() string {
	return fmt.Sprintf("%s %s %d", o.service.Name, o.port.Protocol, o.port.Port)
}

// at returns the conditions for packets to an address and port.
func (o *offer) at(a netip.Addr, port uint16) string {
	return fmt.Sprintf("-d %s %s", hostPrefix(a), o.toPort(port))
}

func (o *offer) toPort(port uint16) string {
	p := o.port.Protocol
	return fmt.Sprintf("-p %s -m %s --dport %d -m comment --comment %q", p, p, port, o.key())
}

// entries returns the rules that find the offer by its addresses. An offer
// without endpoints is left to table filter.
func (o *offer) entries() []string {
	if len(o.endpoints) == 0 {
		return nil
	}
	out := []string{o.at(o.address, o.port.Port) + " -j " + o.chain()}
	for _, a := range cluster.OfFamily(o.service.ExternalAddresses, o.family) {
		out = append(out, o.at(a, o.port.Port)+" -j "+o.outerChain())
	}
	return out
}

// nodePortEntries returns the rules that find the offer by its node port.
func (o *offer) nodePortEntries() []string {
	if len(o.nodePortAddrs()) == 0 || len(o.endpoints) == 0 {
		return nil
	}
	return []string{o.toPort(o.port.NodePort) + " -j " + o.outerChain()}
}

// outer returns the conditions for packets that come in by an external address
// or a node port.
func (o *offer) outer() []string {
	var out []string
	for _, a := range cluster.OfFamily(o.service.ExternalAddresses, o.family) {
		out = append(out, o.at(a, o.port.Port))
	}
	for _, a := range o.nodePortAddrs() {
		out = append(out, o.at(a, o.port.NodePort))
	}
	return out
}

// nodePortAddrs returns the addresses at which the offer's node port is served.
func (o *offer) nodePortAddrs() []netip.Addr {
	if o.port.NodePort == 0 {
		return nil
	}
	return cluster.OfFamily(o.cluster.NodeAddresses, o.family)
}

// refusals returns the rules of table filter for what no endpoint can take:
// clients learn that nobody is there; outsiders whom only other nodes could
// serve get no answer, so that they try one of those.
func (o *offer) refusals() []string {
	var out []string
	switch {
	case len(o.endpoints) == 0:
		for _, at := range slices.Concat([]string{o.at(o.address, o.port.Port)}, o.outer()) {
			out = append(out, at+" -j REJECT")
		}
	case o.service.LocalOnly && len(o.locals()) == 0:
		for _, at := range o.outer() {
			out = append(out, outsiders(o.cluster, o.family)+" "+at+" -j DROP")
		}
	}
	return out
}

// locals returns the endpoints on this node.
func (o *offer) locals() []netip.Addr {
	return slices.DeleteFunc(slices.Clone(o.endpoints), func(a netip.Addr) bool { return !o.local(a) })
}

func (o *offer) local(a netip.Addr) bool {
	return o.cluster.HasPod(a) || slices.Contains(o.cluster.NodeAddresses, a)
}

// balance returns rules that send a connection to one of the endpoints: where
// there is affinity, to the one that the client had last, else to any with
// equal probability.
func (o *offer) balance(endpoints []netip.Addr) []string {
	var out []string
	if s := o.service.AffinitySeconds; s != 0 {
		for _, a := range endpoints {
			end := o.endpointChain(a)
			out = append(out, fmt.Sprintf("-m recent --rcheck --seconds %d --reap --name %s -j %s", s, end, end))
		}
	}
	for i, a := range endpoints {
		random := ""
		if left := len(endpoints) - i; left > 1 {
			random = fmt.Sprintf("-m statistic --mode random --probability %.11f ", 1/float64(left))
		}
		out = append(out, random+"-j "+o.endpointChain(a))
	}
	return out
}

// chains returns the offer's own chains.
func (o *offer) chains() []chain {
	if len(o.endpoints) == 0 {
		return nil
	}
	out := []chain{{o.chain(), o.balance(o.endpoints)}}
	if o.service.LocalOnly && len(o.outer()) > 0 {
		var rules []string
		if p, ok := o.cluster.PodNetwork(o.family); ok {
			rules = append(rules, fmt.Sprintf("-s %s -j %s", p, o.chain()))
		}
		rules = append(rules, "-m addrtype --src-type LOCAL -j "+o.chain())
		out = append(out, chain{o.outerChain(), append(rules, o.balance(o.locals())...)})
	}
	for _, a := range o.endpoints {
		out = append(out, chain{o.endpointChain(a), o.endpointRules(a)})
	}
	return out
}

// endpointRules returns the rules of an endpoint's chain. A client must be
// masqueraded if the endpoint's answer would not come back through this node
// otherwise: where the client is the endpoint itself, which would answer
// itself, and where both are elsewhere.
func (o *offer) endpointRules(a netip.Addr) []string {
	var out []string
	switch {
	case o.cluster.HasPod(a):
		out = append(out, "-s "+hostPrefix(a)+" -j MARK --set-xmark "+masqueradeMark)
	case !o.local(a):
		out = append(out, outsiders(o.cluster, o.family)+" -j MARK --set-xmark "+masqueradeMark)
	}
	remember := ""
	if o.service.AffinitySeconds != 0 {
		remember = "-m recent --set --name " + o.endpointChain(a) + " "
	}
	return append(out, fmt.Sprintf("-p %s %s-j DNAT --to-destination %s",
		o.port.Protocol, remember, netip.AddrPortFrom(a, o.port.Target)))
}
