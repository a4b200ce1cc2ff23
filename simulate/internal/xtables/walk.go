package xtables

import (
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/classify"
)

// Walker evaluates tables for one packet. Context, Recorder and States must be set.
type Walker struct {
	Context  *netfilter.Context
	Recorder Recorder
	States   *States
	// Unknown, if set, decides for unknown extensions.
	Unknown Unknown
	// Work, if set, is the number of rules and matches that may still be evaluated; the
	// walk decrements it. Rules that an index skips count as evaluated.
	Work *int64
	// Visits enables calls of Recorder.Visit for every rule, which disables the indexes of
	// chains.
	Visits bool
	// Tallies count the rules reached in each chain, whether they are evaluated or
	// skipped by an index.
	Tallies []Tally
	// Index determines when the indexes of chains are used. It does not change results.
	Index IndexPolicy
	// Cursors are reused for the indexes of long chains; nil allocates new ones.
	Cursors *Cursors

	headerFields
	stack  []frame
	failed int // index of the match that was false in the last rule; -1 for its header
}

// Recorder records the steps of a walk.
type Recorder interface {
	// Step adds a step to the packet's path, before the target of a rule is applied, and
	// returns its number; false ends the walk because the path is too long.
	Step(s Step) (n int, ok bool)
	// StepVerdict sets the verdict of step n.
	StepVerdict(n int, v netfilter.Verdict)
	// Visit is called for every rule that is evaluated if Walker.Visits is set.
	Visit(v Visit)
	// Exhausted is called when Work reached zero in a chain, which ends the walk.
	Exhausted(t *Table, c *Chain)
}

// Tally counts how often rules are evaluated.
type Tally interface {
	// Reached counts a packet that evaluated the rules of a chain with indexes from
	// (inclusive) to to (exclusive); matched reports whether the last of them matched.
	Reached(c *Chain, from, to int, matched bool)
}

// Unknown decides for unknown extensions.
type Unknown interface {
	Match(u *netfilter.Unknown) bool
	Apply(u *netfilter.Unknown) netfilter.Verdict
}

// StepKind is the kind of a step of a walk.
type StepKind uint8

// The kinds.
const (
	Rule    StepKind = iota // a rule whose conditions all held
	Policy                  // the policy of a built-in chain
	Return                  // the end of a user chain
	HotDrop                 // a match dropped the packet (hotdrop)
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

// Visit is the evaluation of a rule.
type Visit struct {
	Chain   *Chain
	Number  int
	Rule    *netfilter.Rule
	Matched bool
}

// frame is an entry of the jump stack: the position in a chain.
type frame struct {
	chain  *Chain
	next   int
	cursor *classify.Cursor // in the index of the chain; nil if none is used yet
	edits  int              // Context.Edits for which the cursor was created
	judged bool             // all rules are evaluated, because the chain has no index yet
}

// headerFields caches the fields of the packet that rule headers compare with, as of a number of
// edits.
type headerFields struct {
	backend   netfilter.Backend // of the table that is evaluated
	src, dst  bits128
	transport packet.Transport
	fresh     bool
	edits     int
	key       packetKey
}

// Refresh updates the cached header fields if the packet was changed.
func (w *Walker) Refresh() {
	c := w.Context
	if w.fresh && w.edits == c.Edits() {
		return
	}
	w.fresh, w.edits, w.key.known = true, c.Edits(), false
	w.src, w.dst = bitsOf(c.Packet.Src()), bitsOf(c.Packet.Dst())
	w.transport = transportFor(w.backend, c.Packet)
	if c.Family == netfilter.IPv6 && w.transport.FragOff != 0 {
		w.transport.Offset = 0 // ipv6_find_hdr does not set it for fragments other than the first
	}
	c.Transport = w.transport
}

// transportFor returns the transport header that rules of a backend see. nf_tables
// knows nothing of one whose extension headers are truncated.
func transportFor(b netfilter.Backend, p *netfilter.Packet) packet.Transport {
	if b != netfilter.NFTables {
		return p.Transport()
	}
	if t := p.TransportOrAH(); t.Found {
		return t
	}
	return packet.Transport{}
}

// Transport returns the transport header as of the last Refresh.
func (w *Walker) Transport() packet.Transport { return w.transport }

// Walk evaluates the table's built-in chain of the context's hook (ipt_do_table).
func (w *Walker) Walk(t *Table) netfilter.Verdict {
	base := t.entry[w.Context.Hook]
	w.Context.Table = t.Name
	w.fresh, w.backend = w.fresh && w.backend == t.Backend, t.Backend
	w.Refresh()
	w.key.known = false // the links may have changed
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

// step evaluates the next rule or the end of the chain; next reports that the walk
// continues at at.
func (w *Walker) step(t *Table, at *frame) (v netfilter.Verdict, next bool) {
	from := at.next
	if !w.Visits && !w.skip(t, at) {
		return netfilter.Drop, false
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
	r := at.chain.rules[at.next]
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
	switch r.target.kind {
	case targetJump:
		w.stack = append(w.stack, *at)
		*at = frame{chain: t.chains[r.target.chain]}
	case targetGoto:
		w.leave(at)
		*at = frame{chain: t.chains[r.target.chain]}
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

// matches evaluates header and matches in order.
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

// apply applies the target of a matching rule.
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

// Fresh returns a walker for another packet that reuses the memory of this one, which
// must not be used any more.
func (w *Walker) Fresh() Walker { return Walker{stack: w.stack[:0]} }

// Fork returns a walker for a copy of the packet.
func (w *Walker) Fork() Walker {
	c := *w
	c.stack = nil
	return c
}
