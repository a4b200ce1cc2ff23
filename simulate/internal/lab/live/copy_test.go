package live_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestCopiesOnKernel compares what leaves where TEE copies packets. Their trace
// is not compared: the kernel prints MAC addresses that nobody has written.
func TestCopiesOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := oracle.TwoLinks()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	t.Cleanup(func() { _ = node.Close() })
	for _, c := range []struct{ rules, packet string }{
		{"*mangle\n-A PREROUTING -j TEE --gateway 192.0.2.77\nCOMMIT\n", "eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ipid 7"},
		{"*mangle\n-A FORWARD -j TEE --gateway 192.0.2.77\nCOMMIT\n", "eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ipid 7"},
		{"*mangle\n-A INPUT -j TEE --gateway 198.51.100.77\nCOMMIT\n", "eth0: udp 192.0.2.9:1 > 192.0.2.1:2 ttl 9 ipid 7"},
		{"*filter\n-A INPUT -j TEE --gateway 203.0.113.77\n-A INPUT -j DROP\nCOMMIT\n", "eth1: tcp 198.51.100.9:1 > 192.0.2.1:2 syn ipid 7"},
		{"*raw\n-A OUTPUT -j TEE --gateway 192.0.2.77\nCOMMIT\n", "udp 192.0.2.1:1 > 198.51.100.9:2 ipid 7"},
		{"*mangle\n-A PREROUTING -j TEE --gateway 192.0.2.77\n-A OUTPUT -j TTL --ttl-set 9\nCOMMIT\n*nat\n-A POSTROUTING -j SNAT --to-source 198.51.100.1\nCOMMIT\n",
			"eth0: udp 192.0.2.9:1 > 198.51.100.9:2 ipid 7"},
	} {
		n, err := oracle.Load(oracle.Host(t, env), c.rules, "")
		require.NoError(t, err)
		require.NoError(t, node.Load(c.rules, "", ""))
		dev, p, err := parser.ParsePacket(c.packet)
		require.NoError(t, err)
		k := oracle.KernelPacket(dev, p)
		want, err := node.Send(k)
		require.NoError(t, err)
		got := oracle.Ask(t, n.NewSession(), env, k)
		assert.Equal(t, oracle.LeftKernel(want, got), oracle.LeftSimulator(got), "%s\n%s", c.packet, c.rules)
	}
}
