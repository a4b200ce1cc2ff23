package simulate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/watch"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Coverage counts how often each rule was evaluated and how often it matched.
// Rulesets with the same text are counted together, wherever they were loaded, so
// that one Coverage can collect the counts of a whole test package. The zero value is
// ready for use. A Coverage is safe for concurrent use.
type Coverage struct {
	mu       sync.RWMutex
	sheets   []*sheet
	byText   map[string]*sheet
	programs map[*xtables.Program]*programCounts
	lists    map[*netfilter.HookProvider]*listCounts // by the provider's place in its node
}

// sheet is the coverage of a ruleset.
type sheet struct {
	title   string // the family, or what kind of ruleset it is
	family  netfilter.Family
	backend netfilter.Backend
	margin  string // before lines that are not rules
	lines   []sheetLine
	rules   []*RuleCoverage // in the order of the lines
	chains  map[chainName]*chainCounts
	list    *listCounts // of a ruleset of another kind; nil for one of iptables
}

// sheetLine is a line of a ruleset.
type sheetLine struct {
	text string // with its line end
	rule bool   // a rule begins in it
}

type chainName struct{ table, chain string }

// chainCounts are the counts of a chain's rules. A packet evaluates consecutive rules
// in runs, of which only the first rule and the rule after the last are updated.
type chainCounts struct {
	reached []atomic.Int64 // by rule: evaluations of the rule minus evaluations of the previous rule
	matched []atomic.Uint64
}

// programCounts are the counts of a program's chains.
type programCounts struct{ chains []*chainCounts }

// Reached implements xtables.Tally.
func (p *programCounts) Reached(c *xtables.Chain, from, to int, matched bool) {
	n := p.chains[c.Number]
	n.reached[from].Add(1)
	if to < len(n.reached) {
		n.reached[to].Add(-1)
	}
	if matched {
		n.matched[to-1].Add(1)
	}
}

// listCounts are the counts of the rules of a provider, by ordinal.
type listCounts struct{ reached, matched []atomic.Uint64 }

// count counts the evaluation of a rule.
func (l *listCounts) count(v watch.Visit) {
	n := v.Rule.Ordinal()
	if n < 0 || n >= len(l.reached) {
		return
	}
	l.reached[n].Add(1)
	if v.Miss == nil {
		l.matched[n].Add(1)
	}
}

// RuleCoverage is how often a rule was evaluated and how often it matched.
type RuleCoverage struct {
	Family  netfilter.Family  `json:"-"`     // of iptables; the table of a rule of nftables names its own
	Backend netfilter.Backend `json:"-"`     // of iptables
	Table   string            `json:"table"` // with the family for nftables: "inet filter"
	Chain   string            `json:"chain"`
	Number  int               `json:"number"` // 1-based place in the chain
	Text    string            `json:"rule"`   // as iptables-save prints it, or as nft does
	Reached uint64            `json:"reached"`
	Matched uint64            `json:"matched"`

	counts *chainCounts
}

// WithCoverage makes c count the rules that packets of the session, its clones and
// its branches evaluate.
func WithCoverage(c *Coverage) SessionOption {
	if c == nil {
		return nil
	}
	return func(s *Session) {
		s.observers.coverage = append(slices.Clip(s.observers.coverage), c)
		s.tally()
	}
}

// tally registers the counters of the rules of the session's node.
func (s *Session) tally() {
	if len(s.observers.coverage) == 0 {
		return
	}
	s.observers.tallies = [2][]xtables.Tally{}
	for _, c := range s.observers.coverage {
		for f, p := range s.node.programs {
			if p.tables != nil {
				s.observers.tallies[f] = append(s.observers.tallies[f], c.countsOf(p.tables, s.node.rules[f]))
			}
		}
	}
	s.observers.counted = nil
	for i := range s.node.providers {
		var counts []*listCounts
		for _, c := range s.observers.coverage {
			if l := c.listOf(&s.node.providers[i]); l != nil {
				counts = append(counts, l)
			}
		}
		s.observers.counted = append(s.observers.counted, counts)
	}
}

