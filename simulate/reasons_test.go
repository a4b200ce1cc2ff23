package simulate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestReasonsOfDrops holds that drops by no rule's will say by which setting, route
// or address they are, and what would have to differ.
func TestReasonsOfDrops(t *testing.T) {
	links := []host.Link{{Name: "eth0", Addrs: host.MustAddresses("192.0.2.1/24")}, {Name: "eth1", Addrs: host.MustAddresses("198.51.100.1/24")}, {Name: "bare0"}}
	routes := host.MustRoutes("203.0.113.0/24 dev bare0", "unreachable 10.0.0.0/8", "default via 192.0.2.254 dev eth0")
	for name, c := range map[string]struct {
		sysctl map[string]string
		packet string
		fate   simulate.Fate
		want   string
	}{
		"reverse path": {map[string]string{"net.ipv4.conf.all.rp_filter": "1"}, "udp 198.51.100.7:1 > 192.0.2.1:2", simulate.Martian,
			"martian source: an answer to 198.51.100.7 would leave by eth1, not by eth0, as rp_filter of eth0, which is 1, demands: 2 allows any link, 0 does not ask"},
		"own address": {nil, "udp 198.51.100.1:1 > 192.0.2.1:2", simulate.Martian,
			"martian source: 198.51.100.1 is an address of this host itself, and net.ipv4.conf.eth0.accept_local is 0"},
		"not forwarding": {map[string]string{"net.ipv4.ip_forward": "0"}, "udp 192.0.2.7:1 > 203.0.113.1:2", simulate.NoRoute,
			"not forwarding: 203.0.113.1 is no address of this host, and net.ipv4.ip_forward and net.ipv4.conf.eth0.forwarding do not allow to pass it on"},
		"unreachable": {nil, "udp 192.0.2.7:1 > 10.0.0.1:2", simulate.NoRoute, "unreachable: so says "},
	} {
		n, err := simulate.New(host.Host{Links: links, Routes: routes, Sysctl: c.sysctl})
		require.NoError(t, err)
		r := n.Receive("eth0", packetFrom(t, c.packet))
		assert.Equal(t, c.fate, r.Fate, name)
		assert.Contains(t, r.String(), c.want, name)
	}
}

// TestReasonOfMasquerade holds that a packet which MASQUERADE drops says why.
func TestReasonOfMasquerade(t *testing.T) {
	n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0"}, {Name: "bare0"}}, Routes: host.MustRoutes("203.0.113.0/24 dev bare0")},
		rules(t, "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n"))
	require.NoError(t, err)
	r := n.Receive("eth0", packetFrom(t, "udp 192.0.2.7:1 > 203.0.113.1:2"))
	assert.Equal(t, simulate.Dropped, r.Fate)
	assert.Contains(t, r.String(), "decided by nat:POSTROUTING:rule:1 -A POSTROUTING -j MASQUERADE: the link bare0 has no address of its own to masquerade with")
}
