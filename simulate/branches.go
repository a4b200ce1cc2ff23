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
}

// DefaultMaxBranches is how many branches are followed unless MaxBranches says
// otherwise.
const DefaultMaxBranches = 10_000

// MaxBranches bounds how many branches are followed, at least one.
func MaxBranches(n int) BranchOption { return func(b *branching) { b.max = max(n, 1) } }

// AssumeNothing follows both ways what neither packet nor host says, and all
// that an extension which is not known could do but change the packet, instead
// of taking the facts in Result.Assumptions for granted and giving up on
// unknown extensions. Each branch says in Assumptions what it took to be so.
// The probabilities of the branches sum to 1 for any one set of assumptions;
// Outcomes tells the least and the greatest they can amount to.
func AssumeNothing() BranchOption { return func(b *branching) { b.either = true } }

// BranchError says that a packet can go more ways than were to be followed.
type BranchError struct {
	Max int // as MaxBranches says
}

// Error names the bound and the remedy.
func (e *BranchError) Error() string {
	return fmt.Sprintf("the packet can go more than %d ways: the rest is not followed, MaxBranches allows more", e.Max)
}

// branch says how a result came about, so that it can be made again.
type branch struct {
	dev    string
	packet netfilter.Packet
	script []uint64
	either bool
	rest   *big.Rat // probability of all that was not followed; nil for a true branch
}

// Branches yields a result for every way the packet can go, each with its
// probability, which sum to exactly 1. It arrives by the link dev, or a local
// process sends it if dev is "". The session stays as it is when a branch is
// yielded: Take goes down a branch. The sequence may be ranged over again.
//
// Ways that differ only in a port that address translation draws at random from
// many are one; Result.RandomPort marks it. If there are more ways than
// MaxBranches allows, the last result is Undecided with a *BranchError and
// stands for all others.
//
// The likely is not told first: the order is that of the rules, a match by
// chance ahead of its failure.
func (s *Session) Branches(dev string, p netfilter.Packet, opts ...BranchOption) iter.Seq[*Result] {
	o := branching{max: DefaultMaxBranches}
	for _, opt := range opts {
		opt(&o)
	}
	p = p.Clone()
	return func(yield func(*Result) bool) {
		b := &branch{dev: dev, packet: p, either: o.either}
		for n := 1; b != nil; n++ {
			if n > o.max {
				yield(s.unfollowed(b, o.max))
				return
			}
			r := s.Clone().follow(b)
			if b = r.sibling(); !yield(r) {
				return
			}
		}
	}
}

// Branches yields a result for every way the packet can go, with no connection
// known before; see Session.Branches.
func (n *Node) Branches(dev string, p netfilter.Packet, opts ...BranchOption) iter.Seq[*Result] {
	return n.NewSession().Branches(dev, p, opts...)
}

// Take lets the packet of a branch go the way of that branch in this session,
// which must be as it was when its Branches yielded it, or a clone of it. Any
// other result has its packet go by the session's own random source.
func (s *Session) Take(r *Result) *Result {
	if r == nil || r.branch == nil || r.branch.rest != nil {
		return s.newTransit(&netfilter.Packet{}, nil).refuse(errNoBranch)
	}
	return s.follow(r.branch)
}

// follow sends the packet by the script of a branch.
func (s *Session) follow(b *branch) *Result {
	s.chance.Follow(b.script, b.either)
	defer s.chance.Draw()
	var r *Result
	if b.dev == "" {
		r = s.Send(b.packet)
	} else {
		r = s.Receive(b.dev, b.packet)
	}
	r.branch = b
	return r
}

// sibling returns the branch that follows: the last choice that has another
// case is made differently, and all behind it anew. It is nil if there is none.
func (r *Result) sibling() *branch {
	for i := len(r.choices) - 1; i >= 0; i-- {
		if c := &r.choices[i]; c.To < c.Total {
			next := *r.branch
			next.script = make([]uint64, i+1)
			for k := range next.script {
				next.script[k] = r.choices[k].From
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
