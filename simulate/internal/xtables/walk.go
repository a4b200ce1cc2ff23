package xtables

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/classify"
)

// Walker walks one packet through tables. Context, Recorder and States must be
// set.
type Walker struct {
	Context  *netfilter.Context
	Recorder Recorder
	States   *States
	// Unknown, if set, says what extensions do that nobody knows.
	Unknown Unknown
	// Work, if set, is how many rules and matches may still be looked at; the walk
	// takes from it.
	Work *int64
	// Visits has the recorder told of every rule that the packet comes to, which
	// takes the indexes of chains out of use.
	Visits bool
	// Tallies are told how far the packet comes in each chain, whether rules are
	// judged or passed over.
	Tallies []Tally
	// Index says when the indexes of chains are used. Whatever it says, the result is
	// the same.
	Index IndexPolicy
	// Cursors are those to go through long chains with; nil makes new ones.
	Cursors *Cursors

	facts
	stack  []frame
	failed int // index of the match that the last rule failed by; -1 for its header
}

// Recorder is told what happens to a packet.
type Recorder interface {
	// Step adds a step to the packet's path, before the target of a rule acts, and
	// returns its number; false if the path is too long, which ends the walk.
	Step(s Step) (n int, ok bool)
	// StepVerdict says how step n ended.
	StepVerdict(n int, v netfilter.Verdict)
	// Visit is told of a rule, with Visits.
	Visit(v Visit)
	// Exhausted is told that Work was used up in a chain, which ends the walk.
	Exhausted(t *Table, c *Chain)
}

// Tally counts which rules packets come to.
type Tally interface {
	// Reached counts a packet that came to the rules of a chain from one place to
	// ahead of another, of which only the last may have matched.
	Reached(c *Chain, from, to int, matched bool)
}

// Unknown says what extensions do that nobody knows.
type Unknown interface {
	Match(u *netfilter.Unknown) bool
	Apply(u *netfilter.Unknown) netfilter.Verdict
}

// StepKind is what a step of a walk is.
type StepKind uint8

// The kinds.
const (
	Rule    StepKind = iota // a rule whose conditions all held
	Policy                  // the policy of a built-in chain
	Return                  // the end of a user chain
	HotDrop                 // a match dropped the packet on the spot
)

// Step is a step of a walk.
type Step struct {
	Kind    StepKind
	Table   *Table
	Chain   *Chain
	Number  int             // 1-based place in the chain; the policy or end counts as one more
	Rule    *netfilter.Rule // nil for Policy and Return
	Verdict netfilter.Verdict
}

// Visit is a rule that a packet came to.
type Visit struct {
	Chain   *Chain
	Number  int
	Rule    *netfilter.Rule
	Matched bool
}

// frame is where a chain goes on after a jump.
type frame struct {
	chain  *Chain
	next   int
	cursor *classify.Cursor // through the index of the chain; nil while none is needed
	edits  int              // of the packet that the cursor was made for
	judged bool             // all rules are judged: the chain has no index yet
}

// facts are what the header of a rule is compared with, as of the edits seen.
type facts struct {
	src, dst  bits128
	transport packet.Transport
	fresh     bool
	edits     int
	key       packetKey
}

// Refresh notices that the packet was changed since its header was last looked at.
func (w *Walker) Refresh() {
	c := w.Context
	if w.fresh && w.edits == c.Edits() {
		return
	}
	w.fresh, w.edits, w.key.known = true, c.Edits(), false
	w.src, w.dst = bitsOf(c.Packet.Src()), bitsOf(c.Packet.Dst())
	w.transport = c.Packet.Transport()
	if c.Family == netfilter.IPv6 && w.transport.FragOff != 0 {
		w.transport.Offset = 0 // ipv6_find_hdr leaves it alone for later fragments
	}
	c.Transport = w.transport
}

// Transport returns the transport header as of the last Refresh.
func (w *Walker) Transport() packet.Transport { return w.transport }

// Walk sends the packet through a table's chain of the context's hook
// (ipt_do_table).
func (w *Walker) Walk(t *Table) netfilter.Verdict {
	base := t.entry[w.Context.Hook]
	w.Context.Table = t.Name
	w.Refresh()
	w.key.known = false // the links may be others
	at := frame{chain: base}
	defer w.leaveAll(&at)
	for {
		verdict, next := w.step(t, &at)
		if next {
			continue
		}
		if verdict != netfilter.Return {
			return verdict
		}
		if n := len(w.stack); n > 0 {
			w.leave(&at)
			at, w.stack = w.stack[n-1], w.stack[:n-1]
			continue
		}
		if _, ok := w.Recorder.Step(Step{Kind: Policy, Table: t, Chain: base, Number: len(base.rules) + 1, Verdict: base.policy}); !ok {
			return netfilter.Drop
		}
		return base.policy
	}
}

