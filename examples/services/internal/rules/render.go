package rules

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
)

// Chains that exist in every cluster.
const (
	servicesChain   = "lb-services"
	nodePortsChain  = "lb-nodeports"
	masqueradeChain = "lb-masquerade"
	refuseChain     = "lb-refuse"
)

// masqueradeMark is the bit of the packet mark that asks for masquerading. It
// is cleared before the packet leaves.
const masqueradeMark = "0x2000/0x2000"

// notNode matches packets that this node has not sent.
const notNode = "-m addrtype ! --src-type LOCAL"

// render returns the tables of a cluster: nat and filter.
func render(c *cluster.Cluster, f netfilter.Family) []table {
	nat := table{name: "nat", hooks: []rule{
		{"PREROUTING", "-j " + servicesChain},
		{"OUTPUT", "-j " + servicesChain},
		{"POSTROUTING", "-m mark --mark " + masqueradeMark + " -j " + masqueradeChain},
	}}
	// Connections that were translated have found their endpoint, which may
	// happen to have the address and port of a service that has none.
	refuse := "-m conntrack --ctstate NEW -m conntrack ! --ctstate DNAT -j " + refuseChain
	filter := table{name: "filter", hooks: []rule{{"INPUT", refuse}, {"FORWARD", refuse}, {"OUTPUT", refuse}}}

	services, nodePorts, refused := chain{name: servicesChain}, chain{name: nodePortsChain}, chain{name: refuseChain}
	own := []chain{{masqueradeChain, []string{"-j MARK --set-xmark 0x0/0x2000", "-j MASQUERADE"}}}
	for _, o := range offers(c, f) {
		services.rules = append(services.rules, o.entries()...)
		nodePorts.rules = append(nodePorts.rules, o.nodePortEntries()...)
		refused.rules = append(refused.rules, o.refusals()...)
		own = append(own, o.chains()...)
	}
	if len(nodePorts.rules) > 0 {
		own = append(own, nodePorts)
		for _, a := range cluster.OfFamily(c.NodeAddresses, f) {
			services.rules = append(services.rules, "-d "+hostPrefix(a)+" -j "+nodePortsChain)
		}
	}
	nat.chains = append(own, services)
	filter.chains = []chain{refused}
	return []table{nat, filter}
}

// hostPrefix returns an address as a source or destination of one host.
func hostPrefix(a netip.Addr) string { return netip.PrefixFrom(a, a.BitLen()).String() }

// outsiders returns the condition that holds for what neither this node nor
// one of its pods has sent.
func outsiders(c *cluster.Cluster, f netfilter.Family) string {
	if p, ok := c.PodNetwork(f); ok {
		return fmt.Sprintf("! -s %s %s", p, notNode)
	}
	return notNode
}
