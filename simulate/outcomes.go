package simulate

import (
	"iter"
	"math/big"
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/simulate/internal/chance"
)

// Outcome is what some of a packet's branches have in common.
type Outcome[K comparable] struct {
	Key K
	// Least and Most are the probability of the outcome. They differ only if
	// branches assume something (AssumeNothing) or not all were followed: it is
	// at least Least whatever is so, and at most Most.
	Least, Most *big.Rat
	Branches    []*Result
}

// Chance returns Least as a number.
func (o *Outcome[K]) Chance() float64 {
	p, _ := o.Least.Float64()
	return p
}

// Outcomes groups branches by what the caller cares about: their endpoint, say,
// or fate. The outcomes come in the order in which branches first have them, and
// the sums are exact.
func Outcomes[K comparable](branches iter.Seq[*Result], key func(*Result) K) []Outcome[K] {
	var out []Outcome[K]
	var t tree
	var sums chance.Sums
	summed := true // all is in sums
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
			summed = summed && sums.Add(i, r.choices)
		}
	}
	for i := range out {
		o := &out[i]
		if !summed {
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

// Endpoint returns address and port that the packet was for when it left, was
// delivered or came to its end; the port is 0 where there is none.
func (r *Result) Endpoint() netip.AddrPort {
	if !r.Packet.IsValid() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(r.Packet.Dst(), r.Packet.DstPort())
}

// Source returns address and port that the packet was from when it left, was
// delivered or came to its end; the port is 0 where there is none.
func (r *Result) Source() netip.AddrPort {
	if !r.Packet.IsValid() {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(r.Packet.Src(), r.Packet.SrcPort())
}

// Probability returns how likely a packet goes as a function says, of all the
// ways that it can go:
//
//	p := simulate.Probability(node.Branches("eth0", packet), func(r *simulate.Result) bool { return r.Fate.Passed() })
//
// It is exact unless branches assume something or not all were followed: then it
// is the least that it can be ([Outcomes] tells the most).
func Probability(branches iter.Seq[*Result], so func(*Result) bool) *big.Rat {
	for _, o := range Outcomes(branches, so) {
		if o.Key {
			return o.Least
		}
	}
	return new(big.Rat)
}

// Masqueraded reports whether a MASQUERADE or SNAT rule caught the packet, or
// its connection had been by such a rule before, so that it left with another
// source. A rule counts even if it chose the source that the packet had.
func (r *Result) Masqueraded() bool {
	if r.Fate != Forwarded && r.Fate != Sent {
		return false
	}
	caught := slices.ContainsFunc(r.Steps, func(s Step) bool {
		return s.Rule != nil && s.Rule.Target != nil && (s.Rule.Target.Name() == "MASQUERADE" || s.Rule.Target.Name() == "SNAT")
	})
	return caught || len(r.versions) > 0 && (r.Packet.Src() != r.versions[0].Src() || r.Packet.SrcPort() != r.versions[0].SrcPort())
}

// tree is the branches in order, which as a tree of choices have bounds.
type tree struct {
	all      []*Result
	rest     *big.Rat // probability of what was not followed; nil if all was
	unproven bool     // some assume things
}

// add adds a branch; false for the result that stands for all that was not followed.
func (t *tree) add(r *Result) bool {
	if r.branch != nil && r.branch.rest != nil {
		t.rest = r.branch.rest
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

// sum adds two numbers; to add nothing to long fractions is worth a shortcut.
func sum(a, b *big.Rat) *big.Rat {
	if a.Sign() == 0 {
		return b
	}
	return new(big.Rat).Add(a, b)
}

// assumesFrom reports whether any choice of the result from the nth on is an
// assumption.
func (r *Result) assumesFrom(n int) bool {
	return slices.ContainsFunc(r.choices[n:], func(c chance.Choice) bool { return c.Assumed })
}

// bounds does so for results that agree in their first depth choices, and are
// all that do. Where chance decides the probabilities add up, where an assumption
// is made the worst and the best count.
func bounds(all []*Result, depth int, in map[*Result]bool) (least, most *big.Rat) {
	least, most = new(big.Rat), new(big.Rat)
	if !slices.ContainsFunc(all, func(r *Result) bool { return r.assumesFrom(depth) }) {
		for _, r := range all {
			if in[r] {
				least = sum(least, chance.Product(r.choices[depth:]))
			}
		}
		return least, most.Set(least)
	}
	for first := true; len(all) > 0; first = false {
		c := &all[0].choices[depth]
		n := slices.IndexFunc(all, func(r *Result) bool { return r.choices[depth].From != c.From })
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
