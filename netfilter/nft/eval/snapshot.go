package eval

import (
	"slices"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// Snapshot returns the ruleset with the counters, quotas and elements of a
// state at a given time, as nft would list it.
func (r *Rules) Snapshot(state netfilter.State, now time.Time) *nft.Ruleset {
	st, ok := state.(*State)
	if !ok || r.err != nil {
		return r.ruleset
	}
	s := &snapshot{rules: r, state: st, now: now, sets: make(map[*nft.Set]*nft.Set, len(r.sets))}
	for _, c := range r.sets {
		s.sets[c.model] = s.set(c)
	}
	out := *r.ruleset
	out.Tables = make([]*nft.Table, len(r.ruleset.Tables))
	for i, t := range r.ruleset.Tables {
		out.Tables[i] = s.table(t)
	}
	return &out
}

// snapshot copies a ruleset with what has changed.
type snapshot struct {
	rules *Rules
	state *State
	now   time.Time
	sets  map[*nft.Set]*nft.Set
}

func (s *snapshot) table(t *nft.Table) *nft.Table {
	c := *t
	c.Sets = slices.Clone(t.Sets)
	for i, set := range c.Sets {
		if changed := s.sets[set]; changed != nil {
			c.Sets[i] = changed
		}
	}
	c.Objects = slices.Clone(t.Objects)
	for i, o := range c.Objects {
		c.Objects[i] = s.object(o)
	}
	c.Chains = slices.Clone(t.Chains)
	for i, ch := range c.Chains {
		if compiled := s.rules.chains[ch]; compiled != nil {
			c.Chains[i] = s.chain(compiled)
		}
	}
	return &c
}

func (s *snapshot) object(o *nft.Object) *nft.Object {
	compiled := s.rules.objects[o]
	if compiled == nil {
		return o
	}
	value, ok := o.Value.(nft.Expr)
	if !ok {
		return o
	}
	c := *o
	if v, ok := s.expr(value, s.state.memories[compiled.index]).(nft.ObjectValue); ok {
		c.Value = v
	}
	return &c
}

func (s *snapshot) chain(compiled *chain) *nft.Chain {
	c := *compiled.model
	c.Rules = make([]*nft.Rule, len(compiled.rules))
	for i := range compiled.rules {
		r := &compiled.rules[i]
		copied := *r.model
		copied.Exprs = slices.Clone(r.model.Exprs)
		for j, in := range r.instructions {
			copied.Exprs[j] = s.instruction(copied.Exprs[j], in)
		}
		c.Rules[i] = &copied
	}
	return &c
}

func (s *snapshot) instruction(e nft.Expr, in instruction) nft.Expr {
	if in, ok := in.(*inRule); ok {
		return s.expr(e, s.state.memories[in.index])
	}
	if l, ok := e.(*nft.Lookup); ok && l.Set.Anon != nil && s.sets[l.Set.Anon] != nil {
		c := *l
		c.Set.Anon = s.sets[l.Set.Anon]
		return &c
	}
	return e
}

// expr returns an expression with its state; nil stands for the initial state.
func (s *snapshot) expr(e nft.Expr, m memory) nft.Expr {
	switch m := m.(type) {
	case *counterMemory:
		return &nft.Counter{Packets: m.packets, Bytes: m.bytes}
	case *quotaMemory:
		if q, ok := e.(*nft.Quota); ok {
			c := *q
			c.Used = min(m.used, q.Bytes)
			return &c
		}
	case *lastMemory:
		if !m.at.IsZero() {
			return &nft.Last{Seen: true, Ago: s.now.Sub(m.at)}
		}
	}
	return e
}

// set returns a set with its current elements; nil if nothing changed.
func (s *snapshot) set(c *set) *nft.Set {
	changes := s.state.sets[c.index]
	if changes == nil && c.timeout == 0 && !c.model.HasTimeout {
		return nil
	}
	out := *c.model
	out.Elements = nil
	for _, e := range c.elements {
		l := &liveElement{element: e, expires: s.state.expiry(c, e)}
		if changes != nil && changes.touched[e] != nil {
			l = changes.touched[e]
		}
		if l.alive(s.now) {
			out.Elements = append(out.Elements, s.element(l, *e.model))
		}
	}
	if changes != nil {
		for _, l := range changes.order {
			if l.alive(s.now) && changes.added[string(l.from)] == l {
				out.Elements = append(out.Elements, s.element(l, nft.Element{Key: string(l.from), Value: string(l.data), Timeout: l.timeout, Exprs: l.exprs}))
			}
		}
	}
	return &out
}

func (s *snapshot) element(l *liveElement, m nft.Element) nft.Element {
	if !l.expires.IsZero() {
		m.Expires = l.expires.Sub(s.now)
	}
	m.Exprs = slices.Clone(m.Exprs)
	for i := range m.Exprs {
		if i < len(l.memory) {
			m.Exprs[i] = s.expr(m.Exprs[i], l.memory[i])
		}
	}
	return m
}
