package enginetest_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
)

func datagram(t *testing.T) *netfilter.Packet {
	t.Helper()
	p, err := packet.Spec{Src: netip.MustParseAddr("192.0.2.1"), Dst: netip.MustParseAddr("192.0.2.2"), DstPort: 53}.Build()
	require.NoError(t, err)
	return &p
}

// TestMatch asks matches about what the engine says.
func TestMatch(t *testing.T) {
	e := &enginetest.Engine{Packets: netfilter.ToBroadcast, Links: map[string]netfilter.LinkInfo{"eth0": {Group: 5}}}
	c := e.Context(datagram(t))
	assert.True(t, (&match.PktType{Type: netfilter.ToBroadcast}).Match(c))
	assert.False(t, (&match.PktType{Type: netfilter.ToMulticast}).Match(c))
	e.Drawn = 1 << 30
	assert.False(t, e.Chance(1<<30))
	assert.True(t, e.Chance(1<<30+1))
	doubt := "processor 0 handles the packet"
	e.Doubts = map[string]bool{doubt: true}
	assert.False(t, (&match.CPU{}).Match(c))
	assert.Equal(t, []string{doubt}, e.Assumptions)
}

// TestTarget sees what targets ask the engine to do.
func TestTarget(t *testing.T) {
	e := &enginetest.Engine{Own: netip.MustParseAddr("198.51.100.1")}
	c := e.Context(datagram(t))
	c.Hook = netfilter.Postrouting
	c.Conn = &netfilter.Conn{}
	c.CTState = netfilter.CTNew
	assert.Equal(t, netfilter.Accept, (&target.Masquerade{}).Apply(c))
	require.Len(t, e.NAT, 1)
	assert.Equal(t, netfilter.ManipSrc, e.NAT[0].Manip)
	assert.Equal(t, e.Own, e.NAT[0].Range.MinAddr)
}
