package live_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate/internal/lab"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestLiveLogs rebuilds packets from the first line of their trace in the
// kernel's log, as packages for people's logs do, and sends them through the
// rules: the trace must be the kernel's.
func TestLiveLogs(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip("no live kernel to ask: ", err)
	}
	env := gen.Env()
	node, err := kernel.Open(env)
	require.NoError(t, err)
	defer node.Close()
	h := oracle.Host(t, env)
	for _, kind := range []liveKind{core, kube} {
		for _, family := range []int{4, 6} {
			replayed := 0
			for i := range lab.Cases(5) {
				seed := lab.Seed() + uint64(i)
				c := kind.draw(seed, gen.Config{Family: family})
				require.NoError(t, node.Load(c.Rules4, c.Rules6, c.Sets))
				n, err := oracle.Load(h, c.Rules4, c.Rules6)
				require.NoError(t, err)
				for p := range c.Packets(func(int) []kernel.Out { return nil }) {
					a, err := node.Send(p.Packet)
					require.NoError(t, err)
					if len(a.Trace) == 0 {
						break
					}
					rebuilt, ok, err := packets.ParseLog("[  12.345678] TRACE: " + a.Trace[0])
					require.True(t, ok)
					if errors.Is(err, packets.ErrNotShown) {
						break
					}
					replayed++
					require.NoError(t, err, a.Trace[0])
					session := n.NewSession()
					r := session.Send(rebuilt.Packet)
					if rebuilt.Dev != "" {
						r = n.NewSession().Receive(rebuilt.Dev, rebuilt.Packet)
					}
					if r.Chance < 1 || r.RandomPort {
						break
					}
					assert.Equal(t, withoutEnds(a.Trace), withoutEnds(r.Trace()), "%s %d, IPv%d", kind.name, seed, family)
					break // those behind it belong to a connection
				}
			}
			t.Logf("%s, IPv%d: %d packets replayed", kind.name, family, replayed)
			assert.Positive(t, replayed)
		}
	}
}

func withoutEnds(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(l, " ")
	}
	return out
}
