package live_test

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// played is a packet of a table: where it arrives, "" for sent, and its text.
type played struct{ in, text string }

// playOnKernel sends packets to a host of the live kernel and to the simulator
// and compares all that comes of them. Every packet must be distinct.
func playOnKernel(t *testing.T, env kernel.Env, rules4, rules6 string, packets []played) {
	t.Helper()
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	play(t, node, rules4, rules6, packets)
}

// play does so on a host that is there already. Packets that have no identity,
// by which the log knows them, get one.
func play(t *testing.T, node *kernel.Node, rules4, rules6 string, packets []played) {
	t.Helper()
	w := comparison{env: node.Env(), node: node, host: oracle.Host(t, node.Env())}
	w.play(t, rules4, rules6, packets)
}

// play plays the packets of a table on the host.
func (w *comparison) play(t *testing.T, rules4, rules6 string, packets []played) {
	t.Helper()
	require.NoError(t, w.node.Load(rules4, rules6, ""))
	n, err := oracle.Load(w.host, rules4, rules6)
	require.NoError(t, err)
	s := n.NewSession()
	for i, p := range packets {
		k := w.packet(t, p.text, i)
		k.In = cmp.Or(p.in, k.In)
		want, err := w.node.Send(k)
		require.NoError(t, err)
		got := w.askSimulator(t, s, k)
		assert.Empty(t, append(oracle.Differences(want, got), oracle.AnswerDifferences(want, got)...), "%s: %s\nkernel: %x\n%+v", p.in, p.text, want.Out, got)
	}
	assert.Empty(t, oracle.ConnDifferences(t, w.node, s))
}

// traceAll catches every packet.
const traceAll = "*raw\n-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\nCOMMIT\n*filter\nCOMMIT\n"

// TestRedirects6 sends IPv6 packets back where they came from.
func TestRedirects6(t *testing.T) {
	env := kernel.Env{
		Interfaces: kernel.Interfaces{
			{Name: "eth0", Addrs: []string{"2001:db8:2::2/64", "fe80::2/64"}},
			{Name: "eth1", Addrs: []string{"2001:db8:3::2/64"}},
		},
		Routes: []string{"2001:db8:77::/64 via fe80::9 dev eth0", "2001:db8:78::/64 via 2001:db8:2::9 dev eth0", "2001:db8:6::/64 via 2001:db8:2::6"},
	}
	packets := []played{
		{"eth0", "udp [2001:db8:2::7]:1000 > [2001:db8:2::9]:53"},            // a neighbour's neighbour
		{"eth0", "tcp [2001:db8:2::17]:1000 > [2001:db8:77::9]:53 len 2000"}, // behind a router with a link-local address
		{"eth0", "udp [2001:db8:2::18]:1000 > [2001:db8:78::9]:53"},          // behind one with a global address only
		{"eth0", "udp [2001:db8:6::18]:1000 > [2001:db8:77::10]:53 len 13"},  // from afar
		{"eth1", "udp [2001:db8:3::18]:1000 > [2001:db8:3::10]:53"},          // no link-local address
		{"eth0", "udp [fe80::77]:1000 > [2001:db8:2::91]:53"},                // from a link-local address
	}
	for range 8 {
		packets = append(packets, played{"eth0", "udp [2001:db8:2::70]:1000 > [2001:db8:2::90]:53"}) // too often
	}
	playOnKernel(t, env, "", traceAll, packets)
}

// packet reads a packet; one without identity gets that of the number i, by which
// the log knows it.
func (w *comparison) packet(t *testing.T, text string, i int) kernel.Packet {
	dev, p, err := parser.ParsePacket(text)
	require.NoError(t, err)
	k := oracle.KernelPacket(dev, p)
	if oracle.Identity(k.Wire) == 0 {
		oracle.SetIdentity(k.Wire, uint32(40000+i))
	}
	return k
}

// askSimulator puts a packet to the simulator.
func (w *comparison) askSimulator(t *testing.T, s *simulate.Session, k kernel.Packet) *simulate.Result {
	r := oracle.Ask(t, s, w.env, k)
	if w.over != nil {
		require.True(t, w.over.nameOutPorts(r), "nobody answers there")
	}
	return r
}
