package nft_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestLiveKernel draws rulesets and packets and compares the simulator with the
// kernel this test runs on: every packet that left, what the sender was told, the
// connections at the end, and every counter, quota and element of a set.
func TestLiveKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	seed := lab.Seed()
	t.Logf("seed: -live.seed=%d", seed)
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	for _, family := range []int{4, 6} {
		t.Run(fmt.Sprintf("IPv%d", family), func(t *testing.T) {
			packets := 0
			for i := range lab.Cases(10) {
				packets += compareDrawn(t, node, env, family, seed+uint64(i))
			}
			t.Logf("%d packets compared", packets)
		})
	}
}

// compareDrawn runs one case on both sides and returns how many packets were
// compared; it stops at the first difference, which may cause others.
func compareDrawn(t *testing.T, node *kernel.Node, env kernel.Env, family int, seed uint64) int {
	draw := func() *gen.Case { return gen.Flow(seed, gen.Config{Family: family}) }
	text := newDrawer(gen.NewRand(seed+1<<40, family), family, draw()).ruleset()
	file := filepath.Join(t.TempDir(), "drawn.nft")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	require.NoError(t, node.Load("", "", ""))
	_, err := node.Run("nft", "flush", "ruleset")
	require.NoError(t, err)
	_, refusal := node.Run("nft", "-f", file)
	rs, err := nfttext.Parse(text, nfttext.ReadOptions{Name: "drawn.nft"})
	if (refusal != nil) != (err != nil) {
		t.Errorf("seed %d: nft: %v; here: %v\n%s", seed, refusal, err, text)
	}
	if refusal != nil || err != nil {
		return 0
	}
	rules := eval.New(rs)
	sim, err := simulate.New(oracle.Host(t, env), rules)
	require.NoError(t, err, "seed %d", seed)
	s := sim.NewSession()
	packets, ok := playDrawn(t, node, env, s, draw(), seed, text)
	if !ok {
		return packets
	}
	want, err := node.Run("nft", "list", "ruleset")
	require.NoError(t, err)
	if d := listDifferences(want, nfttext.List(rules.Snapshot(s.State(rules), s.Now()), nfttext.Options{})); d != nil {
		t.Errorf("seed %d after %d packets: %s\n%s", seed, packets, strings.Join(d, "\n"), want)
	}
	if d := oracle.ConnDifferences(t, node, s); d != nil {
		t.Errorf("seed %d after %d packets: %s", seed, packets, strings.Join(d, "\n"))
	}
	return packets
}

// playDrawn sends the packets; false if the case is over early.
func playDrawn(t *testing.T, node *kernel.Node, env kernel.Env, s *simulate.Session, c *gen.Case, seed uint64, text string) (packets int, ok bool) {
	left := map[int][]kernel.Out{}
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		a, err := node.Send(p.Packet)
		require.NoError(t, err)
		left[p.Step] = append(left[p.Step], a.Out...)
		packets++
		r := oracle.Ask(t, s, env, p.Packet)
		if r.Chance < 1 || r.RandomPort {
			return packets, false // the kernel throws dice
		}
		if d := differences(a, r, nil); d != nil {
			t.Errorf("seed %d packet %d (%s): %s\n%s\n%+v\n%s", seed, packets, p.Note, oracle.Describe(p.Packet), strings.Join(d, "\n"), r, text)
			return packets, false
		}
	}
	return packets, true
}
