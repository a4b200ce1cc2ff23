package netfilter

import (
	"slices"
	"strings"
)

// Ruleset holds all tables of one address family. It is plain data; the zero
// value is an IPv4 ruleset without tables.
type Ruleset struct {
	Family  Family
	Tables  []*Table
	Backend Backend // the part of the kernel that holds the rules
	Version Version // the release of iptables that the rules are read and printed by
	// Notes describe what the host is known to have but the ruleset does not
	// contain.
	Notes []string
}

// Table returns the table of this name, nil if the ruleset has none.
func (rs *Ruleset) Table(name string) *Table {
	for _, t := range rs.Tables {
		if t != nil && t.Name == name {
			return t
		}
	}
	return nil
}

// Clone returns a deep copy of the structure. Matches and targets are shared:
// they are immutable once read.
func (rs *Ruleset) Clone() *Ruleset {
	c := &Ruleset{Family: rs.Family, Backend: rs.Backend, Version: rs.Version, Notes: slices.Clone(rs.Notes)}
	for _, t := range rs.Tables {
		c.Tables = append(c.Tables, t.Clone())
	}
	return c
}

// Table is a table: its built-in chains in the kernel's order, then the user
// chains.
type Table struct {
	Name   string
	Chains []*Chain
	Before []string // comment lines before *NAME, without the newline
	After  []string // comment lines after COMMIT that belong to this table
	Pos    Pos      // of *NAME
}

// NewTable returns a table as the kernel makes it: built-in chains with policy
// ACCEPT and no rules. If the kernel has no table of this name, the table has
// no chains.
func NewTable(name string) *Table {
	t := &Table{Name: name}
	info, _ := TableInfoFor(name)
	for h := Prerouting; h < NumHooks; h++ {
		if info.Hooks.Has(h) {
			t.Chains = append(t.Chains, &Chain{Name: h.String(), Policy: Accept})
		}
	}
	return t
}

// Chain returns the chain of this name, nil if the table has none.
func (t *Table) Chain(name string) *Chain {
	for _, c := range t.Chains {
		if c != nil && c.Name == name {
			return c
		}
	}
	return nil
}

// Clone returns a deep copy of the structure; matches and targets are shared. The
// copy of nil is nil.
func (t *Table) Clone() *Table {
	if t == nil {
		return nil
	}
	c := &Table{Name: t.Name, Before: slices.Clone(t.Before), After: slices.Clone(t.After), Pos: t.Pos}
	for _, ch := range t.Chains {
		c.Chains = append(c.Chains, ch.Clone())
	}
	return c
}

// Sorted returns the chains in the order in which iptables passes them to the
// kernel, which initializes their rules in that order, and in which
// iptables-save prints them: built-in chains by hook, then user chains by name
// (libiptc, iptcc_insert_chain). Nil chains are left out.
func (t *Table) Sorted() []*Chain {
	cs := make([]*Chain, 0, len(t.Chains))
	for _, builtin := range []bool{true, false} {
		for _, c := range t.Chains {
			if c != nil && c.Builtin() == builtin {
				cs = append(cs, c)
			}
		}
	}
	user := slices.IndexFunc(cs, func(c *Chain) bool { return !c.Builtin() })
	if user < 0 {
		user = len(cs)
	}
	slices.SortStableFunc(cs[:user], func(a, b *Chain) int {
		ha, _ := HookByName(a.Name)
		hb, _ := HookByName(b.Name)
		return int(ha) - int(hb)
	})
	slices.SortFunc(cs[user:], func(a, b *Chain) int { return strings.Compare(a.Name, b.Name) })
	return cs
}

// Counters count the packets and bytes that matched a rule or reached a policy.
type Counters struct {
	Packets uint64
	Bytes   uint64 // of whole IP packets, header included
}

// Chain is a list of rules. A chain with a policy is a built-in chain.
type Chain struct {
	Name     string
	Policy   Verdict  // Accept or Drop for built-in chains; Continue for user chains
	Counters Counters // of the policy
	Rules    []*Rule
	Pos      Pos // of the declaration; zero if implied
}

// Builtin reports whether the kernel calls the chain from a hook.
func (c *Chain) Builtin() bool { return c.Policy != Continue }

// Clone returns a copy whose rules can be changed independently; matches and
// targets are shared. The copy of nil is nil.
func (c *Chain) Clone() *Chain {
	if c == nil {
		return nil
	}
	d := *c
	d.Rules = make([]*Rule, len(c.Rules))
	for i, r := range c.Rules {
		if r == nil {
			continue
		}
		rule := *r
		rule.Matches = slices.Clone(r.Matches)
		d.Rules[i] = &rule
	}
	return &d
}
