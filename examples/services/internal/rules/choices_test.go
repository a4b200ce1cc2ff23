package rules

import (
	"math/rand/v2"
)

// choices are what a test draws, decided by bytes: so the fuzzer steers what
// is drawn, and shortens it when it has found something. Where the bytes end
// every choice is the first.
type choices struct{ left []byte }

// drawn returns choices by chance.
func drawn(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 0))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func (c *choices) done() bool { return len(c.left) == 0 }

// below returns a number below n, at most 256.
func (c *choices) below(n int) int {
	if c.done() {
		return 0
	}
	b := c.left[0]
	c.left = c.left[1:]
	return int(b) % n
}

// one returns one of several things.
func one[T any](c *choices, from ...T) T { return from[c.below(len(from))] }