// step goes on by one rule, or to the end of the chain; next reports that the walk
// goes on at at.
func (w *Walker) step(t *Table, at *frame) (v netfilter.Verdict, next bool) {
	from := at.next
	if !w.Visits {
		at.next = w.next(at)
	}
	if at.next >= len(at.chain.rules) {
		w.tally(at.chain, from, at.next, false)
		if at.chain.builtin {
			return netfilter.Return, false
		}
		if _, ok := w.Recorder.Step(Step{Kind: Return, Table: t, Chain: at.chain, Number: at.next + 1, Verdict: netfilter.Return}); !ok {
			return netfilter.Drop, false
		}
		return netfilter.Return, false
	}
	r := &at.chain.rules[at.next]
	matched := w.matches(r)
	at.next++
	w.tally(at.chain, from, at.next, matched)
	if w.Work != nil {
		if *w.Work--; *w.Work < 0 {
			w.Recorder.Exhausted(t, at.chain)
			return netfilter.Drop, false
		}
	}
	if w.Visits {
		w.Recorder.Visit(Visit{at.chain, at.next, r.source, matched})
	}
	if !matched {
		if w.Context.TakeHotDrop() {
			w.Recorder.Step(Step{Kind: HotDrop, Table: t, Chain: at.chain, Number: at.next, Rule: r.source, Verdict: netfilter.Drop})
			return netfilter.Drop, false
		}
		return netfilter.Continue, true
	}
	n, ok := w.Recorder.Step(Step{Kind: Rule, Table: t, Chain: at.chain, Number: at.next, Rule: r.source})
	if !ok {
		return netfilter.Drop, false
	}
	if v = w.apply(r); v != netfilter.Continue {
		w.Recorder.StepVerdict(n, v)
	}
	if w.Context.TakeHotDrop() {
		return netfilter.Drop, false
	}
	if r.target.chain != nil {
		if r.target.kind == targetJump {
			w.stack = append(w.stack, *at)
		} else {
			w.leave(at)
		}
		*at = frame{chain: r.target.chain}
	}
	return v, v == netfilter.Continue
}

func (w *Walker) tally(c *Chain, from, to int, matched bool) {
	if from == to {
		return
	}
	for _, t := range w.Tallies {
		t.Reached(c, from, to, matched)
	}
}

// matches judges header and matches in order.
func (w *Walker) matches(r *rule) bool {
	if !w.headerMatches(&r.header) {
		w.failed = -1
		return false
	}
	w.Context.Rule = r.source
	for k := range r.matches {
		m := &r.matches[k]
		if m.cost != nil && w.Work != nil {
			*w.Work -= int64(m.cost.Cost(w.Context))
		}
		if m.slot >= 0 {
			w.Context.Begin(w.States.at(m.slot))
		}
		if !w.match(m.Match) {
			w.failed = k
			return false
		}
	}
	return true
}

func (w *Walker) match(m netfilter.Match) bool {
	if w.Unknown != nil {
		if u, ok := m.(*netfilter.Unknown); ok {
			return w.Unknown.Match(u)
		}
	}
	return m.Match(w.Context)
}

// apply does what the target of a matching rule does.
func (w *Walker) apply(r *rule) netfilter.Verdict {
	switch r.target.kind {
	case targetStandard:
		return r.target.verdict
	case targetExtension:
		w.Context.Rule = r.source
		if r.target.slot >= 0 {
			w.Context.Begin(w.States.at(r.target.slot))
		}
		v := w.applyExtension(r.target.Target)
		w.Refresh()
		return v
	}
	return netfilter.Continue
}

func (w *Walker) applyExtension(t netfilter.Target) netfilter.Verdict {
	if w.Unknown != nil {
		if u, ok := t.(*netfilter.Unknown); ok {
			return w.Unknown.Apply(u)
		}
	}
	return t.Apply(w.Context)
}

// Fresh returns a walker for another packet, with the memory of this one, whose
// walks are over.
func (w *Walker) Fresh() Walker { return Walker{stack: w.stack[:0]} }

// Fork returns a walker for a copy of the packet.
func (w *Walker) Fork() Walker {
	c := *w
	c.stack = nil
	return c
}
