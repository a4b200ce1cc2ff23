package xtables

import "github.com/packetpath/packetpath/netfilter"

// Compile compiles the rulesets of a family, one of each backend; nil ones are left out.
func Compile(rulesets ...*netfilter.Checked) *Program {
	c := &compiler{program: &Program{}}
	c.each(rulesets, c.add)
	return c.done()
}

// Update compiles rulesets in a time that depends on the chains that differ from those of
// p, if their tables are updates of those of p.
func (p *Program) Update(rulesets ...*netfilter.Checked) *Program {
	if p.stale > p.numbers/2+len(p.initial) {
		return Compile(rulesets...)
	}
	c := &compiler{program: &Program{initial: p.initial[:len(p.initial):len(p.initial)], numbers: p.numbers, stale: p.stale}}
	c.each(rulesets, func(t *netfilter.CheckedTable) { c.update(p, t) })
	return c.done()
}

// each calls f for the tables of the rulesets.
func (c *compiler) each(rulesets []*netfilter.Checked, f func(*netfilter.CheckedTable)) {
	for _, rs := range rulesets {
		if rs == nil {
			continue
		}
		c.backend = rs.Ruleset().Backend
		for _, t := range rs.Tables() {
			f(t)
		}
	}
}

// compiler compiles the tables of a program.
type compiler struct {
	program *Program
	backend netfilter.Backend // of the table
	table   *netfilter.CheckedTable
	rules   []rule // preallocated space for the remaining rules of the table
	matches []match
	list    []*rule
}

// done completes the program.
func (c *compiler) done() *Program {
	for ch := range c.program.Chains {
		c.program.requires[ch.Backend] |= ch.needs
	}
	return c.program
}

// add compiles a table.
func (c *compiler) add(t *netfilter.CheckedTable) {
	c.table = t
	rules, matches := 0, 0
	for _, ch := range t.Table().Chains {
		rules, matches = rules+len(ch.Rules), matches+matchesOf(ch.Rules)
	}
	c.reserve(rules, matches)
	chains := make([]*Chain, t.Len())
	slab := make([]Chain, len(t.Table().Chains))
	for number := range chains {
		if source := t.Chain(number); source != nil {
			chains[number], slab = &slab[0], slab[1:]
			c.begin(chains[number], source)
			c.fill(chains[number], source.Rules, len(source.Rules))
		}
	}
	c.addTable(chains)
}

// update compiles the chains of a table that differ from those of p.
func (c *compiler) update(p *Program, t *netfilter.CheckedTable) {
	for _, old := range p.Tables {
		if old.source == t {
			c.program.Tables = append(c.program.Tables, old)
			return
		}
		changed, ok := t.Since(old.source)
		if !ok {
			continue
		}
		c.table = t
		chains := make([]*Chain, t.Len())
		copy(chains, old.chains)
		for _, number := range changed {
			was, source := chains[number], t.Chain(int(number))
			if was != nil {
				c.program.stale += 1 + len(was.rules)
			}
			if chains[number] = nil; source != nil {
				chains[number] = c.revise(was, source)
			}
		}
		c.addTable(chains)
		return
	}
	c.add(t)
}

// addTable adds a table with these chains to the program.
func (c *compiler) addTable(chains []*Chain) {
	info, _ := netfilter.TableInfoFor(c.table.Table().Name)
	t := &Table{Name: c.table.Table().Name, Backend: c.backend, info: info, source: c.table, chains: chains}
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		if number, ok := c.table.Number(h.String()); ok && info.Hooks.Has(h) {
			t.entry[h] = chains[number]
		}
	}
	c.program.Tables = append(c.program.Tables, t)
}

// reserve allocates space for rules and matches.
func (c *compiler) reserve(rules, matches int) {
	c.rules, c.matches, c.list = make([]rule, rules), make([]match, matches), make([]*rule, rules)
}

func matchesOf(rules []*netfilter.Rule) (n int) {
	for _, r := range rules {
		n += len(r.Matches)
	}
	return n
}

// room returns the first n elements of the remaining space and removes them from it.
func room[T any](left *[]T, n int) []T {
	taken := (*left)[:n:n]
	*left = (*left)[n:]
	return taken
}

