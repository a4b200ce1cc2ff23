package simulate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Log implements netfilter.ReportEngine.
func (tr *transit) Log(l netfilter.LogConfig) {
	tr.res.logs = append(tr.res.logs, logEntry{config: l, in: tr.c.In, out: tr.c.Out, version: tr.version()})
}

// Trace implements netfilter.ReportEngine.
func (tr *transit) Trace() { tr.path.traced, tr.res.traced = true, true }

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
	switch {
	case tr.res.Err != nil:
	case errors.As(err, &unknown):
		tr.res.Err = err // names the rule itself
	default:
		tr.res.Err = fmt.Errorf("%s: %w", rulePlace(tr.c.Table, tr.c.Rule), err)
	}
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
