package simulate

import "math/rand/v2"

// luck makes the choices that the kernel leaves to chance.
type luck struct {
	rng    *rand.PCG
	chance float64 // probability of the choices made for the current packet
}

func newLuck(seed uint64) luck { return luck{rng: rand.NewPCG(seed, seed)} }

func (l *luck) clone() luck {
	state, _ := l.rng.MarshalBinary() // never fails
	c := luck{rng: &rand.PCG{}, chance: l.chance}
	_ = c.rng.UnmarshalBinary(state)
	return c
}

// below31 draws 31 bits, as the kernel does for statistic
// (net/netfilter/xt_statistic.c, statistic_mt).
func (l *luck) below31() uint32 { return uint32(l.rng.Uint64() >> 33) }

// event draws an event of probability p·2⁻³¹ and accounts for the outcome. A
// certain outcome draws nothing, so that adding a rule with probability 1 or 0
// changes no other draw.
func (l *luck) event(p uint32) bool {
	if p == 0 {
		return false
	}
	if p >= 1<<31 {
		return true
	}
	share := float64(p) / (1 << 31)
	if l.below31() < p {
		l.chance *= share
		return true
	}
	l.chance *= 1 - share
	return false
}

// pick draws a number below n, each equally likely.
func (l *luck) pick(n uint32) uint32 {
	if n <= 1 {
		return 0
	}
	l.chance /= float64(n)
	return uint32(l.rng.Uint64() >> 32 * uint64(n) >> 32)
}
