package live_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// liveKind is a kind of cases that are compared.
type liveKind struct {
	name string
	draw func(uint64, gen.Config) *gen.Case
}

var (
	random = liveKind{"random", gen.Random}
	flow   = liveKind{"flow", gen.Flow}
	kube   = liveKind{"kube", gen.Kube}
	talk   = liveKind{"talk", gen.Talk}
	// patient takes three seconds a case, so that fewer are drawn.
	patient = liveKind{"patient", func(seed uint64, cfg gen.Config) *gen.Case {
		if seed%5 != 0 {
			return nil
		}
		return gen.PatientTalk(seed, cfg)
	}}
	core = liveKind{"core", coreExtensions}
)

// coreExtensions draws from the extensions of kube-proxy and the like alone, so
// that rules match more often than where all of them are drawn.
func coreExtensions(seed uint64, cfg gen.Config) *gen.Case {
	cfg.Matches, cfg.Targets = gen.CoreMatches(), gen.CoreTargets()
	if seed%2 == 0 {
		return gen.Flow(seed, cfg)
	}
	return gen.Random(seed, cfg)
}

// TestLiveKernel draws rulesets and packets and compares the simulator with
// the kernel this test runs on: TRACE lines, LOG lines, every packet that left
// and what the sender was told.
func TestLiveKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	t.Logf("seed: -live.seed=%d", seed)
	for _, world := range liveWorlds {
		t.Run(world.name, func(t *testing.T) {
			t.Parallel()
			compareWorld(t, world, seed)
		})
	}
}

// liveWorld is a host that cases of some kinds are played on.
type liveWorld struct {
	name  string
	env   func() kernel.Env
	kinds []liveKind
	over  func() *bridgeWorld // the bridge cni0; nil if it is none
}

var liveWorlds = []liveWorld{
	{"plain", gen.Env, []liveKind{random, flow, kube, talk, core}, nil},
	{"policy", gen.PolicyEnv, []liveKind{random, flow}, nil},
	{"selectors", gen.SelectorEnv, []liveKind{random, flow}, nil},
	{"strict", func() kernel.Env {
		return settings("net/ipv4/conf/all/rp_filter", "1", "net/ipv4/conf/docker0/forwarding", "0", "net/ipv6/icmp/echo_ignore_all", "1")
	}, []liveKind{random, flow}, nil},
	{"loose", func() kernel.Env {
		return settings("net/ipv4/conf/all/rp_filter", "2", "net/ipv4/icmp_echo_ignore_all", "1",
			"net/ipv6/icmp/echo_ignore_multicast", "1", "net/ipv6/icmp/echo_ignore_anycast", "1")
	}, []liveKind{random}, nil},
	{"localnet", func() kernel.Env {
		return settings("net/ipv4/conf/all/route_localnet", "1", "net/ipv4/conf/eth0/accept_local", "1")
	}, []liveKind{random, flow}, nil},
	{"host", func() kernel.Env { return settings("net/ipv4/ip_forward", "0", "net/ipv6/conf/all/forwarding", "0") }, []liveKind{random, flow}, nil},
	{"redirects", func() kernel.Env {
		return settings("net/ipv4/conf/all/send_redirects", "1", "net/ipv4/conf/default/send_redirects", "1")
	}, []liveKind{random, flow}, nil},
	{"turned", turnedEnv, []liveKind{random, flow}, nil},
	{"narrow", narrowEnv, []liveKind{random, flow}, nil},
	{"drawn", func() kernel.Env { return gen.DrawEnv(lab.Seed()) }, []liveKind{random, flow, talk}, nil},
	{"impatient", impatientEnv, []liveKind{patient}, nil},
	{"bridge", func() kernel.Env { return bridged(gen.Env(), onTwoPorts()) }, []liveKind{random, flow, kube}, onTwoPorts},
	{"ports", func() kernel.Env { return bridged(gen.Env(), onFourPorts()) }, []liveKind{random, flow}, onFourPorts},
	{"bridges", func() kernel.Env { env, _ := drawnBridgeEnv(lab.Seed()); return env }, []liveKind{random, flow, kube},
		func() *bridgeWorld { _, w := drawnBridgeEnv(lab.Seed()); return w }},
}

// turnedEnv is a host with policy rules that has settings turned which mostly stay
// as they are.
func turnedEnv() kernel.Env {
	env := gen.PolicyEnv()
	env.Sysctl = settings(
		"net/ipv4/icmp_errors_use_inbound_ifaddr", "1", "net/ipv4/fwmark_reflect", "1", "net/ipv6/fwmark_reflect", "1",
		"net/ipv4/icmp_echo_ignore_broadcasts", "0", "net/ipv4/conf/all/bc_forwarding", "1", "net/ipv4/conf/eth0/bc_forwarding", "1",
		"net/ipv4/conf/eth0/send_redirects", "1",
		"net/ipv4/ip_default_ttl", "99", "net/ipv4/conf/all/src_valid_mark", "1", "net/ipv4/conf/all/rp_filter", "2",
		"net/netfilter/nf_conntrack_tcp_loose", "0", "net/netfilter/nf_conntrack_tcp_be_liberal", "1",
		"net/netfilter/nf_conntrack_checksum", "0", "net/netfilter/nf_conntrack_tcp_ignore_invalid_rst", "1",
	).Sysctl
	return env
}

