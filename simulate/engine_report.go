package simulate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Log implements netfilter.ReportEngine.
func (tr *transit) Log(l netfilter.LogConfig) {
	tr.res.logs = append(tr.res.logs, logEntry{config: l, hook: tr.c.Hook, in: tr.c.In, out: tr.c.Out, version: tr.version()})
}

// SetTrace implements netfilter.ReportEngine.
func (tr *transit) SetTrace(on bool) {
	tr.path.traced = on
	tr.res.traced = tr.res.traced || on
}

// Assume implements netfilter.ReportEngine.
func (tr *transit) Assume(fact string) {
	if tr.assumed(fact) == nil {
		tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Table: tr.c.Table, Rule: tr.c.Rule, Fact: fact})
	}
}

// assumed returns the assumption about a fact that a rule has led to before,
// nil if there is none.
func (tr *transit) assumed(fact string) *Assumption {
	for i := range tr.res.Assumptions {
		if a := &tr.res.Assumptions[i]; a.Rule == tr.c.Rule && a.Fact == fact {
			return a
		}
	}
	return nil
}

// Suppose implements netfilter.ReportEngine. A rule that asks twice is told the same.
func (tr *transit) Suppose(fact string) bool {
	if a := tr.assumed(fact); a != nil {
		return !a.Not
	}
	holds := tr.s.chance.Guess(2) == 0
	tr.res.Assumptions = append(tr.res.Assumptions, Assumption{Table: tr.c.Table, Rule: tr.c.Rule, Fact: fact, Not: !holds})
	return holds
}

// Fail implements netfilter.ReportEngine.
func (tr *transit) Fail(err error) {
	var unknown *netfilter.UnknownError
	if !errors.As(err, &unknown) { // which names the rule itself
		err = fmt.Errorf("%s: %w", rulePlace(tr.c.Table, tr.c.Rule), err)
	}
	tr.fail(err)
	tr.c.HotDrop()
}

// rulePlace names a rule by its position, if it was read from a text, and its
// own text.
func rulePlace(table string, r *netfilter.Rule) string {
	if r == nil {
		return "table " + table
	}
	place := "table " + table + ", rule " + strings.TrimSpace(strings.TrimPrefix(string(r.AppendSave(nil, netfilter.IPv4, "")), "-A"))
	if r.Pos.IsValid() {
		place = r.Pos.String() + ": " + place
	}
	return place
}

// Assumption is a fact that decided and nobody gave, or that the ruleset is known
// not to hold.
type Assumption struct {
	Table string          // "" if no rule asked for it
	Rule  *netfilter.Rule // that asked for it; nil for a fact about the host or the ruleset
	Fact  string          // what the simulation takes to be so
	Not   bool            // a branch took the opposite to be so (AssumeNothing)
}

// String names the rule, if one asked, and the fact.
func (a Assumption) String() string {
	fact := a.Fact
	if a.Not {
		fact = "it is not so that " + fact
	}
	if a.Table == "" {
		return fact
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