// listOf returns the counts of a provider of a node; nil if it does not list its rules.
func (c *Coverage) listOf(p *netfilter.HookProvider) *listCounts {
	c.mu.RLock()
	counts, known := c.lists[p]
	c.mu.RUnlock()
	if known {
		return counts
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if counts, known := c.lists[p]; known {
		return counts
	}
	if c.lists == nil {
		c.lists = map[*netfilter.HookProvider]*listCounts{}
	}
	if lister, ok := (*p).(watch.Lister); ok {
		counts = c.sheetOfList(lister.RuleLines()).list
	}
	c.lists[p] = counts
	return counts
}

// countsOf returns the counts of a program, which was compiled from rs.
func (c *Coverage) countsOf(p *xtables.Program, rs rulesets) *programCounts {
	c.mu.RLock()
	counts := c.programs[p]
	c.mu.RUnlock()
	if counts != nil {
		return counts
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if counts := c.programs[p]; counts != nil {
		return counts
	}
	if c.programs == nil {
		c.programs = map[*xtables.Program]*programCounts{}
	}
	counts = &programCounts{make([]*chainCounts, p.Numbers())}
	var sheets [2]*sheet
	for b := range rs {
		if rs[b] != nil {
			sheets[b] = c.sheetOf(rs[b])
		}
	}
	for ch := range p.Chains {
		counts.chains[ch.Number] = sheets[ch.Backend].chains[chainName{ch.Table, ch.Name}]
	}
	c.programs[p] = counts
	return counts
}

func (c *Coverage) sheetOf(rs *netfilter.Ruleset) *sheet {
	text := rs.String()
	return c.sheetWith(rs.Family.String()+rs.Backend.String()+text, func() *sheet { return newSheet(rs.Family, rs.Backend, text) })
}

func (c *Coverage) sheetOfList(lines []watch.Line) *sheet {
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(l.Text)
	}
	return c.sheetWith(nftables+text.String(), func() *sheet { return newListSheet(lines) })
}

// sheetWith returns the sheet with this key, created by make if there is none yet.
func (c *Coverage) sheetWith(key string, make func() *sheet) *sheet {
	s := c.byText[key]
	if s == nil {
		if c.byText == nil {
			c.byText = map[string]*sheet{}
		}
		s = make()
		c.byText[key] = s
		c.sheets = append(c.sheets, s)
	}
	return s
}

// newListSheet finds the rules in the listing of a provider.
func newListSheet(lines []watch.Line) *sheet {
	s := &sheet{title: nftables, margin: strings.Repeat(" ", 17)}
	for _, l := range lines {
		s.lines = append(s.lines, sheetLine{l.Text, l.Rule != nil})
		if l.Rule != nil {
			s.rules = append(s.rules, &RuleCoverage{Table: l.Rule.Table(), Chain: l.Rule.Chain(), Number: l.Rule.Number(), Text: l.Rule.Text()})
		}
	}
	s.list = &listCounts{make([]atomic.Uint64, len(s.rules)), make([]atomic.Uint64, len(s.rules))}
	return s
}

// nftables names rulesets that list their rules.
const nftables = "nftables"

func place(table, chain string, number int) string {
	return fmt.Sprintf("%s:%s:rule:%d", table, chain, number)
}

// newSheet finds the rules in a saved text.
func newSheet(f netfilter.Family, backend netfilter.Backend, text string) *sheet {
	s := &sheet{title: f.String(), family: f, backend: backend, chains: map[chainName]*chainCounts{}}
	if backend != netfilter.Legacy {
		s.title += " (" + backend.String() + ")"
	}
	table, count := "", map[string]int{}
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "*"); ok {
			table = strings.TrimSpace(name)
			clear(count)
		}
		isRule := strings.HasPrefix(line, "-A ")
		s.lines = append(s.lines, sheetLine{line, isRule})
		if !isRule {
			continue
		}
		chain := strings.Fields(line)[1]
		count[chain]++
		counts := s.chains[chainName{table, chain}]
		if counts == nil {
			counts = &chainCounts{}
			s.chains[chainName{table, chain}] = counts
		}
		s.rules = append(s.rules, &RuleCoverage{Family: f, Backend: backend, Table: table, Chain: chain, Number: count[chain], Text: strings.TrimSuffix(line, "\n"), counts: counts})
	}
	sizes := map[*chainCounts]int{}
	for _, r := range s.rules {
		sizes[r.counts]++
	}
	for c, n := range sizes {
		c.reached, c.matched = make([]atomic.Int64, n), make([]atomic.Uint64, n)
	}
	return s
}

