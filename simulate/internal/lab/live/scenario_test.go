package live_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/scenario"
)

// TestScenarios holds the simulation to what the live kernel made of the
// scenarios (package scenario).
func TestScenarios(t *testing.T) {
	ss, err := scenario.Find("../../../../testdata/scenarios")
	require.NoError(t, err)
	for _, s := range ss {
		t.Run(filepath.Base(s.Dir), func(t *testing.T) {
			h, err := host.ReadFiles(filepath.Join(s.Dir, "addr.json"), filepath.Join(s.Dir, "route.json"), filepath.Join(s.Dir, "rule.json"))
			require.NoError(t, err)
			h.Sets, err = parser.ParseSetsString(s.Sets)
			require.NoError(t, err)
			var node *simulate.Node
			var session *simulate.Session
			for _, c := range s.Cases {
				if c.Fresh {
					rules, err := parser.ParseFile(c.Rules)
					require.NoError(t, err)
					node, err = simulate.New(h, rules)
					require.NoError(t, err)
					session = node.NewSession()
				}
				name := strings.TrimSuffix(filepath.Base(c.Rules), ".v4") + ": " + c.Name
				if c.Lucky() {
					t.Run(name, func(t *testing.T) { everyWay(t, c, node) })
					continue
				}
				t.Run(name, func(t *testing.T) { oneWay(t, c, pass(session, c)) })
			}
		})
	}
}

// pass lets the packet of a case through.
func pass(s *simulate.Session, c *scenario.Case) *simulate.Result {
	p := c.Sent.Packet.Clone()
	p.SrcMAC, p.DstMAC = c.Sent.SrcMAC, c.Sent.DstMAC
	if c.Sent.In == "" {
		return s.Send(p)
	}
	return s.Receive(c.Sent.In, p)
}

func oneWay(t *testing.T, c *scenario.Case, r *simulate.Result) {
	require.NoError(t, r.Err)
	assert.Equal(t, c.Fate, r.Fate.String())
	if c.By != "" {
		assert.Equal(t, c.By, r.By.Place())
	}
	assert.Equal(t, c.Ways[0], way(c, r))
	if c.Said != nil {
		old := trimmed(r.Trace(simulate.BeforeLinux57))
		require.GreaterOrEqual(t, len(old), len(c.Said))
		assert.Equal(t, c.Said, old[:len(c.Said)], "as the document says")
	}
}

// everyWay tries luck until each way was gone.
func everyWay(t *testing.T, c *scenario.Case, n *simulate.Node) {
	const most = 200
	left := map[string]bool{}
	for seed := uint64(0); seed < most && len(left) < len(c.Ways); seed++ {
		r := pass(n.NewSession(simulate.WithSeed(seed)), c)
		require.NoError(t, r.Err)
		require.Equal(t, c.Fate, r.Fate.String())
		got := way(c, r)
		i := slices.IndexFunc(c.Ways, func(w scenario.Way) bool { return w.Left == got.Left })
		require.GreaterOrEqual(t, i, 0, "seed %d: the kernel never sends\n%s", seed, got.Left)
		assert.InDelta(t, c.Ways[i].Chance, got.Chance, 1e-9)
		got.Chance = c.Ways[i].Chance
		require.Equal(t, c.Ways[i], got, "seed %d", seed)
		left[got.Left] = true
	}
	assert.Len(t, left, len(c.Ways), "ways gone with %d seeds", most)
}

// way describes a result as scenarios do.
func way(c *scenario.Case, r *simulate.Result) scenario.Way {
	w := scenario.Way{Chance: r.Chance}
	if c.Ways[0].Trace != nil { // without a TRACE rule Trace shows the whole path
		w.Trace = trimmed(r.Trace())
	}
	if r.OutDev != "" {
		w.Left = scenario.Text(r.Packet, r.OutDev)
	}
	for _, a := range r.Answers {
		if c.Fate != "delivered" && a.Dev != "lo" {
			w.Answers = append(w.Answers, scenario.AnswerText(a, a.Dev))
		}
	}
	return w
}

// trimmed leaves out the blank at the end of each line.
func trimmed(lines []string) []string {
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return lines
}
