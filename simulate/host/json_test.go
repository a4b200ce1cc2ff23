package host_test

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

const addrJSON = `[
 {"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"link_type":"loopback","address":"00:00:00:00:00:00",
  "addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},
 {"ifindex":7,"ifname":"eth0@if3","flags":["BROADCAST","MULTICAST","UP"],"mtu":1450,"link_type":"ether","address":"02:00:00:00:00:07",
  "addr_info":[{"family":"inet","local":"192.0.2.7","prefixlen":24,"scope":"global"},
   {"family":"inet6","local":"2001:db8::7","prefixlen":64,"scope":"global","deprecated":true}]},
 {"ifindex":9,"ifname":"tun0","flags":["POINTOPOINT","NOARP"],"mtu":1400,"link_type":"none",
  "addr_info":[{"family":"inet","local":"10.9.0.1","address":"10.9.0.2","prefixlen":32,"scope":"global"}]}
]`

const routeJSON = `[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","metric":100,"flags":["onlink"]},
 {"type":"blackhole","dst":"10.8.0.0/16","flags":[]},
 {"dst":"10.5.0.0/16","flags":[],"nexthops":[{"gateway":"192.0.2.2","dev":"eth0","weight":2,"flags":[]},{"gateway":"192.0.2.3","dev":"eth0","weight":1,"flags":[]}]}]`

const route6JSON = `[{"dst":"default","dev":"eth0","metric":1024,"flags":[],"pref":"medium"}]`

const ruleJSON = `[{"priority":0,"src":"all","table":"local"},
 {"priority":100,"src":"10.0.0.0","srclen":8,"fwmark":"0x10","fwmask":"0xff","iif":"eth0","table":"100"},
 {"priority":200,"src":"all","action":"prohibit"},
 {"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]`

func TestRead(t *testing.T) {
	h, err := host.Read(strings.NewReader(ruleJSON), strings.NewReader(addrJSON), strings.NewReader(routeJSON), strings.NewReader(route6JSON))
	require.NoError(t, err)
	require.Len(t, h.Links, 3)
	eth0 := h.Links[1]
	assert.Equal(t, "eth0", eth0.Name)
	assert.Equal(t, 7, eth0.Index)
	assert.Equal(t, 1450, eth0.MTU)
	assert.Equal(t, "02:00:00:00:00:07", eth0.MAC.String())
	assert.Equal(t, netip.MustParsePrefix("192.0.2.7/24"), eth0.Addrs[0].Prefix)
	assert.True(t, eth0.Addrs[1].Deprecated)
	assert.True(t, h.Links[2].NoHeader)
	assert.True(t, h.Links[2].Down)
	assert.Equal(t, netip.MustParseAddr("10.9.0.2"), h.Links[2].Addrs[0].Peer)

	require.Len(t, h.Routes, 4)
	assert.Equal(t, netip.MustParsePrefix("0.0.0.0/0"), h.Routes[0].Dst)
	assert.Equal(t, uint32(100), h.Routes[0].Metric)
	assert.True(t, h.Routes[0].OnLink)
	assert.Equal(t, "blackhole", h.Routes[1].Type)
	assert.Len(t, h.Routes[2].Nexthops, 2)
	assert.Equal(t, netip.MustParsePrefix("::/0"), h.Routes[3].Dst)

	require.Len(t, h.Rules, 5)
	assert.Equal(t, netfilter.IPv4, h.Rules[1].Family)
	assert.Equal(t, netip.MustParsePrefix("10.0.0.0/8"), h.Rules[1].From)
	assert.Equal(t, uint32(0xff), h.Rules[1].FwMask)
	assert.Equal(t, "prohibit", h.Rules[2].Action)

	_, err = simulate.New(h)
	require.NoError(t, err)
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "empty"},
		{"{}", "not the output of ip -json"},
		{`[{"what":1}]`, "entry 1: neither link, route, rule, neighbour nor station"},
		{`[{"ifname":"eth0","link_type":"ether","address":"xx"}]`, "MAC address"},
		{`[{"ifname":"eth0","addr_info":[{"local":"10.0.0.300"}]}]`, "link eth0"},
		{`[{"dst":"10.0.0.1/8","dev":"eth0"}]`, "bits set behind the prefix"},
		{`[{"dst":"default","gateway":"nowhere"}]`, "nowhere"},
		{`[{"priority":1,"src":"all","fwmark":"z"}]`, "fwmark"},
	} {
		_, err := host.Read(strings.NewReader(c.text))
		assert.ErrorContains(t, err, c.says, c.text)
	}
	_, err := host.ReadFiles("no/such/file.json")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestParseRoute(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"default via 192.0.2.1 dev eth0 metric 5 table 100 src 192.0.2.7 mtu 1400 onlink", ""},
		{"prohibit 2001:db8::/32", ""},
		{"10.1.2.3 dev eth0", ""},
		{"", "no destination"},
		{"10.0.0.0/8 via", `"via" needs a value`},
		{"10.0.0.0/8 by eth0", `unknown word "by"`},
		{"10.0.0.0/33", "destination"},
	} {
		r, err := host.ParseRoute(c.text)
		if c.says == "" {
			require.NoError(t, err, c.text)
			assert.True(t, r.Dst.IsValid())
			continue
		}
		assert.ErrorContains(t, err, c.says, c.text)
	}
}
