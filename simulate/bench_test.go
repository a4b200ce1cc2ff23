package simulate_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// clusterRules writes the rules of a node for n services of two endpoints each,
// in the style of kube-proxy.
func clusterRules(n int) string {
	var decl, services, chains strings.Builder
	for i := range n {
		ip := netip.AddrFrom4([4]byte{10, 96, byte(i >> 8), byte(i)})
		fmt.Fprintf(&decl, ":SVC-%d - [0:0]\n:SEP-%d-A - [0:0]\n:SEP-%d-B - [0:0]\n", i, i, i)
		fmt.Fprintf(&services, "-A SERVICES -d %s/32 -p tcp -m comment --comment \"service %d\" -m tcp --dport 80 -j SVC-%d\n", ip, i, i)
		fmt.Fprintf(&chains, "-A SVC-%d ! -s 10.244.0.0/16 -d %s/32 -p tcp -m tcp --dport 80 -j MARK-MASQ\n", i, ip)
		fmt.Fprintf(&chains, "-A SVC-%d -m statistic --mode random --probability 0.5 -j SEP-%d-A\n-A SVC-%d -j SEP-%d-B\n", i, i, i, i)
		for _, e := range []string{"A", "B"} {
			fmt.Fprintf(&chains, "-A SEP-%d-%s -p tcp -m tcp -j DNAT --to-destination 10.244.%d.%d:8080\n", i, e, i>>8, i&0xff)
		}
	}
	return "*nat\n:SERVICES - [0:0]\n:MARK-MASQ - [0:0]\n" + decl.String() +
		"-A PREROUTING -j SERVICES\n-A OUTPUT -j SERVICES\n-A MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n" +
		"-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\n" + services.String() + chains.String() + "COMMIT\n"
}

func clusterNode(tb testing.TB, n int) *simulate.Node {
	rs, err := parser.ParseString(clusterRules(n))
	require.NoError(tb, err)
	node, err := simulate.New(host.Host{
		Links: []host.Link{
			{Name: "eth0", Addrs: host.MustAddresses("192.0.2.7/24")},
			{Name: "cni0", Addrs: host.MustAddresses("10.244.0.1/16")},
		},
		Routes: host.MustRoutes("default via 192.0.2.1 dev eth0"),
	}, rs)
	require.NoError(tb, err)
	return node
}

// lastService asks for the service whose rule stands last.
func lastService(tb testing.TB, n int) netfilter.Packet {
	p, err := packet.Spec{Src: netip.MustParseAddr("203.0.113.9"), SrcPort: 40000, DstPort: 80,
		Dst: netip.AddrFrom4([4]byte{10, 96, byte((n - 1) >> 8), byte(n - 1)})}.Build()
	require.NoError(tb, err)
	return p
}

// BenchmarkReceive sends the packet that has to pass all services.
func BenchmarkReceive(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) {
			node, p := clusterNode(b, n), lastService(b, n)
			b.ReportAllocs()
			for b.Loop() {
				if r := node.Receive("eth0", p); r.Fate != simulate.Forwarded {
					b.Fatalf("%+v", r)
				}
			}
		})
	}
}

// BenchmarkEstablished sends a later packet of a connection.
func BenchmarkEstablished(b *testing.B) {
	node, p := clusterNode(b, 1000), lastService(b, 1000)
	s := node.NewSession()
	s.Receive("eth0", p)
	b.ReportAllocs()
	for b.Loop() {
		s.Receive("eth0", p)
	}
}

// BenchmarkNew loads a ruleset into a node.
func BenchmarkNew(b *testing.B) {
	rs, err := parser.ParseString(clusterRules(1000))
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := simulate.New(host.Host{}, rs); err != nil {
			b.Fatal(err)
		}
	}
}

// TestWalkDoesNotAllocate holds a packet's allocations to what its result
// needs, however many rules it has to pass.
func TestWalkDoesNotAllocate(t *testing.T) {
	count := func(n int) float64 {
		s, p := clusterNode(t, n).NewSession(), lastService(t, n)
		s.Receive("eth0", p)
		return testing.AllocsPerRun(20, func() { s.Receive("eth0", p) })
	}
	require.Equal(t, count(10), count(2000), "allocations of a packet that passes 10 and 2,000 services")
}
