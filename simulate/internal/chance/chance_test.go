package chance_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/internal/chance"
)

// TestClone holds that a clone draws what its original draws.
func TestClone(t *testing.T) {
	a := chance.New(3)
	a.Pick(7)
	b := a.Clone()
	assert.Empty(t, b.Choices())
	for range 20 {
		require.Equal(t, a.Pick(1000), b.Pick(1000))
	}
}

// TestCertainEvents holds that what is certain or impossible draws nothing.
func TestCertainEvents(t *testing.T) {
	s := chance.New(0)
	assert.False(t, s.Event(0))
	assert.True(t, s.Event(1<<31))
	assert.Zero(t, s.Pick(1))
	assert.Zero(t, s.Guess(3))
	assert.Empty(t, s.Choices())
}

// TestFollow takes draws from a script and multiplies their probabilities.
func TestFollow(t *testing.T) {
	s := chance.New(0)
	s.Follow([]uint64{1 << 30, 2}, true)
	assert.False(t, s.Event(1<<29), "a draw of 2³⁰ is not below 2²⁹")
	assert.Equal(t, uint32(2), s.Guess(3))
	assert.Equal(t, 0, s.Weighted(2, func(i int) uint64 { return uint64(i + 1) }), "beyond the script every draw is 0")
	assert.Equal(t, []chance.Choice{{From: 1 << 29, To: 1 << 31, Total: 1 << 31}, {From: 2, To: 3, Total: 3, Assumed: true}, {From: 0, To: 1, Total: 2}}, s.Choices())
	assert.InDelta(t, 0.375, s.Probability(), 0)
	assert.Zero(t, chance.Product(s.Choices()).Cmp(big.NewRat(3, 8)))
	s.Draw()
	assert.False(t, s.Either())
	s.Begin()
	assert.Empty(t, s.Choices())
}

// TestWeighted holds that the cases of a weighted choice cover all draws.
func TestWeighted(t *testing.T) {
	sums := []uint64{2, 2, 7, 10}
	for draw, want := range []int{0, 0, 2, 2, 2, 2, 2, 3, 3, 3} {
		s := chance.New(0)
		s.Follow([]uint64{uint64(draw)}, false)
		assert.Equal(t, want, s.Weighted(4, func(i int) uint64 { return sums[i] }), "draw %d", draw)
	}
}
