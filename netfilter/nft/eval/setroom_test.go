package eval

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TestRoomOfElements has packets add elements to a set of two (port 1: for good,
// port 3: for three seconds) and delete them (port 2). On Linux 6.18 a deleted
// element makes room within a second, not at once.
func TestRoomOfElements(t *testing.T) {
	rs, err := nfttext.Parse(`table ip t {
	set s { type ipv4_addr; size 2; flags dynamic, timeout; }
	chain c {
		type filter hook forward priority 0;
		udp dport 1 add @s { ip saddr } drop
		udp dport 2 delete @s { ip saddr } drop
		udp dport 3 add @s { ip saddr timeout 3s } drop
	}
}`, nfttext.ReadOptions{})
	require.NoError(t, err)
	rules := New(rs)
	state := rules.NewState(loaded)
	const added, full = netfilter.Drop, netfilter.Accept
	for i, step := range []struct {
		after time.Duration
		src   string
		port  uint16
		want  netfilter.Verdict
	}{
		{0, "127.0.0.1", 1, added},
		{0, "127.0.0.2", 1, added},
		{0, "127.0.0.1", 1, added}, // it is there
		{0, "127.0.0.3", 1, full},
		{0, "127.0.0.1", 2, netfilter.Drop},
		{0, "127.0.0.4", 1, full}, // until the next garbage collection
		{0, "127.0.0.1", 1, full},
		{2500 * time.Millisecond, "127.0.0.5", 3, added},
		{3 * time.Second, "127.0.0.6", 1, full},
		{5500 * time.Millisecond, "127.0.0.6", 1, full}, // 127.0.0.5 has expired and is not collected
		{6 * time.Second, "127.0.0.6", 1, added},
		{time.Hour, "127.0.0.7", 1, full},
	} {
		p := build(t, packet.Spec{Src: netip.MustParseAddr(step.src), Dst: netip.MustParseAddr("127.0.0.1"), Proto: packet.ProtoUDP, DstPort: step.port})
		e := &enginetest.Engine{Clock: loaded.Add(step.after)}
		c := e.Context(&p)
		c.Begin(state)
		require.Equal(t, step.want, rules.bases[0].run(c), "step %d", i)
	}
}