// revise compiles a chain. The rules at its ends that it shares with old, which may be nil,
// are taken from there.
func (c *compiler) revise(old *Chain, src *netfilter.Chain) *Chain {
	var from []*rule
	if old != nil {
		from = old.rules
	}
	head, tail := 0, 0
	for most := min(len(from), len(src.Rules)); head < most && from[head].source == src.Rules[head]; {
		head++
	}
	for most := min(len(from), len(src.Rules)) - head; tail < most && from[len(from)-1-tail].source == src.Rules[len(src.Rules)-1-tail]; {
		tail++
	}
	between := src.Rules[head : len(src.Rules)-tail]
	c.reserve(len(between), matchesOf(between))
	dst := &Chain{}
	c.begin(dst, src)
	dst.rules = make([]*rule, 0, len(src.Rules))
	c.keep(dst, from[:head])
	c.fill(dst, between, len(src.Rules))
	c.keep(dst, from[len(from)-tail:])
	return dst
}

// keep adds rules that are compiled.
func (c *compiler) keep(dst *Chain, rules []*rule) {
	dst.rules = append(dst.rules, rules...)
	for _, r := range rules {
		dst.note(r)
	}
}

// begin starts a chain without rules.
func (c *compiler) begin(dst *Chain, src *netfilter.Chain) {
	dst.Name, dst.Table, dst.Backend, dst.Number = src.Name, c.table.Table().Name, c.backend, c.program.numbers
	c.program.numbers++
	dst.builtin, dst.policy = src.Builtin(), src.Policy
}

// fill compiles rules and adds them to a chain, which has so many rules in all.
func (c *compiler) fill(dst *Chain, rules []*netfilter.Rule, all int) {
	if dst.rules == nil {
		dst.rules = room(&c.list, all)[:0]
	}
	for _, r := range rules {
		rule := &room(&c.rules, 1)[0]
		rule.source, rule.header, rule.matches = r, compileHeader(&r.Header), room(&c.matches, len(r.Matches))
		for k, m := range r.Matches {
			rule.matches[k] = match{Match: c.evaluated(m), slot: c.slot(rule, m)}
			rule.matches[k].cost, _ = m.(netfilter.Coster)
		}
		rule.target = c.target(rule, r)
		dst.rules = append(dst.rules, rule)
		dst.note(rule)
	}
}

// evaluated returns the match that evaluates m in rules of the backend.
func (c *compiler) evaluated(m netfilter.Match) netfilter.Match {
	if c.backend != netfilter.NFTables {
		return m
	}
	if d, ok := m.(netfilter.Definer); ok && d.Definition().Native != nil {
		if native := d.Definition().Native(m); native != nil {
			return native
		}
	}
	return m
}

// note adds what a rule needs and shares to that of its chain.
func (c *Chain) note(r *rule) {
	c.needs |= r.needs
	if !r.shares {
		return
	}
	for i := range r.matches {
		if s, ok := r.matches[i].Match.(netfilter.Sharing); ok {
			c.sharing = append(c.sharing, s)
		}
	}
	if s, ok := r.target.Target.(netfilter.Sharing); ok {
		c.sharing = append(c.sharing, s)
	}
}

func (c *compiler) target(compiled *rule, r *netfilter.Rule) target {
	switch t := r.Target.(type) {
	case nil:
		return target{}
	case *netfilter.Jump:
		kind := targetJump
		if r.Goto {
			kind = targetGoto
		}
		number, _ := c.table.Number(t.Chain)
		return target{kind: kind, chain: number}
	case netfilter.StandardTarget:
		return target{kind: targetStandard, verdict: t.StandardVerdict()}
	default:
		return target{kind: targetExtension, Target: t, slot: c.slot(compiled, t)}
	}
}

// slot adds the requirements of an extension to its rule and assigns a slot for its state;
// -1 if it has no state.
func (c *compiler) slot(compiled *rule, e netfilter.Extension) int {
	if r, ok := e.(netfilter.Requirer); ok {
		compiled.needs |= r.Requires()
	}
	if _, ok := e.(netfilter.Sharing); ok {
		compiled.shares = true
	}
	s, ok := e.(netfilter.Stateful)
	if !ok || s.NewState() == nil {
		return -1
	}
	c.program.initial = append(c.program.initial, s.NewState)
	return len(c.program.initial) - 1
}
