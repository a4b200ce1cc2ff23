package live_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestLiveBalancing opens 3000 connections through load balancers: the paths the
// live kernel takes are those of the branches, as often as they should be.
func TestLiveBalancing(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9 * 1000
	}
	t.Logf("seed: -live.seed=%d", seed)
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	for _, family := range []int{4, 6} {
		t.Run(fmt.Sprintf("IPv%d", family), func(t *testing.T) {
			c := balancing(seed, family)
			require.NoError(t, node.Load(c.Rules4, c.Rules6, c.Sets))
			n, err := oracle.Load(oracle.Host(t, env), c.Rules4, c.Rules6)
			require.NoError(t, err)
			experiments, known := map[string]*experiment{}, map[netfilter.Tuple]bool{}
			for p := range c.Packets(func(int) []kernel.Out { return nil }) {
				pkt := oracle.PacketOf(t, env, p.Packet)
				flow := netfilter.Tuple{Src: pkt.Src(), Dst: pkt.Dst(), Proto: pkt.Proto(), SrcPort: pkt.SrcPort(), DstPort: pkt.DstPort()}
				if known[flow] || len(known) == 3000 {
					continue
				}
				known[flow] = true
				a, err := node.Send(p.Packet)
				require.NoError(t, err)
				outcomes := simulate.Outcomes(n.Branches(p.Packet.In, pkt), func(r *simulate.Result) string { return rulesOf(r.Trace()) })
				experimentOf(experiments, outcomes).count(t, rulesOf(a.Trace))
			}
			var chi oracle.ChiSquare
			for _, e := range experiments {
				chi.Add(e.outcomes, e.counts)
			}
			t.Logf("%d kinds of connections, chi-square %.1f with %d degrees of freedom", len(experiments), chi.Sum, chi.Freedom)
			assert.Less(t, chi.Sum, chi.Critical())
		})
	}
}

// balancing draws a cluster with several services that have several endpoints.
func balancing(seed uint64, family int) *gen.Case {
	for {
		c := gen.LoadBalanced(seed, gen.Config{Family: family, Packets: 3200})
		if strings.Count(c.Rules4+c.Rules6, "--mode random") > 3 {
			return c
		}
		seed++
	}
}

// experiment is what packets come to that all have the same ways to go.
type experiment struct {
	outcomes []simulate.Outcome[string]
	counts   map[string]int
}

func experimentOf(all map[string]*experiment, outcomes []simulate.Outcome[string]) *experiment {
	key := ""
	for _, o := range outcomes {
		key += o.Key + "\n"
	}
	if all[key] == nil {
		all[key] = &experiment{outcomes: outcomes, counts: map[string]int{}}
	}
	return all[key]
}

// count notes the way that a packet went, which must be one of those foreseen.
func (e *experiment) count(t *testing.T, way string) {
	for _, o := range e.outcomes {
		if o.Key == way {
			e.counts[way]++
			return
		}
	}
	require.Fail(t, "the kernel goes a way that is no branch", way)
}

// rulesOf names the rules of a trace alone.
func rulesOf(trace []string) string {
	var rules []string
	for _, l := range trace {
		rule, _, _ := strings.Cut(l, " ")
		rules = append(rules, rule)
	}
	return strings.Join(rules, " ")
}
