// Package chance makes random choices in place of the kernel's random number generator,
// and choices between assumptions about unknown facts.
package chance

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sort"
)

// Source makes choices. It draws them from a seeded generator or, to follow one branch,
// takes them from a script. The zero value is equivalent to New(0). It must not be used
// by several goroutines at the same time.
type Source struct {
	rng      *rand.PCG
	choices  []Choice // made for the current packet, in order
	scripted bool
	script   []uint64 // predefined draws; draws after its end are 0
	either   bool     // assumptions about unknown facts are choices
}

// Choice is a choice that was made: a draw below Total that was in [From, To).
type Choice struct {
	From, To, Total uint64
	Assumed         bool // the choice is an assumption about an unknown fact, which has no probability
}

// Probability returns the probability of the choice; 1 if it is an assumption.
func (c *Choice) Probability() *big.Rat {
	if c.Assumed {
		return big.NewRat(1, 1)
	}
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(c.To-c.From), new(big.Int).SetUint64(c.Total))
}

// Product returns the product of the probabilities of the choices. Numerators and
// denominators are multiplied separately, so that the fraction, whose reduction is
// expensive, is reduced only once.
func Product(cs []Choice) *big.Rat {
	of, total, n := big.NewInt(1), big.NewInt(1), new(big.Int)
	for i := range cs {
		if c := &cs[i]; !c.Assumed {
			of.Mul(of, n.SetUint64(c.To-c.From))
			total.Mul(total, n.SetUint64(c.Total))
		}
	}
	return new(big.Rat).SetFrac(of, total)
}

// New returns a source with this seed. Sources with equal seeds make equal
// choices on every platform.
func New(seed uint64) Source { return Source{rng: rand.NewPCG(seed, seed)} }

// Restart resets the source to that of New(seed).
func (s *Source) Restart(seed uint64) {
	s.rng.Seed(seed, seed)
	s.choices = s.choices[:0]
	s.Draw()
}

// Clone returns a source that will make the same draws, without the list of choices.
func (s *Source) Clone() Source {
	if s.rng == nil {
		return *s
	}
	state, _ := s.rng.MarshalBinary() // never fails
	c := *s
	c.rng, c.choices = &rand.PCG{}, nil
	_ = c.rng.UnmarshalBinary(state)
	return c
}

// Follow makes the source take its draws from a script, and 0 after its end. If either is
// set, Guess chooses among all alternatives instead of returning the first.
func (s *Source) Follow(script []uint64, either bool) {
	s.scripted, s.script, s.either = true, script, either
	s.choices = slices.Grow(s.choices[:0], len(script)+1)
}

// Draw ends Follow: the source draws from its generator again.
func (s *Source) Draw() { s.scripted, s.script, s.either = false, nil, false }

// Either reports whether Guess chooses among all alternatives.
func (s *Source) Either() bool { return s.either }

// Begin discards the choices of the previous packet.
func (s *Source) Begin() { s.choices = s.choices[:0] }

// Choices returns the choices made since Begin. The slice is valid until the next
// call of Begin.
func (s *Source) Choices() []Choice { return s.choices }

// Probability returns the product of the probabilities of the choices made since
// Begin.
func (s *Source) Probability() float64 {
	p := 1.0
	for _, c := range s.choices {
		if !c.Assumed {
			p *= float64(c.To-c.From) / float64(c.Total)
		}
	}
	return p
}

// Below draws a uniformly distributed number below n, n > 0. The draw is not recorded in
// Choices (Lemire, "Fast Random Integer Generation in an Interval").
func (s *Source) Below(n uint64) uint64 {
	if s.rng == nil {
		s.rng = rand.NewPCG(0, 0)
	}
	hi, lo := bits.Mul64(s.rng.Uint64(), n)
	for lo < n && lo < -n%n {
		hi, lo = bits.Mul64(s.rng.Uint64(), n)
	}
	return hi
}

// draw makes a choice with total equally likely cases, by the script if there is one.
// bounds returns the range of cases that are equivalent to the one drawn.
func (s *Source) draw(total uint64, assumed bool, bounds func(x uint64) (from, to uint64)) uint64 {
	x := uint64(0)
	switch {
	case !s.scripted:
		x = s.Below(total)
	case len(s.choices) < len(s.script):
		x = min(s.script[len(s.choices)], total-1)
	}
	c := Choice{Total: total, Assumed: assumed}
	c.From, c.To = bounds(x)
	s.choices = append(s.choices, c)
	return x
}

// Event returns true with probability p·2⁻³¹; draws have 31 bits as in the kernel
// (net/netfilter/xt_statistic.c, statistic_mt). If the result is certain, nothing is
// drawn, so that adding a rule with probability 1 or 0 does not change other draws.
func (s *Source) Event(p uint32) bool {
	const certain = 1 << 31
	if p == 0 || p >= certain {
		return p != 0
	}
	x := s.draw(certain, false, func(x uint64) (uint64, uint64) {
		if x < uint64(p) {
			return 0, uint64(p)
		}
		return uint64(p), certain
	})
	return x < uint64(p)
}

// Pick chooses a uniformly distributed number below n.
func (s *Source) Pick(n uint32) uint32 {
	if n <= 1 {
		return 0
	}
	return uint32(s.draw(uint64(n), false, func(x uint64) (uint64, uint64) { return x, x + 1 }))
}

// Weighted chooses one of n alternatives with probabilities proportional to their weights.
// upTo returns the sum of the weights of the alternatives from the first up to and
// including the given one.
func (s *Source) Weighted(n int, upTo func(int) uint64) int {
	if n <= 1 {
		return 0
	}
	i := 0
	s.draw(upTo(n-1), false, func(x uint64) (from, to uint64) {
		i = sort.Search(n-1, func(k int) bool { return upTo(k) > x })
		if i > 0 {
			from = upTo(i - 1)
		}
		return from, upTo(i)
	})
	return i
}

// Guess chooses one of n assumptions about an unknown fact: the first, unless Follow was
// called with either.
func (s *Source) Guess(n uint32) uint32 {
	if !s.either {
		return 0
	}
	return uint32(s.draw(uint64(n), true, func(x uint64) (uint64, uint64) { return x, x + 1 }))
}
