package simulate

import (
	"iter"
	"math/big"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/simulate/internal/chance"
)

// Outcome is a group of branches of a packet with the same key.
type Outcome[K comparable] struct {
	Key K
	// Least and Most are the lower and upper bound of the probability of the outcome.
	// They differ only if branches have assumptions (AssumeNothing) or not all branches
	// were followed.
	Least, Most *big.Rat
	Branches    []*Result
}

// Chance returns Least as a number.
func (o *Outcome[K]) Chance() float64 {
	p, _ := o.Least.Float64()
	return p
}

// Outcomes groups branches by a key, for example their endpoint or fate. The outcomes
// are in the order of their first branch, and the sums of probabilities are exact. There
// are none if branches or key is nil.
func Outcomes[K comparable](branches iter.Seq[*Result], key func(*Result) K) []Outcome[K] {
	if branches == nil || key == nil {
		return nil
	}
	var out []Outcome[K]
	var t tree
	var sums chance.Sums
	complete := true // sums holds the probabilities of all branches
	place := map[K]int{}
	for r := range branches {
		k := key(r)
		i, ok := place[k]
		if !ok {
			i = len(out)
			place[k] = i
			out = append(out, Outcome[K]{Key: k})
		}
		out[i].Branches = append(out[i].Branches, r)
		if t.add(r) {
			complete = complete && sums.Add(i, r.draw.choices)
		}
	}
	for i := range out {
		o := &out[i]
		if !complete {
			o.Least, o.Most = t.bounds(o.Branches)
			continue
		}
		o.Least = sums.Sum(i)
		if o.Most = sums.Sum(i); t.rest != nil {
			o.Most.Add(o.Most, t.rest)
		}
	}
	return out
}

// Endpoint returns the destination address and port of the packet when it was
// transmitted, delivered or dropped; the port is 0 if it has none.
func (r *Result) Endpoint() netip.AddrPort {
	if !r.Packet.IsValid() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(r.Packet.Dst(), r.Packet.DstPort())
}

// Source returns the source address and port of the packet when it was transmitted,
// delivered or dropped; the port is 0 if it has none.
func (r *Result) Source() netip.AddrPort {
	if !r.Packet.IsValid() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(r.Packet.Src(), r.Packet.SrcPort())
}

// Probability returns the probability that so returns true for the result of a packet,
// given all of its branches:
//
//	p := simulate.Probability(node.Branches("eth0", packet), func(r *simulate.Result) bool { return r.Fate.Passed() })
//
// It is exact unless branches have assumptions or not all were followed: then it is the
// lower bound ([Outcomes] returns the upper bound as well).
func Probability(branches iter.Seq[*Result], so func(*Result) bool) *big.Rat {
	for _, o := range Outcomes(branches, so) {
		if o.Key {
			return o.Least
		}
	}
	return new(big.Rat)
}

// Masqueraded reports whether a MASQUERADE or SNAT rule translated the source of the
// packet, at this packet or at an earlier one of its connection. A rule counts even if
// it selected the source that the packet had already.
func (r *Result) Masqueraded() bool {
	if r.Fate != Forwarded && r.Fate != Sent {
		return false
	}
	caught := slices.ContainsFunc(r.Steps, func(s Step) bool { return s.translatesSource() })
	return caught || r.path.brief.caught || len(r.path.versions) > 0 && (r.Packet.Src() != r.path.versions[0].Src() || r.Packet.SrcPort() != r.path.versions[0].SrcPort())
}

// translatesSource reports whether the step is a rule that translates the source.
func (s *Step) translatesSource() bool {
	if s.Rule == nil || s.Rule.Target == nil {
		return false
	}
	name := s.Rule.Target.Name()
	return name == "MASQUERADE" || name == "SNAT"
}

// tree holds the branches in order. As a tree of choices it yields the bounds of
// probabilities.
type tree struct {
	all      []*Result
	rest     *big.Rat // probability of the branches that were not followed; nil if all were
	unproven bool     // some branches have assumptions
}

// add adds a branch; it returns false for the result that stands for all branches that
// were not followed.
func (t *tree) add(r *Result) bool {
	if r.draw.branch != nil && r.draw.branch.rest != nil {
		t.rest = r.draw.branch.rest
		return false
	}
	t.all = append(t.all, r)
	t.unproven = t.unproven || r.assumesFrom(0)
	return true
}

// bounds returns the least and the greatest probability of some of the results.
func (t *tree) bounds(of []*Result) (least, most *big.Rat) {
	in := make(map[*Result]bool, len(of))
	for _, r := range of {
		in[r] = true
	}
	switch {
	case t.rest == nil:
		return bounds(t.all, 0, in)
	case t.unproven:
		return new(big.Rat), big.NewRat(1, 1)
	}
	least, most = bounds(t.all, 0, in)
	return least, most.Add(most, t.rest)
}

// sum returns a + b, with a fast path for zero, because adding long fractions is slow.
func sum(a, b *big.Rat) *big.Rat {
	if a.Sign() == 0 {
		return b
	}
	return new(big.Rat).Add(a, b)
}

// assumesFrom reports whether any choice of the result from the nth on is an
// assumption.
func (r *Result) assumesFrom(n int) bool {
	return slices.ContainsFunc(r.draw.choices[n:], func(c chance.Choice) bool { return c.Assumed })
}

// bounds returns the least and the greatest probability of the results in in. all are
// all results with the same first depth choices. Probabilities of random choices are
// added; of the alternatives of an assumption the least and the greatest are taken.
func bounds(all []*Result, depth int, in map[*Result]bool) (least, most *big.Rat) {
	least, most = new(big.Rat), new(big.Rat)
	if !slices.ContainsFunc(all, func(r *Result) bool { return r.assumesFrom(depth) }) {
		for _, r := range all {
			if in[r] {
				least = sum(least, chance.Product(r.draw.choices[depth:]))
			}
		}
		return least, most.Set(least)
	}
	for first := true; len(all) > 0; first = false {
		c := &all[0].draw.choices[depth]
		n := slices.IndexFunc(all, func(r *Result) bool { return r.draw.choices[depth].From != c.From })
		if n < 0 {
			n = len(all)
		}
		low, high := bounds(all[:n], depth+1, in)
		all = all[n:]
		if !c.Assumed {
			least.Add(least, low.Mul(low, c.Probability()))
			most.Add(most, high.Mul(high, c.Probability()))
			continue
		}
		if first || low.Cmp(least) < 0 {
			least.Set(low)
		}
		if first || high.Cmp(most) > 0 {
			most.Set(high)
		}
	}
	return least, most
}

// Equal reports whether both are the same outcome with equal probabilities and the same
// number of branches.
func (o Outcome[K]) Equal(p Outcome[K]) bool {
	return o.Key == p.Key && o.Least.Cmp(p.Least) == 0 && o.Most.Cmp(p.Most) == 0 && len(o.Branches) == len(p.Branches)
}
