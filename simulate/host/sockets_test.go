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

func TestReadSockets(t *testing.T) {
	got, err := host.ReadSockets(strings.NewReader(`Netid State  Recv-Q Send-Q     Local Address:Port  Peer Address:Port Process
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=1,fd=12)) uid:101 ino:5 sk:1
tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
tcp   LISTEN 0      4096               *:6443             *:*
tcp   LISTEN 0      4096            [::]:80            [::]:*
tcp   ESTAB  0      0         10.0.0.1:22        10.0.0.9:50000
tcp   TIME-WAIT 0   0         10.0.0.1:22        10.0.0.9:50001
u_str LISTEN 0      5      /run/x.sock 1                  * 0
`))
	require.NoError(t, err)
	four, six := netip.IPv4Unspecified(), netip.IPv6Unspecified()
	assert.Equal(t, []host.Socket{
		{Proto: packet.ProtoUDP, Addr: netip.MustParseAddr("127.0.0.53"), Port: 53, Dev: "lo", Owner: packet.Socket{UID: 101}},
		{Proto: packet.ProtoTCP, Addr: four, Port: 22},
		{Proto: packet.ProtoTCP, Port: 6443},
		{Proto: packet.ProtoTCP, Addr: six, Port: 80},
		{Proto: packet.ProtoTCP, Addr: netip.MustParseAddr("10.0.0.1"), Port: 22, Remote: netip.MustParseAddrPort("10.0.0.9:50000")},
	}, got)

	got, err = host.ReadSockets(strings.NewReader("State  Recv-Q Send-Q Local Address:Port Peer Address:Port\n"))
	require.NoError(t, err)
	assert.NotNil(t, got, "it is known that there are none")
	assert.Empty(t, got)

	_, err = host.ReadSockets(strings.NewReader("LISTEN 0 128 0.0.0.0:ssh 0.0.0.0:*\n"))
	assert.ErrorContains(t, err, `line 1 (LISTEN 0 128 0.0.0.0:ssh 0.0.0.0:*): port "ssh" is a name: run ss with -n`)
}
