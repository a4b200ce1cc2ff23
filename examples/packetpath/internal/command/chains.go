package command

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/eval"
	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
	"github.com/packetpath/packetpath/simulate"
)

// shownChain is a chain of iptables or of nftables, in words.
type shownChain struct {
	family, table, name string
	hook                string // of a chain of nftables: where the kernel calls it
	policy              string // "" in chains that are only jumped to
	rules               []shownRule
}

// shownRule is a rule with the chains that it leads to, once each.
type shownRule struct {
	text  string
	calls []string
}

// id names the chain in graphs.
func (c *shownChain) id() string { return c.sibling(c.name) }

// sibling is the id of another chain of the table.
func (c *shownChain) sibling(name string) string {
	return fmt.Sprintf("%s:%s:%s", c.family, c.table, name)
}

// called reports whether the kernel calls the chain itself.
func (c *shownChain) called() bool { return c.policy != "" }

// calls lists the chains that the chain's rules lead to, once each.
func (c *shownChain) calls() []string {
	var out []string
	for _, r := range c.rules {
		out = appendNew(out, r.calls...)
	}
	return out
}

// appendNew appends the names that the list lacks.
func appendNew(list []string, names ...string) []string {
	for _, n := range names {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// chains lists those that are shown: of a table without rules none.
func (s *shower) chains(node *source.Node) []shownChain {
	var out []shownChain
	for _, rs := range node.Rulesets.All() {
		for _, t := range rs.Tables {
			if s.table != "" && s.table != t.Name {
				continue
			}
			name := t.Name
			if len(node.Rulesets.Of(rs.Family)) > 1 && rs.Backend != netfilter.Legacy {
				name += " (" + rs.Backend.String() + ")"
			}
			for _, c := range t.Chains {
				out = append(out, showChain(rs.Family, name, c))
			}
		}
	}
	return append(out, nftablesChains(node, s.table)...)
}

// nftablesChains lists the chains of nftables, of all tables if table is "".
func nftablesChains(node *source.Node, table string) []shownChain {
	var out []shownChain
	for _, rules := range node.Nftables {
		r, ok := rules.(*eval.Rules)
		if !ok {
			continue
		}
		for _, t := range r.Ruleset().Tables {
			if table != "" && table != t.Name {
				continue
			}
			for _, c := range t.Chains {
				out = append(out, showNftables(r.Ruleset(), t, c))
			}
		}
	}
	return out
}

func showChain(family netfilter.Family, table string, c *netfilter.Chain) shownChain {
	out := shownChain{family: family.String(), table: table, name: c.Name}
	if c.Builtin() {
		out.policy = c.Policy.String()
	}
	for _, r := range c.Rules {
		shown := shownRule{text: string(r.AppendSave(nil, family, c.Name))}
		if j, ok := r.Target.(*netfilter.Jump); ok {
			shown.calls = []string{j.Chain}
		}
		out.rules = append(out.rules, shown)
	}
	return out
}

func showNftables(rs *nft.Ruleset, t *nft.Table, c *nft.Chain) shownChain {
	out := shownChain{family: t.Family.String(), table: t.Name, name: c.Name}
	if b := c.Base; b != nil {
		out.policy = "accept"
		if b.Drop {
			out.policy = "drop"
		}
		out.hook = fmt.Sprintf("type %s hook %s priority %d, ", b.Type, b.Hook, b.Priority)
		if t.Dormant {
			out.hook = "dormant, " + out.hook
		}
	}
	for _, r := range c.Rules {
		text := nfttext.RuleText(rs, t, r, nfttext.Options{Stateless: true})
		if r.Comment != "" {
			text += fmt.Sprintf(" comment %q", r.Comment)
		}
		out.rules = append(out.rules, shownRule{text, nftablesCalls(t, r)})
	}
	return out
}

// nftablesCalls lists the chains that a rule of nftables leads to, by a verdict or
// by a map of verdicts, once each.
func nftablesCalls(t *nft.Table, rule *nft.Rule) []string {
	var out []string
	add := func(v nft.Verdict) {
		switch {
		case v.Block != nil:
			for _, r := range v.Block.Rules {
				out = appendNew(out, nftablesCalls(t, r)...)
			}
		case v.Chain != "":
			out = appendNew(out, v.Chain)
		}
	}
	for _, x := range rule.Exprs {
		switch x := x.(type) {
		case *nft.SetVerdict:
			add(x.Verdict)
		case *nft.Lookup:
			if set := x.Set.In(t); set != nil && x.Map && x.Dest == nft.VerdictReg {
				for _, e := range set.Elements {
					add(e.Verdict)
				}
			}
		}
	}
	return out
}

// nftablesRule returns the rule of nftables that a step is; nil for any other step.
func nftablesRule(node *source.Node, s *simulate.Step) *nft.Rule {
	if s.Kind != simulate.StepRule || s.Rule != nil {
		return nil
	}
	for _, rules := range node.Nftables {
		r, ok := rules.(*eval.Rules)
		if !ok {
			continue
		}
		for _, t := range r.Ruleset().Tables {
			if t.Family.String()+" "+t.Name != s.Table {
				continue
			}
			if c := t.Chain(s.Chain); c != nil && 0 < s.Number && s.Number <= len(c.Rules) {
				return c.Rules[s.Number-1]
			}
		}
	}
	return nil
}
