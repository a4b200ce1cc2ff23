package simulate

import (
	"errors"
	"math/big"
)

var errNoBranch = errors.New("the result is not one that Branches yielded")

// Probability returns the exact probability of the path: the product of the
// probabilities of what luck chose, which are multiples of 2⁻³¹ for rules that
// match by chance. Assumptions do not count: it is the probability if they hold.
func (r *Result) Probability() *big.Rat {
	if r.branch != nil && r.branch.rest != nil {
		return new(big.Rat).Set(r.branch.rest)
	}
	return product(r.choices)
}

// product multiplies numerators and denominators by themselves: reducing the
// fraction costs most and is done once.
func product(cs []choice) *big.Rat {
	of, total, n := big.NewInt(1), big.NewInt(1), new(big.Int)
	for i := range cs {
		if c := &cs[i]; !c.assumed {
			of.Mul(of, n.SetUint64(c.to-c.from))
			total.Mul(total, n.SetUint64(c.total))
		}
	}
	return new(big.Rat).SetFrac(of, total)
}

// unfollowed stands for branch b and all behind it.
func (s *Session) unfollowed(b *branch, most int) *Result {
	r := s.Clone().follow(b)
	rest := r.Probability()
	for i := range r.choices {
		c := &r.choices[i]
		if c.to == c.total {
			continue
		}
		behind := product(r.choices[:i])
		if !c.assumed {
			others := choice{from: c.to, to: c.total, total: c.total}
			behind.Mul(behind, others.probability())
		}
		rest.Add(rest, behind)
	}
	last := s.Clone().newFlow(&b.packet, nil).refuse(&BranchError{Max: most})
	last.Chance, _ = rest.Float64()
	last.branch = &branch{rest: rest}
	return last
}
