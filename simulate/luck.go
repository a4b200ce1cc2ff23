package simulate

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"sort"
)

// luck makes the choices that the kernel leaves to chance. It draws them, or
// for a branch takes those of a script.
type luck struct {
	rng      *rand.PCG
	choices  []choice // made for the current packet, in order
	scripted bool
	script   []uint64 // draws to take; those beyond its end are 0
	either   bool     // what nobody knows is a choice, too
}

// choice is one that was made: a draw below total that fell in [from, to).
type choice struct {
	from, to, total uint64
	assumed         bool // about a fact that nobody gave: no probability is known
}

// probability returns how likely the choice was; 1 if it is an assumption.
func (c *choice) probability() *big.Rat {
	if c.assumed {
		return big.NewRat(1, 1)
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(c.to-c.from), new(big.Int).SetUint64(c.total))
}

func newLuck(seed uint64) luck { return luck{rng: rand.NewPCG(seed, seed)} }

func (l *luck) clone() luck {
	state, _ := l.rng.MarshalBinary() // never fails
	c := *l
	c.rng, c.choices = &rand.PCG{}, nil
	_ = c.rng.UnmarshalBinary(state)
	return c
}

// begin forgets the choices of the packet before.
func (l *luck) begin() { l.choices = l.choices[:0] }

// chance returns the product of the probabilities of the choices.
func (l *luck) chance() float64 {
	p := 1.0
	for _, c := range l.choices {
		if !c.assumed {
			p *= float64(c.to-c.from) / float64(c.total)
		}
	}
	return p
}

// below draws a number below n, n > 0, each equally likely (Lemire, "Fast
// Random Integer Generation in an Interval").
func (l *luck) below(n uint64) uint64 {
	hi, lo := bits.Mul64(l.rng.Uint64(), n)
	for lo < n && lo < -n%n {
		hi, lo = bits.Mul64(l.rng.Uint64(), n)
	}
	return hi
}

// draw makes a choice with total equally likely cases, by the script if there
// is one. bounds says which of them come to the same as the one drawn.
func (l *luck) draw(total uint64, assumed bool, bounds func(x uint64) (from, to uint64)) uint64 {
	x := uint64(0)
	switch {
	case !l.scripted:
		x = l.below(total)
	case len(l.choices) < len(l.script):
		x = min(l.script[len(l.choices)], total-1)
	}
	c := choice{total: total, assumed: assumed}
	c.from, c.to = bounds(x)
	l.choices = append(l.choices, c)
	return x
}

// event decides whether something of probability p·2⁻³¹ happens; draws have 31
// bits as in the kernel (net/netfilter/xt_statistic.c, statistic_mt). A certain
// outcome draws nothing, so that adding a rule with probability 1 or 0 changes
// no other draw.
func (l *luck) event(p uint32) bool {
	const certain = 1 << 31
	if p == 0 || p >= certain {
		return p != 0
	}
	x := l.draw(certain, false, func(x uint64) (uint64, uint64) {
		if x < uint64(p) {
			return 0, uint64(p)
		}
		return uint64(p), certain
	})
	return x < uint64(p)
}

// pick chooses a number below n, each equally likely.
func (l *luck) pick(n uint32) uint32 {
	if n <= 1 {
		return 0
	}
	return uint32(l.draw(uint64(n), false, func(x uint64) (uint64, uint64) { return x, x + 1 }))
}

// weighted chooses one of several things, each as likely as its weight is of
// their sum. upTo returns the sum of the weights of the things up to the nth.
func (l *luck) weighted(n int, upTo func(int) uint64) int {
	if n <= 1 {
		return 0
	}
	i := 0
	l.draw(upTo(n-1), false, func(x uint64) (from, to uint64) {
		i = sort.Search(n-1, func(k int) bool { return upTo(k) > x })
		if i > 0 {
			from = upTo(i - 1)
		}
		return from, upTo(i)
	})
	return i
}

// guess chooses one of n answers to a question that nobody can answer: the
// first, unless branches are to follow them all.
func (l *luck) guess(n uint32) uint32 {
	if !l.either {
		return 0
	}
	return uint32(l.draw(uint64(n), true, func(x uint64) (uint64, uint64) { return x, x + 1 }))
}
