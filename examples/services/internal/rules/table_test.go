package rules

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// shop is a cluster with a service of each kind.
func shop() *cluster.Cluster {
	c := emptyCluster()
	c.Services = []cluster.Service{{
		Name: "web", Addresses: addrs("10.96.0.10", "fd00:96::10"), ExternalAddresses: addrs("198.51.100.1"),
		Ports:     []cluster.Port{{Protocol: "tcp", Port: 80, Target: 8080, NodePort: 30080}},
		Endpoints: endpoints("10.244.1.2", "10.244.1.3", "fd00:244:1::2"),
	}, {
		Name: "dns", Addresses: addrs("10.96.0.53"),
		Ports:     []cluster.Port{{Protocol: "udp", Port: 53, Target: 5353}, {Protocol: "tcp", Port: 53, Target: 5354}},
		Endpoints: endpoints("10.244.2.2", "10.244.2.3", "10.244.2.4"),
	}, {
		Name: "mail", Addresses: addrs("10.96.0.25"), LocalOnly: true,
		Ports:     []cluster.Port{{Protocol: "tcp", Port: 25, Target: 2525, NodePort: 30025}},
		Endpoints: endpoints("10.244.1.4", "10.244.2.4"),
	}, {
		Name: "queue", Addresses: addrs("10.96.0.99"), LocalOnly: true,
		Ports:     []cluster.Port{{Protocol: "sctp", Port: 99, Target: 99, NodePort: 30099}},
		Endpoints: endpoints("10.244.2.5"),
	}, {
		Name: "idle", Addresses: addrs("10.96.0.66"),
		Ports:     []cluster.Port{{Protocol: "tcp", Port: 80, Target: 80, NodePort: 30066}},
		Endpoints: []cluster.Endpoint{{Address: netip.MustParseAddr("10.244.1.6"), NotReady: true}},
	}}
	return c
}

func endpoints(texts ...string) []cluster.Endpoint {
	var out []cluster.Endpoint
	for _, a := range addrs(texts...) {
		out = append(out, cluster.Endpoint{Address: a})
	}
	return out
}

// Clients and addresses of the tables.
const (
	pod      = "10.244.1.99"
	otherPod = "10.244.2.99"
	node     = "192.168.1.10"
	world    = "203.0.113.7"
	web      = "10.96.0.10"
	dns      = "10.96.0.53"
	mail     = "10.96.0.25"
	queue    = "10.96.0.99"
	idle     = "10.96.0.66"
)

func TestFlows(t *testing.T) {
	simtest.Flows{
		{"pod to service", pod, "tcp", web, 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"node to service", node, "tcp", web, 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"world to node port, pods here", world, "tcp", node, 30080, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"world to external address", world, "tcp", "198.51.100.1", 80, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"pod to node port", pod, "tcp", node, 30080, "10.244.1.2:8080, 10.244.1.3:8080", false},
		{"a pod to itself, perhaps", "10.244.1.2", "tcp", web, 80, "10.244.1.2:8080, 10.244.1.3:8080", true},
		{"port that is not served", pod, "tcp", web, 81, "", false},
		{"protocol that is not served", pod, "udp", web, 80, "", false},
		{"somebody else's node port", pod, "tcp", "192.168.1.20", 30080, "", false},
		{"node port is none at external addresses", world, "tcp", "198.51.100.1", 30080, "", false},

		{"one port, one protocol", pod, "udp", dns, 53, "10.244.2.2:5353, 10.244.2.3:5353, 10.244.2.4:5353", false},
		{"one port, another protocol", pod, "tcp", dns, 53, "10.244.2.2:5354, 10.244.2.3:5354, 10.244.2.4:5354", false},
		{"node to pods on other nodes", node, "udp", dns, 53, "10.244.2.2:5353, 10.244.2.3:5353, 10.244.2.4:5353", false},
		{"world to pods on other nodes", world, "udp", dns, 53, "10.244.2.2:5353, 10.244.2.3:5353, 10.244.2.4:5353", true},
		{"pod of another node to pods on other nodes", otherPod, "udp", dns, 53, "10.244.2.2:5353, 10.244.2.3:5353, 10.244.2.4:5353", true},

		{"local only, from the world", world, "tcp", node, 30025, "10.244.1.4:2525", false},
		{"local only, from a pod of another node", otherPod, "tcp", node, 30025, "10.244.1.4:2525", false},
		{"local only, from a pod here", pod, "tcp", node, 30025, "10.244.1.4:2525, 10.244.2.4:2525", false},
		{"local only, from the node", node, "tcp", node, 30025, "10.244.1.4:2525, 10.244.2.4:2525", false},
		{"local only holds outside", pod, "tcp", mail, 25, "10.244.1.4:2525, 10.244.2.4:2525", false},
		{"local only, none here", world, "sctp", node, 30099, "DROP", false},
		{"local only, none here, from a pod here", pod, "sctp", node, 30099, "10.244.2.5:99", false},
		{"local only holds outside, none here", pod, "sctp", queue, 99, "10.244.2.5:99", false},

		{"no endpoint is ready", pod, "tcp", idle, 80, "REJECT", false},
		{"no endpoint is ready, node port", world, "tcp", node, 30066, "REJECT", false},
	}.Run(t, nodeAfter(t, netfilter.IPv4, shop()))
}

func TestFlows6(t *testing.T) {
	const pod, world, web = "fd00:244:1::2", "2001:db8:ffff::7", "fd00:96::10"
	simtest.Flows{
		{"a pod to itself", pod, "tcp", web, 80, "[fd00:244:1::2]:8080", true},
		{"another pod", "fd00:244:1::99", "tcp", web, 80, "[fd00:244:1::2]:8080", false},
		{"world to node port", world, "tcp", "2001:db8:1::10", 30080, "[fd00:244:1::2]:8080", false},
		{"node port of a service without IPv6", world, "tcp", "2001:db8:1::10", 30025, "", false},
	}.Run(t, nodeAfter(t, netfilter.IPv6, shop()))
}

// TestFlowsAfterChange looks at what changes when services come, go and change.
func TestFlowsAfterChange(t *testing.T) {
	later := shop()
	later.Services[0].Endpoints[0].NotReady = true
	later.Services[2].LocalOnly = false
	later.Services[4].Endpoints[0].NotReady = false
	later.Services = slices.Delete(later.Services, 1, 2)
	simtest.Flows{
		{"endpoint no longer ready", pod, "tcp", web, 80, "10.244.1.3:8080", false},
		{"endpoint ready at last", pod, "tcp", idle, 80, "10.244.1.6:80", false},
		{"endpoint ready at last, node port", world, "tcp", node, 30066, "10.244.1.6:80", false},
		{"no longer local only", world, "tcp", node, 30025, "10.244.1.4:2525, 10.244.2.4:2525", true},
		{"service deleted", pod, "udp", dns, 53, "", false},
		{"what did not change", pod, "sctp", queue, 99, "10.244.2.5:99", false},
	}.Run(t, nodeAfter(t, netfilter.IPv4, shop(), later))
}

// nodeAfter returns the node when a generator's texts for each of the clusters
// have been applied.
func nodeAfter(t *testing.T, f netfilter.Family, clusters ...*cluster.Cluster) *simulate.Node {
	t.Helper()
	live := simtest.Live{Host: testNode(), Rules: &netfilter.Ruleset{Family: f}}
	g := New(f)
	for _, c := range clusters {
		text, err := g.Update(c)
		require.NoError(t, err)
		live.Restore(t, text)
	}
	return live.Node(t)
}