// narrowEnv is a host with policy rules, whose routes most IPv4 packets are too
// long for, and long IPv6 packets, and whose answers have the marks of packets.
func narrowEnv() kernel.Env {
	narrow := map[string]string{
		"default via 192.0.2.1 dev eth0": " mtu 68", "10.1.1.0/24 via 192.0.2.11 dev eth0": " mtu lock 80",
		"default via 2001:db8:2::1 dev eth0": " mtu 1280", "2001:db8:11::/64 via 2001:db8:2::b dev eth0": " mtu lock 1300",
	}
	env := gen.PolicyEnv()
	env.Sysctl = map[string]string{"net/ipv4/fwmark_reflect": "1", "net/ipv6/fwmark_reflect": "1"}
	env.Routes = append(env.Routes, "2001:db8:ffff::9 via 2001:db8:2::b dev eth0 src 2001:db8:2::2",
		"2001:db8:ffff::70/124 via 2001:db8:2::b dev eth0 src 2001:db8:10::1", "anycast 2001:db8:2::7 dev eth0")
	for i, r := range env.Routes {
		env.Routes[i] += narrow[r]
	}
	return env
}

// impatientEnv is a host whose connections end in one pause or in two.
func impatientEnv() kernel.Env {
	var pairs []string
	for _, name := range []string{"udp_timeout", "udp_timeout_stream", "icmp_timeout", "icmpv6_timeout", "generic_timeout", "tcp_timeout_syn_sent",
		"tcp_timeout_syn_recv", "tcp_timeout_fin_wait", "tcp_timeout_close", "sctp_timeout_cookie_wait", "tcp_timeout_unacknowledged"} {
		pairs = append(pairs, "net/netfilter/nf_conntrack_"+name, "1")
	}
	for _, name := range []string{"tcp_timeout_established", "tcp_timeout_last_ack", "tcp_timeout_time_wait", "tcp_timeout_close_wait",
		"sctp_timeout_established", "sctp_timeout_shutdown_sent", "tcp_timeout_max_retrans"} {
		pairs = append(pairs, "net/netfilter/nf_conntrack_"+name, "2")
	}
	return settings(pairs...)
}

// settings returns the usual host with other sysctls.
func settings(pairs ...string) kernel.Env {
	env := gen.Env()
	env.Sysctl = map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env.Sysctl[pairs[i]] = pairs[i+1]
	}
	return env
}

// compareWorld compares cases of each kind and family on one host.
func compareWorld(t *testing.T, world liveWorld, seed uint64) {
	w := comparison{env: world.env()}
	var err error
	w.node, err = kernel.Open(w.env)
	require.NoError(t, err)
	defer w.node.Close()
	w.stage(t, world.over)
	for _, kind := range world.kinds {
		for _, family := range []int{4, 6} {
			t.Run(fmt.Sprintf("%s/IPv%d", kind.name, family), func(t *testing.T) {
				cfg := gen.Config{Family: family, Favor: lab.Favor()}
				packets := 0
				for i := range lab.Cases(5) {
					c := kind.draw(seed+uint64(i), cfg)
					if c == nil {
						continue
					}
					packets += w.compare(t, c, seed+uint64(i))
				}
				t.Logf("%d packets compared", packets)
			})
		}
	}
}

// comparison is a host on both sides.
type comparison struct {
	env  kernel.Env
	node *kernel.Node
	host host.Host
	over *bridgeSegment // nil: no bridge
}

// stage tells the simulator of the host.
func (w *comparison) stage(t *testing.T, over func() *bridgeWorld) {
	if over == nil {
		w.host = oracle.Host(t, w.env)
		return
	}
	w.over = &bridgeSegment{world: over(), host: &w.host}
	if w.node == nil {
		w.host = podsHostOf(t, w.env, w.over.world)
	} else {
		w.host = podsHost(t, w.node)
	}
}

// compare runs one case on both sides and returns how many packets were compared;
// it stops at the first difference, which may cause others.
func (w *comparison) compare(t *testing.T, c *gen.Case, seed uint64) int {
	t.Helper()
	if err := w.node.Load(c.Rules4, c.Rules6, c.Sets); err != nil {
		t.Errorf("seed %d: the kernel refuses the ruleset: %v", seed, err)
		return 0
	}
	n, err := oracle.Load(w.host, c.Rules4, c.Rules6)
	if err != nil {
		t.Errorf("seed %d: the simulator refuses the ruleset: %v\n%s", seed, err, c.Rules4+c.Rules6)
		return 0
	}
	if w.over != nil {
		w.over.begin(t, w.node, seed)
	}
	s := n.NewSession()
	left := map[int][]kernel.Out{}
	packets := 0
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		time.Sleep(p.Wait)
		s.Advance(p.Wait)
		if w.over != nil {
			w.over.place(&p.Packet)
		}
		a, err := w.node.Send(p.Packet)
		if errors.Is(err, kernel.ErrLost) {
			t.Logf("seed %d: the kernel's log overran; the rest of the case is skipped", seed)
			return packets
		}
		require.NoError(t, err)
		left[p.Step] = append(left[p.Step], a.Out...)
		packets++
		r := oracle.Ask(t, s, w.env, p.Packet)
		if r.Chance < 1 || r.RandomPort {
			return packets // a port that was taken: the kernel throws dice for another one
		}
		if w.over != nil && !w.over.nameOutPorts(r) {
			// It waits for a neighbour that is not there. Have the kernel give up
			// now: otherwise it says so in the midst of another case.
			_, err := w.node.Run("ip", "neigh", "flush", "dev", "cni0", "nud", "incomplete")
			require.NoError(t, err)
			return packets
		}
		if d := append(oracle.Differences(a, r), oracle.AnswerDifferences(a, r)...); d != nil {
			t.Errorf("seed %d packet %d (%s): %s\n%s\n%+v", seed, packets, p.Note, oracle.Describe(p.Packet), strings.Join(d, "\n"), r)
			return packets
		}
	}
	if d := oracle.ConnDifferences(t, w.node, s); d != nil {
		t.Errorf("seed %d after %d packets: %s", seed, packets, strings.Join(d, "\n"))
	}
	return packets
}
