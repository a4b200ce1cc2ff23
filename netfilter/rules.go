package netfilter

import (
	"fmt"
	"iter"
)

// RuleLocation is the location of a rule in a ruleset. A nil table or chain has
// no name.
type RuleLocation struct {
	Table  *Table
	Chain  *Chain
	Number int // 1-based position in the chain
}

// String returns "table filter, chain FORWARD, rule 3".
func (l RuleLocation) String() string {
	table, chain := l.names()
	return fmt.Sprintf("table %s, chain %s, rule %d", table, chain, l.Number)
}

func (l RuleLocation) names() (table, chain string) {
	if l.Table != nil {
		table = l.Table.Name
	}
	if l.Chain != nil {
		chain = l.Chain.Name
	}
	return table, chain
}

// RuleError returns a RuleError for the rule r at this location with the cause
// err.
func (l RuleLocation) RuleError(r *Rule, err error) *RuleError {
	table, chain := l.names()
	e := &RuleError{Table: table, Chain: chain, Rule: l.Number, Err: err}
	if r != nil {
		e.Pos = r.Pos
	}
	return e
}

// Rules yields every rule of the ruleset with its location, table by table and
// chain by chain. Nil tables, chains and rules are skipped.
func (rs *Ruleset) Rules() iter.Seq2[RuleLocation, *Rule] {
	return func(yield func(RuleLocation, *Rule) bool) {
		for _, t := range rs.Tables {
			for l, r := range t.Rules() {
				if !yield(l, r) {
					return
				}
			}
		}
	}
}

// Rules yields every rule of the table with its location, chain by chain. Nil
// chains and rules are skipped; a nil table has no rules.
func (t *Table) Rules() iter.Seq2[RuleLocation, *Rule] {
	return func(yield func(RuleLocation, *Rule) bool) {
		if t == nil {
			return
		}
		for _, c := range t.Chains {
			if c == nil {
				continue
			}
			for i, r := range c.Rules {
				if r != nil && !yield(RuleLocation{t, c, i + 1}, r) {
					return
				}
			}
		}
	}
}
