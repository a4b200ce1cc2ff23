// Package xtables compiles the tables of a ruleset and evaluates their chains for packets
// like net/ipv4/netfilter/ip_tables.c and net/ipv6/netfilter/ip6_tables.c.
package xtables

import (
	"sync"

	"github.com/packetpath/packetpath/netfilter"
)

// Program is the compiled ruleset of a family. It is immutable and safe for concurrent
// use.
type Program struct {
	Tables []*Table
	Chains []*Chain // of all tables
	// Requires are the subsystems that the rules enable.
	Requires netfilter.Requirements
	// Sharing are the rules that share state, in the order of loading.
	Sharing []netfilter.Sharing

	initial []func() netfilter.State // creates the initial states, by slot

	grouping sync.Once
	byKey    map[string][]netfilter.Sharing
}

// SharingOf returns the rules that share the state of a key, in the order of loading.
func (p *Program) SharingOf(key string) []netfilter.Sharing {
	p.grouping.Do(func() {
		p.byKey = make(map[string][]netfilter.Sharing, len(p.Sharing))
		for _, x := range p.Sharing {
			p.byKey[x.SharedKey()] = append(p.byKey[x.SharedKey()], x)
		}
	})
	return p.byKey[key]
}

// Table is a compiled table: jumps are resolved, headers compiled.
type Table struct {
	Name  string
	info  netfilter.TableInfo
	entry [netfilter.NumHooks]*Chain // built-in chains by hook; nil for none
}

// At reports whether the table has a built-in chain at a hook, and its priority there.
func (t *Table) At(h netfilter.Hook) (priority int, ok bool) {
	return t.info.Priority[h], t.entry[h] != nil
}

// Chain is a chain of a table.
type Chain struct {
	Name    string
	Table   string
	Number  int // its place in Program.Chains
	builtin bool
	policy  netfilter.Verdict
	rules   []rule
	index   lazyIndex
}

// Len returns the number of rules.
func (c *Chain) Len() int { return len(c.rules) }

// rule is a compiled netfilter.Rule.
type rule struct {
	source  *netfilter.Rule
	header  header
	matches []match
	target  target
}

type match struct {
	netfilter.Match
	slot int              // slot of its state; -1 for none
	cost netfilter.Coster // nil for an extension of the default cost
}

type targetKind uint8

const (
	targetNone targetKind = iota
	targetStandard
	targetJump
	targetGoto
	targetExtension
)

type target struct {
	kind    targetKind
	verdict netfilter.Verdict
	chain   *Chain
	netfilter.Target
	slot int
}

// Compile compiles a validated ruleset.
func Compile(rs *netfilter.Ruleset) *Program {
	p := &Program{}
	for _, t := range rs.Tables {
		p.addTable(t)
	}
	return p
}

func (p *Program) addTable(t *netfilter.Table) {
	info, _ := netfilter.TableInfoFor(t.Name)
	c := &compiler{program: p, chains: make(map[string]*Chain, len(t.Chains))}
	c.reserve(t)
	compiled := &Table{Name: t.Name, info: info}
	chains := make([]Chain, len(t.Chains))
	for i, ch := range t.Chains {
		chains[i].Name, chains[i].Table, chains[i].Number = ch.Name, t.Name, len(p.Chains)
		chains[i].builtin, chains[i].policy = ch.Builtin(), ch.Policy
		c.chains[ch.Name] = &chains[i]
		p.Chains = append(p.Chains, &chains[i])
	}
	for _, ch := range t.Sorted() {
		c.fill(c.chains[ch.Name], ch)
	}
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		if info.Hooks.Has(h) {
			compiled.entry[h] = c.chains[h.String()]
		}
	}
	p.Tables = append(p.Tables, compiled)
}

type compiler struct {
	program *Program
	chains  map[string]*Chain
	rules   []rule // preallocated space for the remaining rules of the table
	matches []match
}

// reserve allocates space for all rules of a table at once.
func (c *compiler) reserve(t *netfilter.Table) {
	rules, matches := 0, 0
	for _, ch := range t.Chains {
		rules += len(ch.Rules)
		for _, r := range ch.Rules {
			matches += len(r.Matches)
		}
	}
	c.rules, c.matches = make([]rule, rules), make([]match, matches)
}

// room returns the first n elements of the remaining space and removes them from it.
func room[T any](left *[]T, n int) []T {
	taken := (*left)[:n:n]
	*left = (*left)[n:]
	return taken
}

func (c *compiler) fill(dst *Chain, src *netfilter.Chain) {
	dst.rules = room(&c.rules, len(src.Rules))
	for i, r := range src.Rules {
		dst.rules[i] = rule{source: r, header: compileHeader(&r.Header), matches: room(&c.matches, len(r.Matches))}
		for k, m := range r.Matches {
			dst.rules[i].matches[k] = match{Match: m, slot: c.slot(m)}
			dst.rules[i].matches[k].cost, _ = m.(netfilter.Coster)
		}
		dst.rules[i].target = c.target(r)
	}
}

func (c *compiler) target(r *netfilter.Rule) target {
	switch t := r.Target.(type) {
	case nil:
		return target{}
	case *netfilter.Jump:
		kind := targetJump
		if r.Goto {
			kind = targetGoto
		}
		return target{kind: kind, chain: c.chains[t.Chain]}
	case netfilter.StandardTarget:
		return target{kind: targetStandard, verdict: t.StandardVerdict()}
	default:
		return target{kind: targetExtension, Target: t, slot: c.slot(t)}
	}
}

// slot adds the requirements of an extension and assigns a slot for its state; -1 if it
// has no state.
func (c *compiler) slot(e netfilter.Extension) int {
	if r, ok := e.(netfilter.Requirer); ok {
		c.program.Requires |= r.Requires()
	}
	if s, ok := e.(netfilter.Sharing); ok {
		c.program.Sharing = append(c.program.Sharing, s)
	}
	s, ok := e.(netfilter.Stateful)
	if !ok || s.NewState() == nil {
		return -1
	}
	c.program.initial = append(c.program.initial, s.NewState)
	return len(c.program.initial) - 1
}

// States holds the states of the rules of a program, which are created on first use. The
// zero value has none.
type States struct {
	program *Program
	bySlot  map[int]netfilter.State
}

// NewStates returns initial states for the rules of a program.
func NewStates(p *Program) States { return States{program: p} }

// Reset resets all states.
func (s *States) Reset() { clear(s.bySlot) }

func (s *States) at(slot int) netfilter.State {
	st, ok := s.bySlot[slot]
	if !ok {
		if s.bySlot == nil {
			s.bySlot = map[int]netfilter.State{}
		}
		st = s.program.initial[slot]()
		s.bySlot[slot] = st
	}
	return st
}

// Clone returns independent copies.
func (s *States) Clone() States {
	c := States{program: s.program}
	if len(s.bySlot) == 0 {
		return c
	}
	c.bySlot = make(map[int]netfilter.State, len(s.bySlot))
	for slot, st := range s.bySlot {
		c.bySlot[slot] = st.Clone()
	}
	return c
}
