package host_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

func TestParse(t *testing.T) {
	h, err := host.Parse(`
		# a node
		link eth0 192.168.0.5/24 2001:db8::5/64 mtu 1400 mac 02:00:00:00:00:05; link cni0 10.244.1.1/24 group 7
		link tun0 noarp noheader down; link veth1 master cni0
		route default via 192.168.0.1
		rule fwmark 0x1 lookup 100; rule lookup 101 priority 5
		sysctl net.ipv4.conf.all.rp_filter = 1
		queue 5
		create bad hash:ip
		add bad 192.0.2.9`)
	require.NoError(t, err)
	require.Len(t, h.Links, 4)
	assert.Equal(t, host.Link{Name: "eth0", MTU: 1400, MAC: packet.MAC{2, 0, 0, 0, 0, 5},
		Addrs: host.MustAddresses("192.168.0.5/24", "2001:db8::5/64")}, h.Links[0])
	assert.Equal(t, host.Link{Name: "cni0", Group: 7, Addrs: host.MustAddresses("10.244.1.1/24")}, h.Links[1])
	assert.Equal(t, host.Link{Name: "tun0", NoARP: true, NoHeader: true, Down: true}, h.Links[2])
	assert.Equal(t, "cni0", h.Links[3].Master)
	assert.Equal(t, host.MustRoutes("default via 192.168.0.1"), h.Routes)
	assert.Equal(t, host.MustPolicyRules("fwmark 0x1 lookup 100", "lookup 101 priority 5"), h.Rules)
	assert.Equal(t, uint32(32765), h.Rules[5].Priority, "ahead of all but the first")
	assert.Equal(t, map[string]string{"net.ipv4.conf.all.rp_filter": "1"}, h.Sysctl)
	assert.Equal(t, []uint16{5}, h.Queues)
	require.Len(t, h.Sets, 1)
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"link", "line 1: the name of the link is missing"},
		{"\nlink eth0 192.0.2.1", `line 2: link eth0: "192.0.2.1" is neither an address such as 10.0.0.1/24 nor noarp`},
		{"link eth0 mtu", "link eth0: mtu needs a value"},
		{"link eth0 mtu x", `link eth0: mtu: `},
		{"link eth0 mac x", `link eth0: mac: MAC address "x": need six hex pairs`},
		{"route", `line 1: route "": no destination`},
		{"rule colour blue", `line 1: policy rule "colour blue": colour: unknown word`},
		{"sysctl x", `"sysctl x": need name=value`},
		{"queue x", `queue "x": need a number from 0 to 65535`},
		{"create bad", "host: "},
		{"bridge br0", `unknown word "bridge": a line begins with link, route`},
	} {
		h, err := host.Parse(c.text)
		assert.ErrorContains(t, err, c.says, c.text)
		assert.Zero(t, h, c.text)
	}
	assert.Panics(t, func() { host.MustParse("nonsense") })
	assert.Panics(t, func() { host.MustAddresses("192.0.2.1") })
	assert.Panics(t, func() { host.MustRoutes("") })
	assert.Panics(t, func() { host.MustPolicyRules("lookup") })
}

func TestSocketCheck(t *testing.T) {
	at := netip.MustParseAddrPort
	for _, c := range []struct {
		socket host.Socket
		says   string
	}{
		{host.Socket{Proto: packet.ProtoTCP, Port: 80}, ""},
		{host.Socket{Proto: packet.ProtoICMP, Port: 80}, "only TCP, UDP and UDP-Lite"},
		{host.Socket{Proto: packet.ProtoUDP}, "udp socket without a port"},
		{host.Socket{Proto: packet.ProtoUDP, Port: 1, Addr: netip.MustParseAddr("::1"), Remote: at("192.0.2.1:9")}, "different families"},
	} {
		if err := c.socket.Check(); c.says == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, c.says)
		}
	}
}
