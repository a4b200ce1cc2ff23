package simulate

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/packetpath/packetpath/netfilter"
)

// Coverage counts which rules packets come to and which of them match. Rulesets
// with the same text count as one, wherever they were loaded, so that one
// Coverage can gather what a whole test package sends. The zero value is ready
// for use, by any number of goroutines.
type Coverage struct {
	mu     sync.RWMutex
	sheets []*sheet
	byText map[string]*sheet
	rules  map[*netfilter.Rule]*tally
}

// sheet is the coverage of a ruleset.
type sheet struct {
	family netfilter.Family
	text   string            // as iptables-save prints it
	rules  []*RuleCoverage   // in the order of the text
	tally  map[string]*tally // by table, chain and number
}

type tally struct{ reached, matched atomic.Uint64 }

// RuleCoverage is how often packets came to a rule and how often it matched.
type RuleCoverage struct {
	Family  netfilter.Family `json:"-"`
	Table   string           `json:"table"`
	Chain   string           `json:"chain"`
	Number  int              `json:"number"` // 1-based place in the chain
	Text    string           `json:"rule"`   // as iptables-save prints it
	Reached uint64           `json:"reached"`
	Matched uint64           `json:"matched"`

	tally *tally
}

// WithCoverage has c count the rules that the packets of the session, its clones
// and its branches come to.
func WithCoverage(c *Coverage) SessionOption {
	return func(s *Session) {
		c.attach(s.node)
		WithVisits(c.visit)(s)
	}
}

func (c *Coverage) visit(v *Visit) {
	t := c.tallyOf(v.Rule)
	if t == nil {
		c.attach(v.transit.s.node) // the session has loaded other rules
		t = c.tallyOf(v.Rule)
	}
	t.reached.Add(1)
	if v.Matched {
		t.matched.Add(1)
	}
}

func (c *Coverage) tallyOf(r *netfilter.Rule) *tally {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.rules[r]
}

// attach readies the rulesets of a node for counting.
func (c *Coverage) attach(n *Node) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rules == nil {
		c.rules, c.byText = map[*netfilter.Rule]*tally{}, map[string]*sheet{}
	}
	for _, rs := range n.rules {
		if rs != nil {
			c.attachRules(rs)
		}
	}
}

func (c *Coverage) attachRules(rs *netfilter.Ruleset) {
	for _, r := range rs.Rules() {
		if c.rules[r] != nil {
			return // it is known
		}
	}
	text := rs.String()
	key := rs.Family.String() + text
	s := c.byText[key]
	if s == nil {
		s = newSheet(rs.Family, text)
		c.byText[key] = s
		c.sheets = append(c.sheets, s)
	}
	for at, r := range rs.Rules() {
		c.rules[r] = s.tally[place(at.Table.Name, at.Chain.Name, at.Number)]
	}
}

func place(table, chain string, number int) string {
	return fmt.Sprintf("%s:%s:rule:%d", table, chain, number)
}

// newSheet finds the rules in a saved text.
func newSheet(f netfilter.Family, text string) *sheet {
	s := &sheet{family: f, text: text, tally: map[string]*tally{}}
	table, count := "", map[string]int{}
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "*"); ok {
			table = strings.TrimSpace(name)
			clear(count)
		}
		if !isRule(line) {
			continue
		}
		chain := strings.Fields(line)[1]
		count[chain]++
		r := &RuleCoverage{Family: f, Table: table, Chain: chain, Number: count[chain], Text: strings.TrimSuffix(line, "\n"), tally: &tally{}}
		s.rules = append(s.rules, r)
		s.tally[place(table, chain, r.Number)] = r.tally
	}
	return s
}

func isRule(line string) bool { return strings.HasPrefix(line, "-A ") }

// now returns the counts as they are.
func (r *RuleCoverage) now() RuleCoverage {
	c := *r
	c.Matched, c.Reached = r.tally.matched.Load(), r.tally.reached.Load()
	c.tally = nil
	return c
}

// Rules returns the counts of all rules, in the order in which the rulesets were
// first seen and iptables-save prints them.
func (c *Coverage) Rules() []RuleCoverage {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []RuleCoverage
	for _, s := range c.sheets {
		for _, r := range s.rules {
			out = append(out, r.now())
		}
	}
	return out
}

// Ratio returns which part of all rules some packet matched; 1 if there are no
// rules.
func (c *Coverage) Ratio() float64 {
	all := c.Rules()
	if len(all) == 0 {
		return 1
	}
	matched := 0
	for i := range all {
		if all[i].Matched > 0 {
			matched++
		}
	}
	return float64(matched) / float64(len(all))
}

// Check returns an error that lists the rules no packet matched if the ratio of
// those matched is below least.
func (c *Coverage) Check(least float64) error {
	ratio := c.Ratio()
	if ratio >= least {
		return nil
	}
	var b strings.Builder
	for _, r := range c.Rules() {
		switch {
		case r.Reached == 0:
			fmt.Fprintf(&b, "\n  never reached: %s: %s", r.Table, r.Text)
		case r.Matched == 0:
			fmt.Fprintf(&b, "\n  never matched, reached %d×: %s: %s", r.Reached, r.Table, r.Text)
		}
	}
	return fmt.Errorf("%.1f%% of the rules matched a packet, %.1f%% are asked for:%s", 100*ratio, 100*least, b.String())
}

// String returns the rulesets as iptables-save prints them, each rule with how
// often it matched and how often a packet came to it. "!" marks those that never
// matched, "!!" those that no packet came to.
func (c *Coverage) String() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var b strings.Builder
	for _, s := range c.sheets {
		s.print(&b)
	}
	return b.String()
}

func (s *sheet) print(b *strings.Builder) {
	matched, next := 0, 0
	for _, r := range s.rules {
		if r.tally.matched.Load() > 0 {
			matched++
		}
	}
	fmt.Fprintf(b, "# %s: %d of %d rules matched (matched/reached; ! never matched, !! never reached)\n", s.family, matched, len(s.rules))
	for line := range strings.Lines(s.text) {
		if !isRule(line) {
			b.WriteString(line)
			continue
		}
		r := s.rules[next].now()
		next++
		mark := ""
		switch {
		case r.Reached == 0:
			mark = "!!"
		case r.Matched == 0:
			mark = "!"
		}
		fmt.Fprintf(b, "%2s %6d/%-6d %s", mark, r.Matched, r.Reached, line)
	}
}

// MarshalJSON implements json.Marshaler: a list of rulesets with their rules.
// Fields may be added, none changes its meaning.
func (c *Coverage) MarshalJSON() ([]byte, error) {
	type ruleset struct {
		Family string         `json:"family"`
		Rules  []RuleCoverage `json:"rules"`
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make([]ruleset, len(c.sheets))
	for i, s := range c.sheets {
		out[i].Family = s.family.String()
		for _, r := range s.rules {
			out[i].Rules = append(out[i].Rules, r.now())
		}
	}
	return json.Marshal(out)
}
