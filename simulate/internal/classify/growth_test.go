package classify_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate/internal/classify"
	"github.com/packetpath/packetpath/simulate/internal/lab/bench"
)

// candidates counts the rules that a packet has to be shown to.
func candidates(rules []classify.Rule, k *classify.Key) (n int) {
	x := classify.New(rules)
	var c classify.Cursor
	c.Begin(x, k)
	for i := c.Next(0); i < x.Len(); i = c.Next(i + 1) {
		n++
	}
	return n
}

// TestGrowth holds that ten times the rules do not show a packet to three times as
// many of them.
func TestGrowth(t *testing.T) {
	most := func(n int) int { return 3*n + 3 }
	k := keyOf(bench.Unmatched())
	chains := map[string]func(n int) string{"irregular": bench.Irregular}
	for _, s := range bench.Shapes {
		chains[s.Name] = s.Rules
	}
	for name, rules := range chains {
		few := candidates(chain(t, rules(300), "filter", "FORWARD"), k)
		assert.LessOrEqual(t, candidates(chain(t, rules(3000), "filter", "FORWARD"), k), most(few), name)
	}
	for _, c := range []bench.Cluster{{}, {NodePorts: true, Affinity: true}} {
		for _, name := range []string{"KUBE-SERVICES", "KUBE-NODEPORTS"} {
			of := func(n int) int {
				c.Services = n
				return candidates(chain(t, c.Rules(), "nat", name), keyOf(c.NodePortRequest()))
			}
			assert.LessOrEqual(t, of(1000), most(of(100)), "%s of %s", name, c)
		}
	}
}
