package generatortest

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// Choices decide what is drawn. They are bytes, so that a fuzzer steers them, and
// go on by chance, from a seed that the bytes make, where the bytes end.
type Choices struct {
	bytes []byte
	next  int
	more  *rand.Rand
}

func newChoices(b []byte) *Choices { return &Choices{bytes: b} }

// Below returns a number from 0 to n-1; 0 if n is less than 1.
func (c *Choices) Below(n int) int {
	if n < 1 {
		return 0
	}
	if c.next < len(c.bytes) && n <= 256 {
		c.next++
		return int(c.bytes[c.next-1]) % n
	}
	if c.more == nil {
		h := fnv.New64a()
		h.Write(c.bytes)
		c.more = rand.New(rand.NewPCG(h.Sum64(), 0))
	}
	v := c.more.IntN(n)
	if n <= 256 && c.next == len(c.bytes) { // note what was chosen, for Mutated
		c.bytes = append(slices.Clip(c.bytes), byte(v))
		c.next++
	}
	return v
}

// In reports true once in n times; always if n is less than 1.
func (c *Choices) In(n int) bool { return c.Below(n) == 0 }

// One returns one of several things.
func One[T any](c *Choices, from ...T) T { return from[c.Below(len(from))] }

// mutated returns choices that are the same but for one.
func mutated(taken []byte, c *Choices) *Choices {
	b := slices.Clone(taken)
	if len(b) > 0 {
		b[c.Below(len(b))] = byte(c.Below(256))
	}
	return newChoices(b)
}