// now returns the current counts of all rules.
func (s *sheet) now() []RuleCoverage {
	out := make([]RuleCoverage, len(s.rules))
	sums := map[*chainCounts]int64{}
	for i, r := range s.rules {
		if s.list != nil {
			out[i] = *r
			out[i].Matched, out[i].Reached = s.list.matched[i].Load(), s.list.reached[i].Load()
			continue
		}
		sums[r.counts] += r.counts.reached[r.Number-1].Load()
		out[i] = *r
		out[i].Matched, out[i].Reached = r.counts.matched[r.Number-1].Load(), uint64(max(sums[r.counts], 0)) // counters may change concurrently
		out[i].counts = nil
	}
	return out
}

// Rules returns the counts of all rules: rulesets in the order in which they were first
// used, and rules in the order of iptables-save.
func (c *Coverage) Rules() []RuleCoverage {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []RuleCoverage
	for _, s := range c.sheets {
		out = append(out, s.now()...)
	}
	return out
}

// Ratio returns the fraction of rules that matched at least once; 1 if there are no
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

// Check returns an error that lists the rules that never matched if Ratio is below
// least.
func (c *Coverage) Check(least float64) error {
	ratio := c.Ratio()
	if ratio >= least {
		return nil
	}
	var b strings.Builder
	for _, r := range c.Rules() {
		switch {
		case r.Reached == 0:
			fmt.Fprintf(&b, "\n  never reached: %s: %s", r.where(), r.Text)
		case r.Matched == 0:
			fmt.Fprintf(&b, "\n  never matched, reached %d×: %s: %s", r.Reached, r.where(), r.Text)
		}
	}
	return fmt.Errorf("%.1f%% of the rules matched a packet, %.1f%% are asked for:%s", 100*ratio, 100*least, b.String())
}

// where returns the table, and the name of the chain if the text of the rule lacks it.
func (r *RuleCoverage) where() string {
	if r.Chain == "" || strings.HasPrefix(r.Text, "-A ") {
		return r.Table
	}
	return r.Table + " " + r.Chain
}

// String returns the rulesets as iptables-save and nft print them, each rule with how
// often it matched and how often it was evaluated. "!" marks rules that never
// matched, "!!" those that were never evaluated.
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
	matched, rules := 0, s.now()
	for i := range rules {
		if rules[i].Matched > 0 {
			matched++
		}
	}
	fmt.Fprintf(b, "# %s: %d of %d rules matched (matched/reached; ! never matched, !! never reached)\n", s.title, matched, len(s.rules))
	for _, line := range s.lines {
		if !line.rule {
			b.WriteString(s.margin + line.text)
			continue
		}
		r := &rules[0]
		rules = rules[1:]
		mark := ""
		switch {
		case r.Reached == 0:
			mark = "!!"
		case r.Matched == 0:
			mark = "!"
		}
		fmt.Fprintf(b, "%2s %6d/%-6d %s", mark, r.Matched, r.Reached, line.text)
	}
}

// MarshalJSON implements json.Marshaler: a list of rulesets with their rules.
// Fields may be added, none changes its meaning.
func (c *Coverage) MarshalJSON() ([]byte, error) {
	type ruleset struct {
		Kind    string         `json:"kind,omitempty"`    // "nftables" for rules of nft
		Family  string         `json:"family,omitempty"`  // of rules of iptables
		Backend string         `json:"backend,omitempty"` // "nf_tables" for iptables-nft
		Rules   []RuleCoverage `json:"rules"`
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make([]ruleset, len(c.sheets))
	for i, s := range c.sheets {
		if s.list != nil {
			out[i].Kind = nftables
		} else {
			out[i].Family = s.family.String()
		}
		if s.backend != netfilter.Legacy {
			out[i].Backend = s.backend.String()
		}
		out[i].Rules = s.now()
	}
	return json.Marshal(out)
}
