package chance_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/chance"
)

// TestSums adds up drawn paths in any order and compares with big.Rat.
func TestSums(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var s chance.Sums
		want := [3]*big.Rat{new(big.Rat), new(big.Rat), new(big.Rat)}
		path := []chance.Choice{}
		for range 20 {
			path = path[:r.IntN(len(path)+1)]
			for range r.IntN(4) {
				total := uint64(1) << r.IntN(32)
				from := r.Uint64N(total)
				path = append(path, chance.Choice{From: from, To: from + 1 + r.Uint64N(total-from), Total: total})
			}
			i := r.IntN(3)
			require.True(t, s.Add(i, path))
			want[i].Add(want[i], chance.Product(path))
		}
		for i := range want {
			got := s.Sum(i)
			require.Zero(t, want[i].Cmp(got), "%s, not %s", got, want[i])
			require.Equal(t, want[i].RatString(), got.RatString(), "in lowest terms")
		}
		require.Zero(t, s.Sum(7).Sign())
	}
}

func TestSumsRefuses(t *testing.T) {
	var s chance.Sums
	require.False(t, s.Add(0, []chance.Choice{{To: 1, Total: 3}}))
	require.False(t, s.Add(0, []chance.Choice{{To: 1, Total: 2, Assumed: true}}))
	require.True(t, s.Add(0, nil))
	require.Equal(t, "1", s.Sum(0).RatString())
}
