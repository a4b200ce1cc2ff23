package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// Assumption is a fact that a rule asked for and nobody gave.
type Assumption struct {
	Table string
	Rule  *netfilter.Rule
	Fact  string // what the simulation takes to be so
	Not   bool   // a branch took the opposite to be so (AssumeNothing)
}

// String names the rule and the fact.
func (a Assumption) String() string {
	fact := a.Fact
	if a.Not {
		fact = "it is not so that " + fact
	}
	return rulePlace(a.Table, a.Rule) + ": " + fact
}

// Assume implements netfilter.Engine.
func (f *flow) Assume(c *netfilter.Context, fact string) {
	if f.assumed(c, fact) == nil {
		f.res.Assumptions = append(f.res.Assumptions, Assumption{Table: c.Table, Rule: c.Rule, Fact: fact})
	}
}

// assumed returns the assumption about a fact that a rule has led to before,
// nil if there is none.
func (f *flow) assumed(c *netfilter.Context, fact string) *Assumption {
	for i := range f.res.Assumptions {
		if a := &f.res.Assumptions[i]; a.Rule == c.Rule && a.Fact == fact {
			return a
		}
	}
	return nil
}

// Suppose implements netfilter.Engine. A rule that asks twice is told the same.
func (f *flow) Suppose(c *netfilter.Context, fact string) bool {
	if a := f.assumed(c, fact); a != nil {
		return !a.Not
	}
	holds := f.s.chance.Guess(2) == 0
	f.res.Assumptions = append(f.res.Assumptions, Assumption{Table: c.Table, Rule: c.Rule, Fact: fact, Not: !holds})
	return holds
}

// holds asks a match. One that nobody knows may hold or not where branches are
// to follow both.
func (f *flow) holds(m netfilter.Match) bool {
	if !f.s.chance.Either() {
		return m.Match(&f.c)
	}
	if u, ok := m.(*netfilter.Unknown); ok {
		return !f.Suppose(&f.c, fmt.Sprintf("the match %s, which is not known, fails", u.Keyword))
	}
	return m.Match(&f.c)
}

// do has a target act. One that nobody knows may pass the packet on, accept or
// drop it where branches are to follow them all; what it might change in the
// packet is beyond any guess.
func (f *flow) do(t netfilter.Target) netfilter.Verdict {
	if !f.s.chance.Either() {
		return t.Apply(&f.c)
	}
	u, ok := t.(*netfilter.Unknown)
	if !ok {
		return t.Apply(&f.c)
	}
	v := [...]netfilter.Verdict{netfilter.Continue, netfilter.Accept, netfilter.Drop}[f.s.chance.Guess(3)]
	f.Assume(&f.c, fmt.Sprintf("the target %s, which is not known, says %s", u.Keyword, v))
	return v
}
