package live_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// nodePort is what both nodes know of a service on port 30080 with a pod on
// node1.
const nodePort = `*raw
-A PREROUTING -j TRACE
-A OUTPUT -j TRACE
COMMIT
*nat
:NODEPORT - [0:0]
-A PREROUTING -p tcp --dport 30080 -m addrtype --dst-type LOCAL -j NODEPORT
-A NODEPORT -j MARK --set-xmark 0x4000/0x4000
-A NODEPORT -p tcp -j DNAT --to-destination 10.44.1.8:8080
-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate INVALID -j DROP
-A FORWARD -p tcp -j ACCEPT
COMMIT
`

// TestNetworkOnKernel follows connections to a NodePort of one node, whose pod is
// on the other, with and without masquerading, and asks a kernel in each router's
// place about every packet on the way.
func TestNetworkOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	for _, c := range []struct{ name, rules, ends string }{
		{"masqueraded", nodePort, "pod delivered 192.0.2.12:40012 > 10.44.1.8:8080 ack"},
		{"not masqueraded", strings.Replace(nodePort, "-A NODEPORT -j MARK --set-xmark 0x4000/0x4000\n", "", 1),
			"client delivered 10.44.1.8:8080 > 203.0.113.50:40012 syn,ack"},
	} {
		t.Run(c.name, func(t *testing.T) {
			routers := map[string]*twoSided{
				"gateway": newRouter(t, kernel.Env{Interfaces: kernel.Interfaces{{Name: "eth0", Addrs: []string{"192.0.2.1/24"}}, {Name: "eth1", Addrs: []string{"203.0.113.1/24"}}},
					Routes: []string{"10.44.1.0/24 via 192.0.2.11"}}, ""),
				"node1": newRouter(t, kernel.Env{Interfaces: kernel.Interfaces{{Name: "eth0", Addrs: []string{"192.0.2.11/24"}}, {Name: "cni0", Addrs: []string{"10.44.1.1/24"}}},
					Routes: []string{"default via 192.0.2.1"}}, c.rules),
				"node2": newRouter(t, kernel.Env{Interfaces: kernel.Interfaces{{Name: "eth0", Addrs: []string{"192.0.2.12/24"}}},
					Routes: []string{"default via 192.0.2.1", "10.44.1.0/24 via 192.0.2.11"}}, c.rules),
			}
			j := nodePortNetwork(t, routers).Connect("client", netip.MustParseAddrPort("203.0.113.50:40012"),
				netip.MustParseAddrPort("192.0.2.12:30080"), packet.Socket{})
			require.NoError(t, j.Err)
			require.Contains(t, wayOf(j), c.ends)
			asked := 0
			for i, h := range j.Hops {
				if r := routers[h.Host]; r != nil && h.In != "" {
					r.hold(t, h.In, j.Hops[h.Cause].Result.Packet, uint32(20000+i), h.Result)
					asked++
				}
			}
			assert.GreaterOrEqual(t, asked, 4)
		})
	}
}

// twoSided is a router on both sides.
type twoSided struct {
	node *kernel.Node
	host *simulate.Node
	s    *simulate.Session // that packets go through once more, as the kernel's
}

func newRouter(t *testing.T, env kernel.Env, rules string) *twoSided {
	t.Helper()
	k, err := kernel.Open(env)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, k.Close()) })
	require.NoError(t, k.Load(rules, "", ""))
	n, err := oracle.Load(oracle.Host(t, env), rules, "")
	require.NoError(t, err)
	return &twoSided{k, n, n.NewSession()}
}

// nodePortNetwork joins the routers with a client and a pod.
func nodePortNetwork(t *testing.T, routers map[string]*twoSided) *simulate.Network {
	t.Helper()
	w := simulate.NewNetwork()
	for _, name := range []string{"gateway", "node1", "node2"} {
		w.Add(name, routers[name].host.NewSession())
	}
	end := func(name, addr, via string, sockets ...host.Socket) {
		n, err := simulate.New(host.Host{Links: []host.Link{{Name: "eth0", Addrs: host.MustAddresses(addr)}},
			Routes: host.MustRoutes("default via " + via + " dev eth0"), Sockets: sockets})
		require.NoError(t, err)
		w.Add(name, n.NewSession())
	}
	end("client", "203.0.113.50/24", "203.0.113.1")
	end("pod", "10.44.1.8/24", "10.44.1.1", host.Socket{Proto: packet.ProtoTCP, Port: 8080})
	w.Join("client:eth0", "gateway:eth1")
	w.Join("gateway:eth0", "node1:eth0", "node2:eth0")
	w.Join("node1:cni0", "pod:eth0")
	require.NoError(t, w.Err())
	return w
}

// hold asks both sides about a packet of the journey, under an identity of its
// own, and compares them with each other and with what the network said.
func (r *twoSided) hold(t *testing.T, in string, p netfilter.Packet, id uint32, said *simulate.Result) {
	t.Helper()
	q := kernel.Packet{In: in, Wire: p.AppendWire(nil)}
	oracle.SetIdentity(q.Wire, id)
	want, err := r.node.Send(q)
	require.NoError(t, err)
	got := oracle.Ask(t, r.s, r.node.Env(), q)
	assert.Empty(t, oracle.Differences(want, got), "%s: %+v", oracle.Describe(q), got)
	assert.Equal(t, [2]string{said.Fate.String(), said.OutDev}, [2]string{got.Fate.String(), got.OutDev})
	assert.Equal(t, ends(said.Packet), ends(got.Packet))
}

func ends(p netfilter.Packet) [2]netip.AddrPort {
	return [2]netip.AddrPort{netip.AddrPortFrom(p.Src(), p.SrcPort()), netip.AddrPortFrom(p.Dst(), p.DstPort())}
}

// wayOf names the hosts that a journey touches, and what was said there.
func wayOf(j *simulate.Journey) []string {
	var out []string
	for _, h := range j.Hops {
		p := h.Result.Packet
		out = append(out, h.Host+" "+h.Result.Fate.String()+" "+netip.AddrPortFrom(p.Src(), p.SrcPort()).String()+
			" > "+netip.AddrPortFrom(p.Dst(), p.DstPort()).String()+" "+p.TCPFlags().String())
	}
	return out
}
