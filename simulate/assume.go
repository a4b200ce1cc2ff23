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

// unknownExtensions says what extensions do that nobody knows where branches are
// to follow all that they could do.
type unknownExtensions struct{ tr *transit }

// Match implements xtables.Unknown: the match may hold or not.
func (x unknownExtensions) Match(u *netfilter.Unknown) bool {
	return !x.tr.Suppose(fmt.Sprintf("the match %s, which is not known, fails", u.Keyword))
}

// Apply implements xtables.Unknown: the target may pass the packet on, accept or
// drop it. What it might change in the packet is beyond any guess.
func (x unknownExtensions) Apply(u *netfilter.Unknown) netfilter.Verdict {
	v := [...]netfilter.Verdict{netfilter.Continue, netfilter.Accept, netfilter.Drop}[x.tr.s.chance.Guess(3)]
	x.tr.Assume(fmt.Sprintf("the target %s, which is not known, says %s", u.Keyword, v))
	return v
}
