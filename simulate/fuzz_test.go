package simulate_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// fuzzHost has addresses of both families.
func fuzzHost() host.Host {
	return host.Host{
		Links: []host.Link{
			{Name: "eth0", Addrs: host.MustAddresses("192.0.2.2/24", "2001:db8:2::2/64")},
			{Name: "cni0", Addrs: host.MustAddresses("10.1.0.1/24", "2001:db8:10::1/64")},
		},
		Routes: host.MustRoutes("default via 192.0.2.1 dev eth0", "default via 2001:db8:2::1 dev eth0"),
	}
}

// FuzzReceive sends any bytes through any ruleset: nothing panics, every packet
// has a fate and a step that decided it, and the same seed gives the same
// answer.
func FuzzReceive(f *testing.F) {
	for seed := range uint64(6) {
		for _, family := range []int{4, 6} {
			c := gen.Random(seed, gen.Config{Family: family})
			for p := range c.Packets(nil) {
				f.Add(c.Rules(), p.In, p.Wire, seed)
			}
		}
	}
	f.Fuzz(func(t *testing.T, rules, dev string, wire []byte, seed uint64) {
		p, err := packet.Decode(wire)
		if err != nil {
			return
		}
		rs, err := parser.ParseString(rules, parser.Family(p.Family()))
		if err != nil {
			return
		}
		node, err := simulate.New(fuzzHost(), rs)
		if err != nil {
			return
		}
		run := func() *simulate.Result {
			s := node.NewSession(simulate.WithSeed(seed))
			if dev == "" {
				return s.Send(p)
			}
			return s.Receive(dev, p)
		}
		a, b := run(), run()
		require.NotNil(t, a.By)
		require.Equal(t, a.Fate == simulate.Undecided, a.Err != nil, "%+v", a)
		require.Equal(t, a.Fate, b.Fate)
		require.True(t, slices.Equal(a.Trace(), b.Trace()))
		require.Equal(t, a.Logs(), b.Logs())
		require.NotEmpty(t, a.String())
		if a.Fate.Passed() {
			_, err := packet.Decode(a.Packet.Wire())
			require.NoError(t, err)
		}
	})
}

// TestHostilePackets sends packets cut at every length: nothing panics.
func TestHostilePackets(t *testing.T) {
	for seed := range uint64(10) {
		for _, family := range []int{4, 6} {
			c := gen.Random(seed, gen.Config{Family: family})
			node, err := oracle.Load(fuzzHost(), c.Rules4, c.Rules6)
			require.NoError(t, err)
			s := node.NewSession()
			for p := range c.Packets(nil) {
				for n := range len(p.Wire) {
					cut := slices.Clone(p.Wire[:n])
					if p.Wire[0]>>4 == 4 && n >= 20 {
						cut[2], cut[3], cut[10], cut[11] = byte(n>>8), byte(n), 0, 0
						sum := packet.Checksum(cut[:20], 0)
						cut[10], cut[11] = byte(sum>>8), byte(sum)
					} else if n >= 40 {
						cut[4], cut[5] = byte((n-40)>>8), byte(n-40)
					}
					pkt, err := packet.Decode(cut)
					if err != nil {
						continue
					}
					require.NotNil(t, s.Receive("eth0", pkt).By)
					require.NotNil(t, s.Send(pkt).By)
				}
			}
		}
	}
}

// TestBadInput holds that what cannot be simulated is an error that says what
// to do.
func TestBadInput(t *testing.T) {
	node, err := simulate.New(fuzzHost())
	require.NoError(t, err)
	p, err := packet.Spec{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("10.0.0.2")}.Build()
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		r    *simulate.Result
		says string
	}{
		{"no such link", node.Receive("eth7", p), `no link "eth7": it has lo, eth0, cni0`},
		{"no packet", node.Receive("eth0", netfilter.Packet{}), "no packet"},
		{"no packet to send", node.Send(netfilter.Packet{}), "no packet"},
	} {
		require.ErrorContains(t, c.r.Err, c.says, c.name)
		require.Equal(t, simulate.Undecided, c.r.Fate, c.name)
		require.NotNil(t, c.r.By, c.name)
		require.Contains(t, c.r.String(), c.says, c.name)
	}
}

// TestTooManySteps sends a packet through chains that double the way at every
// level.
func TestTooManySteps(t *testing.T) {
	text := "*filter\n"
	for i := range 40 {
		text += fmt.Sprintf(":C%d -\n", i)
	}
	text += "-A FORWARD -j C0\n"
	for i := range 39 {
		text += fmt.Sprintf("-A C%d -j C%d\n-A C%d -j C%d\n", i, i+1, i, i+1)
	}
	node, err := oracle.Load(fuzzHost(), text+"COMMIT\n", "")
	require.NoError(t, err)
	p, err := packet.Spec{Src: netip.MustParseAddr("192.0.2.9"), Dst: netip.MustParseAddr("10.1.0.9")}.Build()
	require.NoError(t, err)
	require.ErrorContains(t, node.Receive("eth0", p).Err, "steps")
}

func TestBadHost(t *testing.T) {
	for _, c := range []struct {
		name string
		host host.Host
		says string
	}{
		{"route of no link", host.Host{Routes: host.MustRoutes("10.0.0.0/8 dev eth9")}, `no link "eth9"`},
		{"unnamed link", host.Host{Links: []host.Link{{}}}, "no name"},
		{"two links of a name", host.Host{Links: []host.Link{{Name: "a"}, {Name: "a"}}}, "two links are named a"},
		{"unknown setting", host.Host{Sysctl: map[string]string{"net.ipv4.nosuch": "1"}}, "net.ipv4.nosuch"},
		{"setting that is no number", host.Host{Sysctl: map[string]string{"net.ipv4.ip_forward": "yes"}}, "not a number"},
		{"setting out of its range", host.Host{Sysctl: map[string]string{"net.ipv4.ip_default_ttl": "256"}}, "value 256 is out of range 1-255"},
		{"setting of no link", host.Host{Sysctl: map[string]string{"net.ipv4.conf.eth9.rp_filter": "1"}}, `no link "eth9"`},
		{"unknown action", host.Host{Rules: []host.PolicyRule{{Action: "explode"}}}, `unknown action "explode"`},
	} {
		_, err := simulate.New(c.host)
		require.ErrorContains(t, err, c.says, c.name)
	}
	_, err := simulate.New(host.Host{}, &netfilter.Ruleset{}, &netfilter.Ruleset{})
	require.ErrorContains(t, err, "two rulesets of iptables (legacy) for IPv4")
}
