package simulate_test

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/gen"
	"github.com/packetpath/packetpath/simulate/internal/kernel"
)

var (
	liveSeed  = flag.Uint64("live.seed", 0, "seed of the comparison with the live kernel; 0 draws one from the clock")
	liveCases = flag.Int("live.cases", 5, "rulesets of each kind and family to compare with the live kernel")
	liveFavor = flag.String("live.favor", "", "extensions to draw more often, separated by commas")
)

// liveKinds are the kinds of cases that are compared.
var liveKinds = []struct {
	name string
	draw func(uint64, gen.Config) *gen.Case
}{{"random", gen.Random}, {"flow", gen.Flow}, {"kube", gen.Kube}}

// TestLiveKernel draws rulesets and packets and compares the simulator with
// the kernel this test runs on: TRACE lines, LOG lines, every packet that left
// and what the sender was told.
func TestLiveKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := *liveSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9 * 1000
	}
	t.Logf("seed: -live.seed=%d", seed)
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	host := hostOf(t, env)
	for _, kind := range liveKinds {
		for _, family := range []int{4, 6} {
			t.Run(fmt.Sprintf("%s/IPv%d", kind.name, family), func(t *testing.T) {
				cfg := gen.Config{Family: family}
				if *liveFavor != "" {
					cfg.Favor = strings.Split(*liveFavor, ",")
				}
				packets := 0
				for i := range *liveCases {
					c := kind.draw(seed+uint64(i), cfg)
					packets += compareCase(t, node, env, host, c, seed+uint64(i))
				}
				t.Logf("%d packets compared", packets)
			})
		}
	}
}

// compareCase runs one case on both sides and returns how many packets were
// compared; it stops at the first difference, which may cause others.
func compareCase(t *testing.T, node *kernel.Node, env kernel.Env, host simulate.Host, c *gen.Case, seed uint64) int {
	t.Helper()
	if err := node.Load(c.Rules4, c.Rules6, c.Sets); err != nil {
		t.Errorf("seed %d: the kernel refuses the ruleset: %v", seed, err)
		return 0
	}
	n, err := load(host, c.Rules4, c.Rules6)
	if err != nil {
		t.Errorf("seed %d: the simulator refuses the ruleset: %v\n%s", seed, err, c.Rules4+c.Rules6)
		return 0
	}
	s := n.NewSession()
	left := map[int][]kernel.Out{}
	packets := 0
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		a, err := node.Send(p.Packet)
		if errors.Is(err, kernel.ErrLost) {
			t.Logf("seed %d: the kernel's log overran; the rest of the case is skipped", seed)
			return packets
		}
		require.NoError(t, err)
		left[p.Step] = append(left[p.Step], a.Out...)
		packets++
		r := ask(t, s, env, p.Packet)
		if r.Chance < 1 {
			return packets // a port that was taken: the kernel throws dice for another one
		}
		if d := differences(a, r); d != nil {
			t.Errorf("seed %d packet %d (%s): %s\n%s\n%+v", seed, packets, p.Note, describe(p.Packet), strings.Join(d, "\n"), r)
			return packets
		}
	}
	return packets
}
