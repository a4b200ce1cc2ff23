package xtables

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestIndexSkipsOnlyWhatCannotMatch compares the way through a chain with and
// without its index, for random chains and destinations.
func TestIndexSkipsOnlyWhatCannotMatch(t *testing.T) {
	const seed = 7
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, seed))
	full := bits128{^uint64(0), ^uint64(0)}
	for range 200 {
		c := &Chain{rules: make([]rule, 20+r.IntN(60))}
		for i := range c.rules {
			if h := &c.rules[i].header; r.IntN(4) > 0 {
				*h = header{dst: bits128{lo: r.Uint64N(8)}, dstMask: full, oneDst: true}
			}
		}
		c.makeIndex()
		for dst := range uint64(9) {
			d := bits128{lo: dst}
			var want, got []int
			for i := range c.rules {
				if covers(c.rules[i].header.dst, c.rules[i].header.dstMask, d) {
					want = append(want, i)
				}
			}
			for i := c.next(0, d); i < len(c.rules); i = c.next(i+1, d) {
				if covers(c.rules[i].header.dst, c.rules[i].header.dstMask, d) {
					got = append(got, i)
				}
			}
			assert.Equal(t, want, got)
			assert.Equal(t, len(c.rules), c.next(len(c.rules), d))
		}
	}
}
