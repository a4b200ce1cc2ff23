package live_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// bridgeRules look at ports and translate to a neighbour on the bridge.
const bridgeRules = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
COMMIT
*mangle
-A PREROUTING -m physdev --physdev-in port1
-A POSTROUTING -m physdev --physdev-is-bridged
-A POSTROUTING -m physdev --physdev-is-in
COMMIT
*nat
-A PREROUTING -d 10.96.0.1/32 -p udp -j DNAT --to-destination 10.5.0.12:53
-A PREROUTING -d 10.96.0.2/32 -p udp -j DNAT --to-destination 192.0.2.9
-A PREROUTING -d 10.96.0.3/32 -p udp -j DNAT --to-destination 10.5.0.1
-A PREROUTING -d 10.96.0.4/32 -p udp -j DNAT --to-destination 10.5.0.11:53
-A POSTROUTING -s 10.5.0.0/24 ! -d 10.5.0.0/24 -j MASQUERADE
COMMIT
*filter
-A INPUT -m physdev --physdev-in port1
-A FORWARD -m physdev --physdev-in port1 --physdev-out port2 -j ACCEPT
-A FORWARD -m physdev --physdev-is-bridged -p tcp -j REJECT --reject-with tcp-reset
-A FORWARD -m physdev --physdev-is-bridged -p icmp -j DROP
COMMIT
`

// bridgeEnv is a host with a bridge of two ports and an uplink.
func bridgeEnv() kernel.Env {
	return kernel.Env{Interfaces: kernel.Interfaces{
		{Name: "eth0", Addrs: []string{"192.0.2.2/24"}},
		{Name: "port1"}, {Name: "port2"},
	}}
}

// bridgeSetup makes the bridge and tells it who is where.
const bridgeSetup = `ip link add br0 type bridge
ip link set br0 address 02:00:00:00:00:b0
ip link set br0 up
ip addr add 10.5.0.1/24 dev br0
ip link set port1 master br0
ip link set port2 master br0
ip neigh add 10.5.0.11 lladdr 02:00:00:00:05:11 dev br0 nud permanent
ip neigh add 10.5.0.12 lladdr 02:00:00:00:05:12 dev br0 nud permanent
bridge fdb add 02:00:00:00:05:11 dev port1 master static
bridge fdb add 02:00:00:00:05:12 dev port2 master static
sysctl -q -w net.bridge.bridge-nf-call-iptables=CALL`

// TestBridgeOnKernel passes frames over a bridge whose packets rules see, and
// over one whose packets they do not.
func TestBridgeOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	for _, call := range []string{"1", "0"} {
		for _, mode := range []string{"", "hairpin", "isolated"} {
			t.Run("call-iptables="+call+" "+mode, func(t *testing.T) { compareBridge(t, call, mode) })
		}
	}
}

func compareBridge(t *testing.T, call, mode string) {
	env := bridgeEnv()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	require.NoError(t, node.Load(bridgeRules, "", ""))
	for line := range strings.Lines(strings.ReplaceAll(bridgeSetup, "CALL", call)) {
		if _, err := node.Run(strings.Fields(line)...); err != nil {
			t.Skip("the kernel lacks bridges with br_netfilter: ", err)
		}
	}
	if mode != "" {
		for _, port := range []string{"port1", "port2"} {
			_, err := node.Run("bridge", "link", "set", "dev", port, mode, "on")
			require.NoError(t, err)
		}
	}
	bridge, pod1, pod2 := packet.MAC{2, 0, 0, 0, 0, 0xb0}, packet.MAC{2, 0, 0, 0, 5, 0x11}, packet.MAC{2, 0, 0, 0, 5, 0x12}
	h := oracle.Host(t, env)
	h.Sysctl["net.bridge.bridge-nf-call-iptables"] = call
	h.Links = append(h.Links, host.Link{Name: "br0", MAC: packet.MAC{2, 0, 0, 0, 0, 0xb0}, Addrs: host.MustAddresses("10.5.0.1/24"), NoARP: true})
	for i := range h.Links {
		switch l := &h.Links[i]; l.Name {
		case "port1":
			l.Master, l.Behind = "br0", []host.Neighbor{{Addr: netip.MustParseAddr("10.5.0.11"), MAC: pod1}}
		case "port2":
			l.Master, l.Behind = "br0", []host.Neighbor{{Addr: netip.MustParseAddr("10.5.0.12"), MAC: pod2}}
		}
	}
	shown, err := node.Run("bridge", "-d", "link")
	require.NoError(t, err)
	ports, err := host.Read(strings.NewReader("4: port1: <UP> mtu 1500\n5: port2: <UP> mtu 1500\n"), strings.NewReader(shown))
	require.NoError(t, err)
	for i := range h.Links {
		for _, p := range ports.Links {
			if p.Name == h.Links[i].Name {
				h.Links[i].Port = p.Port
			}
		}
	}
	n, err := oracle.Load(h, bridgeRules, "")
	require.NoError(t, err)
	s := n.NewSession()
	for i, c := range []struct {
		in, text string
		src, dst packet.MAC
	}{
		{"port1", "udp 10.5.0.11:1000 > 10.5.0.12:53", pod1, pod2},
		{"port2", "udp 10.5.0.12:53 > 10.5.0.11:1000", pod2, pod1},
		{"port2", "tcp 10.5.0.12:1000 > 10.5.0.11:53 syn", pod2, pod1},
		{"port2", "icmp 10.5.0.12 > 10.5.0.11 echo-request id 3", pod2, pod1},
		{"port1", "udp 10.5.0.11:1001 > 10.5.0.1:53", pod1, bridge},
		{"port1", "udp 10.5.0.11:1002 > 192.0.2.7:53", pod1, bridge},
		{"port1", "udp 10.5.0.11:1003 > 10.96.0.1:99", pod1, bridge},
		{"port2", "udp 10.5.0.12:53 > 10.5.0.11:1003", pod2, pod1},
		{"port1", "udp 10.5.0.11:1004 > 10.96.0.2:99", pod1, bridge},
		{"port1", "udp 10.5.0.11:1005 > 10.96.0.3:99", pod1, bridge},
		{"port1", "udp 10.5.0.11:1006 > 10.5.0.12:53 ttl 1", pod1, pod2},
		{"eth0", "udp 192.0.2.7:53 > 10.5.0.12:1002", packet.MAC{}, packet.MAC{}},
		{"port1", "icmp 10.5.0.11 > 10.5.0.1 echo-request id 4", pod1, bridge},
		{"port1", "udp 10.5.0.11:1007 > 10.96.0.4:99", pod1, bridge},
		{"port1", "udp 10.5.0.11:1008 > 10.5.0.11:53", pod1, pod1},
	} {
		p := packetFrom(t, c.text)
		k := kernel.Packet{In: c.in, Wire: p.Wire()}
		if c.src != (packet.MAC{}) {
			k.SrcMAC, k.DstMAC = c.src[:], c.dst[:]
		}
		oracle.SetIdentity(k.Wire, uint32(30000+i))
		want, err := node.Send(k)
		require.NoError(t, err)
		got := oracle.Ask(t, s, env, k)
		asPorts(got)
		assert.Empty(t, oracle.Differences(want, got), "%s: %s\nkernel: %x\n%+v", c.in, c.text, want.Out, got)
	}
}

// asPorts names the port instead of the bridge where a packet of the host's own
// or a routed one leaves by the bridge, for that is where the test catches it.
func asPorts(r *simulate.Result) {
	port := func(dst netip.Addr) string {
		return map[bool]string{true: "port1", false: "port2"}[dst.String() == "10.5.0.11"]
	}
	if r.OutDev == "br0" {
		r.OutDev = port(r.Packet.Dst())
	}
	for i := range r.Answers {
		if r.Answers[i].Dev == "br0" {
			r.Answers[i].Dev = port(r.Answers[i].Dst())
		}
	}
}
