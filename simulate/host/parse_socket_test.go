package host_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/host"
)

func TestParseSockets(t *testing.T) {
	h, err := host.Parse("socket tcp 192.0.2.7:80 dev eth0 uid 33 gid 44 mark 0x5\nsocket udp *:53 transparent; socket tcp [2001:db8::7]:22 to [2001:db8::9]:4000")
	require.NoError(t, err)
	assert.Equal(t, []host.Socket{
		{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("192.0.2.7"), Port: 80, Dev: "eth0", Owner: packet.Socket{UID: 33, GID: 44, Mark: 5}},
		{Proto: packet.ProtoUDP, Port: 53, Owner: packet.Socket{Transparent: true}},
		{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("2001:db8::7"), Port: 22, Remote: netip.MustParseAddrPort("[2001:db8::9]:4000")},
	}, h.Sockets)

	h, err = host.Parse("socket none")
	require.NoError(t, err)
	assert.True(t, h.Sockets != nil && len(h.Sockets) == 0, "it is known that there are none")

	for text, said := range map[string]string{
		"socket":                               "a socket needs a protocol and an address",
		"socket gopher *:70":                   `unknown protocol "gopher"`,
		"socket icmp *:70":                     "only TCP, UDP and UDP-Lite",
		"socket tcp 192.0.2.7":                 `bad address "192.0.2.7"`,
		"socket tcp *:0":                       "without a port",
		"socket tcp *:http":                    `bad port "http"`,
		"socket tcp *:80 uid":                  `"uid" is unknown or needs a value`,
		"socket tcp *:80 uid root":             `bad uid "root"`,
		"socket tcp *:80 at home":              `unknown word "at"`,
		"socket tcp *:80 to nowhere":           "nowhere",
		"socket tcp 192.0.2.7:80 to [::1]:500": "different families",
	} {
		_, err := host.Parse(text)
		assert.ErrorContains(t, err, said, text)
	}
}
