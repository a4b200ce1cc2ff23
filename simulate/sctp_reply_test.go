package simulate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestRepliesSetUpAssociation has each packet of an SCTP handshake be the answer to
// the one before. Connection tracking holds them to the tags that INIT and INIT ACK
// announced (net/netfilter/nf_conntrack_proto_sctp.c, nf_conntrack_sctp_packet).
func TestRepliesSetUpAssociation(t *testing.T) {
	rules, err := parser.ParseString(`*nat
-A PREROUTING -d 192.0.2.1 -p sctp -j DNAT --to-destination 10.1.0.4:99
COMMIT
*filter
-P FORWARD DROP
-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT
COMMIT
`, parser.Family(netfilter.IPv4))
	require.NoError(t, err)
	node, err := simulate.New(host.MustParse("link eth0 192.0.2.1/24; link cni0 10.1.0.1/24"), rules)
	require.NoError(t, err)
	s := node.NewSession()
	dev, p, err := parser.ParsePacket("eth0: sctp 192.0.2.9:5000 > 192.0.2.1:80")
	require.NoError(t, err)
	for _, chunk := range []string{"INIT", "INIT ACK", "COOKIE ECHO", "COOKIE ACK"} {
		require.True(t, p.IsValid(), chunk)
		r := s.Receive(dev, p)
		assert.Equal(t, simulate.Forwarded, r.Fate, "%s: %+v", chunk, r)
		dev, p = r.OutDev, r.Reply()
	}
	assert.False(t, p.IsValid(), "COOKIE ACK gets no answer")
}
