package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
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

// flow is a row of a table: a connection, and where it ends up. Endpoints are all
// that luck allows; without any the connection is for no service.
type flow struct {
	name             string
	source, protocol string
	destination      string
	port             uint16
	endpoints        string // or REJECT, DROP
	masqueraded      bool   // at every endpoint; false: at none
}

// Clients of the table.
const (
	pod      = "10.244.1.99"
	otherPod = "10.244.2.99"
	node     = "192.168.1.10"
	world    = "203.0.113.7"
)

func TestFlows(t *testing.T) {
	web := "10.244.1.2:8080, 10.244.1.3:8080"
	dns := "10.244.2.2:5353, 10.244.2.3:5353, 10.244.2.4:5353"
	mail := "10.244.1.4:2525, 10.244.2.4:2525"
	checkFlows(t, shop(), []flow{
		{"pod to service", pod, "tcp", "10.96.0.10", 80, web, false},
		{"node to service", node, "tcp", "10.96.0.10", 80, web, false},
		{"the other family", "fd00:244:1::99", "tcp", "fd00:96::10", 80, "[fd00:244:1::2]:8080", false},
		{"a pod to itself", "fd00:244:1::2", "tcp", "fd00:96::10", 80, "[fd00:244:1::2]:8080", true},
		{"world to node port, pods here", world, "tcp", node, 30080, web, false},
		{"world to external address", world, "tcp", "198.51.100.1", 80, web, false},
		{"pod to node port", pod, "tcp", node, 30080, web, false},
		{"port that is not served", pod, "tcp", "10.96.0.10", 81, "", false},
		{"protocol that is not served", pod, "udp", "10.96.0.10", 80, "", false},
		{"somebody else's node port", pod, "tcp", "192.168.1.20", 30080, "", false},
		{"node port is none at external addresses", world, "tcp", "198.51.100.1", 30080, "", false},

		{"one port, one protocol", pod, "udp", "10.96.0.53", 53, dns, false},
		{"one port, another protocol", pod, "tcp", "10.96.0.53", 53, strings.ReplaceAll(dns, "5353", "5354"), false},
		{"node to pods elsewhere", node, "udp", "10.96.0.53", 53, dns, false},
		{"world to pods elsewhere", world, "udp", "10.96.0.53", 53, dns, true},
		{"pod of another node to pods elsewhere", otherPod, "udp", "10.96.0.53", 53, dns, true},

		{"local only, from the world", world, "tcp", node, 30025, "10.244.1.4:2525", false},
		{"local only, from a pod of another node", otherPod, "tcp", node, 30025, "10.244.1.4:2525", false},
		{"local only, from a pod here", pod, "tcp", node, 30025, mail, false},
		{"local only, from the node", node, "tcp", node, 30025, mail, false},
		{"local only, none here", world, "sctp", node, 30099, "DROP", false},
		{"local only, none here, from a pod here", pod, "sctp", node, 30099, "10.244.2.5:99", false},
		{"local only holds outside", pod, "sctp", "10.96.0.99", 99, "10.244.2.5:99", false},

		{"no endpoint is ready", pod, "tcp", "10.96.0.66", 80, "REJECT", false},
		{"no endpoint is ready, node port", world, "tcp", node, 30066, "REJECT", false},
	})
}

// checkFlows has all connections of a table opened on a node with the rules of
// the cluster.
func checkFlows(t *testing.T, c *cluster.Cluster, flows []flow) {
	t.Helper()
	var rules []*netfilter.Ruleset
	for _, f := range families {
		text, err := New(f).Update(c)
		require.NoError(t, err)
		rs, err := parser.ParseString(text, parser.Onto(&netfilter.Ruleset{Family: f}))
		require.NoError(t, err, "%s", text)
		rules = append(rules, rs)
	}
	n, err := simulate.New(testNode(), rules...)
	require.NoError(t, err)
	for _, f := range flows {
		t.Run(f.name, func(t *testing.T) { f.check(t, n) })
	}
}

func (f *flow) check(t *testing.T, n *simulate.Node) {
	from := client{dev: "eth0", addr: netip.MustParseAddr(f.source)}
	switch c := emptyCluster(); {
	case c.HasPod(from.addr):
		from.dev = "cni0"
	case slices.Contains(c.NodeAddresses, from.addr):
		from.dev = ""
	}
	p, err := from.opening(4000, f.protocol, netip.AddrPortFrom(netip.MustParseAddr(f.destination), f.port))
	require.NoError(t, err)
	var met []string
	for r := range n.Branches(from.dev, p) {
		met = append(met, f.outcome(r))
		assert.Equal(t, f.masqueraded, r.Masqueraded(), "%+v", r)
	}
	slices.Sort(met)
	assert.Equal(t, f.endpoints, strings.Join(slices.Compact(met), ", "))
}

// outcome names a result as the table does.
func (f *flow) outcome(r *simulate.Result) string {
	switch {
	case r.Fate == simulate.Rejected:
		return "REJECT"
	case !r.Fate.Passed():
		return "DROP"
	case r.Endpoint().String() == fmt.Sprintf("%s:%d", f.destination, f.port):
		return ""
	}
	return r.Endpoint().String()
}
