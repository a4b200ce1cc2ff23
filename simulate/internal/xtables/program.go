// Package xtables compiles the tables of a ruleset and evaluates their chains for packets
// like net/ipv4/netfilter/ip_tables.c and net/ipv6/netfilter/ip6_tables.c.
package xtables

import (
	"sync"

	"github.com/packetpath/packetpath/netfilter"
)

// Program is the compiled rulesets of a family, one of each backend. It is immutable and safe for concurrent
// use.
type Program struct {
	Tables []*Table

	requires [2]netfilter.Requirements // by backend
	initial  []func() netfilter.State  // creates the initial states, by slot
	numbers  int                       // greater than the numbers of all chains
	stale    int                       // rules and chains of programs that this one is an update of

	sharing sync.Once
	shared  []netfilter.Sharing
	byKey   map[string][]netfilter.Sharing
}

// Requires returns the subsystems that the rules of a backend enable.
func (p *Program) Requires(b netfilter.Backend) netfilter.Requirements { return p.requires[b] }

// Sharing returns the rules that share state, in the order of loading.
func (p *Program) Sharing() []netfilter.Sharing {
	p.group()
	return p.shared
}

// SharingOf returns the rules that share the state of a key, in the order of loading.
func (p *Program) SharingOf(key string) []netfilter.Sharing {
	p.group()
	return p.byKey[key]
}

func (p *Program) group() {
	p.sharing.Do(func() {
		p.byKey = map[string][]netfilter.Sharing{}
		for _, t := range p.Tables {
			for _, c := range t.sharing() {
				for _, x := range c.sharing {
					p.shared = append(p.shared, x)
					p.byKey[x.SharedKey()] = append(p.byKey[x.SharedKey()], x)
				}
			}
		}
	})
}

// Numbers returns a number that is greater than those of all chains.
func (p *Program) Numbers() int { return p.numbers }

// Chains yields the chains of all tables.
func (p *Program) Chains(yield func(*Chain) bool) {
	for _, t := range p.Tables {
		for _, c := range t.chains {
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// Table is a compiled table: jumps are resolved, headers compiled.
type Table struct {
	Name    string
	Backend netfilter.Backend
	info    netfilter.TableInfo
	source  *netfilter.CheckedTable
	chains  []*Chain                   // by the numbers of source
	entry   [netfilter.NumHooks]*Chain // built-in chains by hook; nil for none
}

// sharing returns the chains that have rules that share state, in the order of loading.
func (t *Table) sharing() []*Chain {
	sources := &netfilter.Table{}
	byName := map[string]*Chain{}
	for number, c := range t.chains {
		if c != nil && len(c.sharing) > 0 {
			byName[c.Name] = c
			sources.Chains = append(sources.Chains, t.source.Chain(number))
		}
	}
	var chains []*Chain
	for _, c := range sources.Sorted() {
		chains = append(chains, byName[c.Name])
	}
	return chains
}

// At reports whether the table has a built-in chain at a hook, and its priority there.
func (t *Table) At(h netfilter.Hook) (priority int, ok bool) {
	return t.info.PriorityIn(t.Backend, h), t.entry[h] != nil
}

// Chain is a chain of a table.
type Chain struct {
	Name    string
	Table   string
	Backend netfilter.Backend
	Number  int // differs from those of the other chains of a program
	builtin bool
	policy  netfilter.Verdict
	rules   []*rule
	sharing []netfilter.Sharing // its extensions that share state
	needs   netfilter.Requirements
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
	needs   netfilter.Requirements
	shares  bool // an extension shares state
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
	chain   int // number of the chain in its table
	netfilter.Target
	slot int
}

// States holds the states of the rules of a program, which are created on first use. The
// zero value has none.
type States struct {
	program *Program
	bySlot  map[int]netfilter.State
}

// NewStates returns initial states for the rules of a program.
func NewStates(p *Program) States { return States{program: p} }

// Keep returns states for the rules of another program: those of s for the tables that
// both have, of the backends for which keep returns true, and initial ones for the others.
func (s *States) Keep(p *Program, keep func(netfilter.Backend) bool) States {
	next := NewStates(p)
	for _, t := range p.Tables {
		if !keep(t.Backend) || s.program == nil {
			continue
		}
		for _, old := range s.program.Tables {
			if old.source == t.source {
				next.take(t, s, old)
			}
		}
	}
	return next
}

// take takes the states of a table from those of another program.
func (s *States) take(t *Table, from *States, old *Table) {
	for number, c := range t.chains {
		if c == nil {
			continue
		}
		was := old.chains[number]
		for i, r := range c.rules {
			for k := range r.matches {
				s.move(r.matches[k].slot, from, was.rules[i].matches[k].slot)
			}
			if r.target.kind == targetExtension {
				s.move(r.target.slot, from, was.rules[i].target.slot)
			}
		}
	}
}

func (s *States) move(slot int, from *States, old int) {
	st, ok := from.bySlot[old]
	if slot < 0 || !ok {
		return
	}
	if s.bySlot == nil {
		s.bySlot = map[int]netfilter.State{}
	}
	s.bySlot[slot] = st
}

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
