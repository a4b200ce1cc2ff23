package host_test

import (
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

func TestReadNeighbors(t *testing.T) {
	want := []host.NeighborEntry{
		{Addr: netip.MustParseAddr("10.0.0.9"), Dev: "eth0", MAC: packet.MAC{2, 0, 0, 0, 0, 9}, State: "STALE"},
		{Addr: netip.MustParseAddr("10.0.0.8"), Dev: "eth0", State: "FAILED"},
		{Addr: netip.MustParseAddr("fe80::1"), Dev: "br0", MAC: packet.MAC{2, 0, 0, 0, 0, 1}, State: "REACHABLE"},
	}
	for _, text := range []string{
		"10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 STALE\n10.0.0.8 dev eth0  FAILED\nfe80::1 dev br0 lladdr 02:00:00:00:00:01 router REACHABLE\n",
		`[{"dst":"10.0.0.9","dev":"eth0","lladdr":"02:00:00:00:00:09","state":["STALE"]},{"dst":"10.0.0.8","dev":"eth0","state":["FAILED"]},{"dst":"fe80::1","dev":"br0","lladdr":"02:00:00:00:00:01","router":null,"state":["REACHABLE"]}]`,
	} {
		got, err := host.ReadNeighbors(strings.NewReader(text))
		require.NoError(t, err)
		assert.Equal(t, want, got)
		assert.True(t, got[0].Reachable())
		assert.False(t, got[1].Reachable())
	}
	_, err := host.ReadNeighbors(strings.NewReader("10.0.0.9 lladdr 02:00:00:00:00:09\n"))
	assert.ErrorContains(t, err, `line 1 (10.0.0.9 lladdr 02:00:00:00:00:09): "dev" and the link are missing`)
}

func TestReadIPsecPolicies(t *testing.T) {
	got, err := host.ReadIPsecPolicies(strings.NewReader(`src 10.1.0.0/16 dst 10.2.0.0/16 
	dir out priority 375423 ptype main 
	tmpl src 192.0.2.1 dst 192.0.2.2
		proto esp spi 0xc1 reqid 1 mode tunnel
src 10.2.0.0/16 dst 10.1.0.0/16 proto tcp 
	dir fwd action block priority 5
src 0.0.0.0/0 dst 0.0.0.0/0 
	socket in priority 0 ptype main
`))
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, "out", got[0].Dir)
	assert.Equal(t, []string{"src 192.0.2.1 dst 192.0.2.2 proto esp spi 0xc1 reqid 1 mode tunnel"}, got[0].Transforms)
	assert.True(t, got[0].Selects(netip.MustParseAddr("10.1.0.5"), netip.MustParseAddr("10.2.3.4"), packet.ProtoUDP))
	assert.True(t, got[1].Block)
	assert.False(t, got[1].Selects(netip.MustParseAddr("10.2.3.4"), netip.MustParseAddr("10.1.0.5"), packet.ProtoUDP))
}

// TestReadStations places neighbours behind ports of bridges from the forwarding database
// and the neighbour table, in any order and form.
func TestReadStations(t *testing.T) {
	const (
		links = "2: cni0: <UP> mtu 1500\n3: veth5@if2: <UP> mtu 1500 master cni0\n4: veth6@if2: <UP> mtu 1500 master cni0\n5: eth0: <UP> mtu 1500\n"
		fdb   = "33:33:00:00:00:01 dev cni0 self permanent\n02:00:00:00:05:05 dev veth5 master cni0 \n02:00:00:00:01:05 dev veth5 master cni0 permanent\n" +
			"02:00:00:00:06:06 dev veth6 master cni0 static\n01:00:5e:00:00:01 dev veth6 self permanent\n"
		fdbJSON = `[{"mac":"33:33:00:00:00:01","ifname":"cni0","flags":["self"],"state":"permanent"},{"mac":"02:00:00:00:05:05","ifname":"veth5","flags":[],"master":"cni0","state":""},
			{"mac":"02:00:00:00:01:05","ifname":"veth5","flags":[],"master":"cni0","state":"permanent"},{"mac":"02:00:00:00:06:06","ifname":"veth6","flags":[],"master":"cni0","state":"static"}]`
		neigh     = "10.244.1.5 dev cni0 lladdr 02:00:00:00:05:05 STALE\n10.244.1.7 dev cni0 FAILED\nfe80::5 dev cni0 lladdr 02:00:00:00:05:05 router REACHABLE\n192.0.2.1 dev eth0 lladdr 02:00:00:00:06:06 REACHABLE\n"
		neighJSON = `[{"dst":"10.244.1.5","dev":"cni0","lladdr":"02:00:00:00:05:05","state":["STALE"]},{"dst":"10.244.1.7","dev":"cni0","state":["FAILED"]},
			{"dst":"fe80::5","dev":"cni0","lladdr":"02:00:00:00:05:05","router":null,"state":["REACHABLE"]},{"dst":"192.0.2.1","dev":"eth0","lladdr":"02:00:00:00:06:06","state":["REACHABLE"]}]`
		vlan     = "port              vlan-id  \nveth5             1 PVID Egress Untagged\n"
		vlanJSON = `[{"ifname":"veth5","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]}]}]`
	)
	pod, other := packet.MAC{2, 0, 0, 0, 5, 5}, packet.MAC{2, 0, 0, 0, 6, 6}
	for _, texts := range [][]string{{links, fdb, neigh, vlan}, {neighJSON, fdbJSON, vlanJSON, links}} {
		var readers []io.Reader
		for _, text := range texts {
			readers = append(readers, strings.NewReader(text))
		}
		h, err := host.Read(readers...)
		require.NoError(t, err)
		at := func(name string) []host.Neighbor {
			return h.Links[slices.IndexFunc(h.Links, func(l host.Link) bool { return l.Name == name })].Behind
		}
		assert.Equal(t, []host.Neighbor{{Addr: netip.MustParseAddr("10.244.1.5"), MAC: pod}, {Addr: netip.MustParseAddr("fe80::5"), MAC: pod}}, at("veth5"))
		assert.Equal(t, []host.Neighbor{{MAC: other}}, at("veth6"))
		assert.Empty(t, at("cni0"))
	}
	_, err := host.Read(strings.NewReader(fdb + "nonsense\n"))
	assert.ErrorContains(t, err, `need an Ethernet address, "dev" and a port`)
}
