package host_test

import (
	"net/netip"
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
