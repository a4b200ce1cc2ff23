package gen

import (
	"fmt"
	"slices"
	"strings"
)

// Config says what cases are made of. Its zero value, with a Family, is the
// core set in all tables.
type Config struct {
	Family  int      // 4 or 6
	Matches []Entry  // nil: AllMatches
	Targets []Entry  // nil: AllTargets
	Favor   []string // names of matches and targets to draw ten times as often
	Tables  []string // nil: raw and most of the others; raw is always there
	Rules   int      // at most so many in a chain; 0 means 4
	Packets int      // so many are planned, more or less; 0 means 25
}

func (c Config) withDefaults() *Config {
	if c.Matches == nil {
		c.Matches = AllMatches()
	}
	if c.Targets == nil {
		c.Targets = AllTargets()
	}
	if c.Rules == 0 {
		c.Rules = 4
	}
	if c.Packets == 0 {
		c.Packets = 25
	}
	return &c
}

// hooks returns the builtin chains of a table.
func hooks(table string) []string {
	switch table {
	case "raw":
		return []string{"PREROUTING", "OUTPUT"}
	case "mangle":
		return []string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}
	case "nat":
		return []string{"PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"}
	}
	return []string{"INPUT", "FORWARD", "OUTPUT"} // filter, security
}

// Ruleset draws the text of a ruleset that traces every packet.
func (r *Rand) Ruleset(c Config) string {
	cfg := c.withDefaults()
	var b strings.Builder
	for _, table := range r.tables(cfg) {
		r.table(&b, cfg, table)
	}
	return b.String()
}

// tables draws some of them, but raw always: it starts the trace.
func (r *Rand) tables(c *Config) []string {
	tables := []string{"raw"}
	for _, t := range []struct {
		name string
		p    float64
	}{{"mangle", 0.85}, {"nat", 0.85}, {"filter", 0.9}, {"security", 0.3}} {
		if c.Tables == nil && r.Maybe(t.p) || slices.Contains(c.Tables, t.name) {
			tables = append(tables, t.name)
		}
	}
	return tables
}

// group is a set of builtin chains and the user chains that they alone reach.
// A user chain goes to later ones of its group only, so there are no loops.
type group struct {
	builtin, user []string
}

// groups gives every builtin chain user chains of its own, and sometimes all
// of them together some more.
func (r *Rand) groups(table string) []group {
	var gs []group
	for _, h := range hooks(table) {
		g := group{builtin: []string{h}}
		for i := range r.IntN(4) {
			g.user = append(g.user, fmt.Sprintf("%s%s-%d", Pick(r, "", "f.", "KUBE-", "x_"), h[:3], i))
		}
		gs = append(gs, g)
	}
	if r.Maybe(0.3) {
		gs = append(gs, group{hooks(table), []string{"shared-0", "shared:1"}})
	}
	return gs
}

func (r *Rand) table(b *strings.Builder, c *Config, table string) {
	r.Table = table
	groups := r.groups(table)
	fmt.Fprintf(b, "*%s\n", table)
	for _, h := range hooks(table) {
		fmt.Fprintf(b, ":%s %s [0:0]\n", h, r.policy(table))
	}
	for _, g := range groups {
		for _, u := range g.user {
			fmt.Fprintf(b, ":%s - [0:0]\n", u)
		}
	}
	if table == "raw" {
		b.WriteString("-A PREROUTING -j TRACE\n-A OUTPUT -j TRACE\n")
	}
	for _, g := range groups {
		r.group(b, c, g)
	}
	b.WriteString("COMMIT\n")
}

func (r *Rand) policy(table string) string {
	p := 0.02
	if table == "filter" {
		p = 0.2
	}
	if r.Maybe(p) {
		return "DROP"
	}
	return "ACCEPT"
}

// group writes the rules of a group's chains.
func (r *Rand) group(b *strings.Builder, c *Config, g group) {
	r.Hooks = g.builtin
	write := func(chain string, most int, jumps []string) {
		r.Chain = chain
		for range r.IntN(most + 1) {
			b.WriteString(r.rule(c, jumps))
			b.WriteByte('\n')
		}
	}
	if len(g.builtin) == 1 {
		write(g.builtin[0], c.Rules, g.user)
	} else { // the chains of this group are shared
		for _, h := range g.builtin {
			if r.Maybe(0.5) {
				fmt.Fprintf(b, "-A %s -j %s\n", h, g.user[0])
			}
		}
	}
	for i, u := range g.user {
		write(u, c.Rules, g.user[i+1:])
	}
}
