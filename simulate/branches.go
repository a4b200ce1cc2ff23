package simulate

import (
	"errors"
	"fmt"
	"iter"
	"math/big"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/chance"
)

// BranchOption changes which branches are followed.
type BranchOption func(*branching)

type branching struct {
	max    int
	either bool
	into   []*Result
}

// Into makes the branches reuse these results, which are no longer needed, in order, as
// Session.ReceiveInto does; there are new ones for further branches, and for a result that
// is nil. Ranging over the sequence again reuses the same results again.
func Into(results ...*Result) BranchOption { return func(b *branching) { b.into = results } }

// DefaultMaxBranches is the number of branches that are followed if MaxBranches is not
// given.
const DefaultMaxBranches = 10_000

// MaxBranches bounds how many branches are followed, at least one.
func MaxBranches(n int) BranchOption { return func(b *branching) { b.max = max(n, 1) } }

// AssumeNothing follows both alternatives of every fact that neither packet nor host
// determines, and every verdict that an unknown extension could return, instead of
// assuming the facts in Result.Assumptions and failing at unknown extensions. That an
// unknown extension changes the packet is not considered. Each branch lists its
// assumptions in Assumptions. The probabilities of the branches sum to 1 for any one
// set of assumptions; Outcomes computes their least and greatest sums.
func AssumeNothing() BranchOption { return func(b *branching) { b.either = true } }

// BranchError reports that a packet has more possible paths than MaxBranches.
type BranchError struct {
	Max int // as MaxBranches says
}

// Error names the bound and the remedy.
func (e *BranchError) Error() string {
	return fmt.Sprintf("the packet can go more than %d ways: the rest is not followed, MaxBranches allows more", e.Max)
}

// branch records the choices that led to a result, so that it can be reproduced.
type branch struct {
	dev    string
	packet netfilter.Packet
	script []uint64
	either bool
	rest   *big.Rat // probability of all that was not followed; nil for a true branch
}

// Branches yields a result for every possible path of the packet, each with its
// probability; the probabilities sum to exactly 1. The packet is received on the link
// dev, or sent by a local process if dev is "". The session does not change when a
// branch is yielded: Take applies a branch to it. The sequence may be ranged over
// again.
//
// Paths that differ only in a port that address translation draws at random from
// many are one branch, whose Result.RandomPort is set. If there are more paths than
// MaxBranches allows, the last result is Undecided with a *BranchError and stands for
// all others.
//
// Branches are not sorted by probability: the order is that of the rules, and a random
// match comes before its failure.
func (s *Session) Branches(dev string, p netfilter.Packet, opts ...BranchOption) iter.Seq[*Result] {
	o := branching{max: DefaultMaxBranches}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	p = p.Clone()
	return func(yield func(*Result) bool) {
		b := &branch{dev: dev, packet: p, either: o.either}
		for n := 1; b != nil; n++ {
			if err := s.stopped(); err != nil {
				yield(s.unfollowed(b, err))
				return
			}
			if n > o.max {
				yield(s.unfollowed(b, &BranchError{Max: o.max}))
				return
			}
			c := s.Clone()
			c.borrow(s)
			if n <= len(o.into) {
				c.reuse.intoResult(o.into[n-1])
			}
			r := c.follow(b)
			s.borrow(c)
			if b = r.sibling(); !yield(r) {
				return
			}
		}
	}
}

// Branches yields a result for every possible path of the packet, in a new session;
// see Session.Branches.
func (n *Node) Branches(dev string, p netfilter.Packet, opts ...BranchOption) iter.Seq[*Result] {
	return n.NewSession().Branches(dev, p, opts...)
}

// Take sends the packet of a branch along the path of that branch in this session,
// which must be in the same state as when its Branches yielded it, or be a clone of
// it. For a result that is not a branch, the session's random source decides.
func (s *Session) Take(r *Result) *Result {
	if r == nil || r.draw.branch == nil || r.draw.branch.rest != nil {
		return s.newTransit(&netfilter.Packet{}, nil).refuse(errNoBranch)
	}
	return s.follow(r.draw.branch)
}

// drawRecord holds the random choices of the path of a result.
type drawRecord struct {
	choices []chance.Choice // random choices and assumptions, in order
	branch  *branch         // the branch that the path is; nil for none
}

// follow sends the packet with the choices of a branch.
func (s *Session) follow(b *branch) *Result {
	s.chance.Follow(b.script, b.either)
	defer s.chance.Draw()
	var r *Result
	if b.dev == "" {
		r = s.Send(b.packet)
	} else {
		r = s.Receive(b.dev, b.packet)
	}
	r.draw.branch = b
	return r
}

// sibling returns the next branch: the last choice with another alternative takes
// that one, and the choices after it are open. It is nil if there is none.
func (r *Result) sibling() *branch {
	for i := len(r.draw.choices) - 1; i >= 0; i-- {
		if c := &r.draw.choices[i]; c.To < c.Total {
			next := *r.draw.branch
			next.script = make([]uint64, i+1)
			for k := range next.script {
				next.script[k] = r.draw.choices[k].From
			}
			next.script[i] = c.To
			return &next
		}
	}
	return nil
}

var errNoBranch = errors.New("the result is not one that Branches yielded")

// Probability returns the exact probability of the path: the product of the
// probabilities of what was drawn, which are multiples of 2⁻³¹ for rules that
// match by chance. Assumptions do not count: it is the probability if they hold.
func (r *Result) Probability() *big.Rat {
	if r.draw.branch != nil && r.draw.branch.rest != nil {
		return new(big.Rat).Set(r.draw.branch.rest)
	}
	return chance.Product(r.draw.choices)
}

// unfollowed returns the result that stands for branch b and all later ones, which were
// not followed for the reason err.
func (s *Session) unfollowed(b *branch, err error) *Result {
	twin := s.Clone()
	twin.budget.withoutContext()
	r := twin.Clone().follow(b)
	rest := r.Probability()
	for i := range r.draw.choices {
		c := &r.draw.choices[i]
		if c.To == c.Total {
			continue
		}
		behind := chance.Product(r.draw.choices[:i])
		if !c.Assumed {
			others := chance.Choice{From: c.To, To: c.Total, Total: c.Total}
			behind.Mul(behind, others.Probability())
		}
		rest.Add(rest, behind)
	}
	last := twin.newTransit(&b.packet, nil).refuse(err)
	last.Chance, _ = rest.Float64()
	last.draw.branch = &branch{rest: rest}
	return last
}
