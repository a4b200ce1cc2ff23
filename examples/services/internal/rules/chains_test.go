package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// checkChains compares the rules that many updates have led to with those that
// a generator writes at once, and looks for chains that nothing leads to. Chains
// that lead to nothing are refused when a text is applied.
func (t *trial) checkChains() error {
	for i, f := range families {
		text, err := t.newGenerator(f).Update(t.cluster)
		if err != nil {
			return err
		}
		fresh, err := parser.ParseString(text, parser.Onto(&netfilter.Ruleset{Family: f}))
		if err != nil {
			return fmt.Errorf("the text is refused: %w\n%s", err, text)
		}
		for _, table := range t.rules[i].Tables {
			if lost := unreachable(table); len(lost) > 0 {
				return fmt.Errorf("%s table %s: nothing leads to chains %s", f, table.Name, lost)
			}
			if now, want := sorted(table, f), sorted(fresh.Table(table.Name), f); now != want {
				return fmt.Errorf("%s table %s: updates have led to\n%s\nat once it would be\n%s", f, table.Name, now, want)
			}
		}
	}
	return nil
}

// unreachable returns the chains that no packet can come to.
func unreachable(t *netfilter.Table) []string {
	seen := map[string]bool{}
	var visit func(c *netfilter.Chain)
	visit = func(c *netfilter.Chain) {
		if seen[c.Name] {
			return
		}
		seen[c.Name] = true
		for _, r := range c.Rules {
			if j, ok := r.Target.(*netfilter.Jump); ok {
				visit(t.Chain(j.Chain))
			}
		}
	}
	var out []string
	for _, c := range t.Chains {
		if c.Builtin() {
			visit(c)
		}
	}
	for _, c := range t.Chains {
		if !seen[c.Name] {
			out = append(out, c.Name)
		}
	}
	return out
}

// sorted returns a table's rules, chains in the order of their names.
func sorted(t *netfilter.Table, f netfilter.Family) string {
	chains := slices.SortedFunc(slices.Values(t.Chains), func(a, b *netfilter.Chain) int { return strings.Compare(a.Name, b.Name) })
	var b []byte
	for _, c := range chains {
		b = append(b, ":"+c.Name+"\n"...)
		for _, r := range c.Rules {
			b = append(r.AppendSave(b, f, c.Name), '\n')
		}
	}
	return string(b)
}
