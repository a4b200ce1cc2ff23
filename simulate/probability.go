package simulate

import (
	"errors"
	"math/big"

	"github.com/packetpath/packetpath/simulate/internal/chance"
)

var errNoBranch = errors.New("the result is not one that Branches yielded")

// Probability returns the exact probability of the path: the product of the
// probabilities of what was drawn, which are multiples of 2⁻³¹ for rules that
// match by chance. Assumptions do not count: it is the probability if they hold.
func (r *Result) Probability() *big.Rat {
	if r.branch != nil && r.branch.rest != nil {
		return new(big.Rat).Set(r.branch.rest)
	}
	return chance.Product(r.choices)
}

// unfollowed stands for branch b and all behind it.
func (s *Session) unfollowed(b *branch, most int) *Result {
	r := s.Clone().follow(b)
	rest := r.Probability()
	for i := range r.choices {
		c := &r.choices[i]
		if c.To == c.Total {
			continue
		}
		behind := chance.Product(r.choices[:i])
		if !c.Assumed {
			others := chance.Choice{From: c.To, To: c.Total, Total: c.Total}
			behind.Mul(behind, others.Probability())
		}
		rest.Add(rest, behind)
	}
	last := s.Clone().newTransit(&b.packet, nil).refuse(&BranchError{Max: most})
	last.Chance, _ = rest.Float64()
	last.branch = &branch{rest: rest}
	return last
}
