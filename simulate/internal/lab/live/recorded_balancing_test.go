package live_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestRecordedBalancing holds that every path the kernel took through a load
// balancer is one of the branches.
func TestRecordedBalancing(t *testing.T) {
	for _, name := range []string{"lb-v4", "lb-v6"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			total := 0
			for _, c := range recorded(t, name) {
				node, err := oracle.Load(oracle.Host(t, c.Env), c.Rules4, c.Rules6)
				require.NoError(t, err)
				s := node.NewSession()
				for i := range c.Packets {
					p := &c.Packets[i]
					rs := slices.Collect(s.Branches(p.In, oracle.PacketOf(t, c.Env, p.packet(t))))
					taken := slices.IndexFunc(rs, func(r *simulate.Result) bool { return oracle.Differences(p.answer(t), r) == nil })
					require.GreaterOrEqual(t, taken, 0, "%s packet %d: none of %d branches is the kernel's path", c.Name, i, len(rs))
					sum := new(big.Rat)
					for _, r := range rs {
						sum.Add(sum, r.Probability())
					}
					require.Equal(t, "1", sum.RatString())
					s.Take(rs[taken])
					total++
				}
			}
			t.Logf("%d packets", total)
		})
	}
}
