package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// outcome is what targets decided beyond their verdict.
type outcome struct {
	rejected bool  // a REJECT rule took the packet
	bypassed bool  // nobody read the queue it was put in: the hook function is over for it
	err      error // why the packet was given up; nil if it was not
}

// fail gives the packet up: the answer would be a guess. What the host's own copy of
// a packet comes to leaves the fate of the packet alone.
func (tr *transit) fail(err error) {
	if tr.outcome.err != nil {
		return
	}
	tr.outcome.err = err
	if !tr.loopback.forHost {
		tr.res.Err = err
		return
	}
	own := &Result{Chance: 1, Packet: tr.pkt.Clone(), Err: fmt.Errorf("the host's own copy: %w", err)}
	own.Steps = []Step{{Kind: StepLocal, Hook: tr.c.Hook, In: tr.c.In, Out: tr.c.Out, detail: words(own.Err.Error())}}
	own.versions = []netfilter.Packet{own.Packet}
	tr.res.Caused = append(tr.res.Caused, own)
}

// takeBypassed reports and clears that the packet was put in a queue that nobody
// reads.
func (o *outcome) takeBypassed() bool {
	b := o.bypassed
	o.bypassed = false
	return b
}

// finish sets the packet's fate by the step of this index.
func (tr *transit) finish(fate Fate, by int) {
	if tr.loopback.copied {
		return
	}
	tr.res.Fate = fate
	tr.res.decisive = by
	tr.res.Packet = tr.res.memory.keep(&tr.pkt)
	tr.res.Packet.CompleteChecksum()
	tr.res.Packet = tr.res.Packet.Share() // whoever changes a copy of it gets bytes of his own
	if fate == Forwarded || fate == Sent {
		tr.res.OutDev = tr.out.name
		tr.res.NextHop = tr.nextHop()
		tr.res.group = tr.route.Type == fib.TypeBroadcast || packet.IsMulticast(tr.pkt.Dst())
		tr.res.Packet.Dev = tr.out.name
		tr.res.Fragments = tr.fragments()
	}
	if fate.Passed() {
		tr.res.decisive = tr.res.allowedBy(by)
	}
}

// end sets the fate of a packet that a hook function did not let on; the last
// step is the one that decided.
func (tr *transit) end(v netfilter.Verdict) {
	fate := Dropped
	switch {
	case tr.outcome.err != nil:
		fate = Undecided
	case v == netfilter.Queue:
		fate = Queued
	case v == netfilter.Stolen:
		fate = Stolen
	case tr.outcome.rejected:
		fate = Rejected
	}
	if tr.origin.local() && tr.origin != tcpSend && !tr.loopback.copied && fate != Queued && fate != Stolen && !tr.loopback.returned && tr.res.SendError == "" {
		tr.res.SendError = "Operation not permitted"
	}
	if len(tr.res.Steps) == 0 { // a hook function need not tell its steps
		tr.note(Step{Kind: StepLocal, Verdict: v, detail: words("a hook function decided")})
	}
	tr.finish(fate, len(tr.res.Steps)-1)
}

// drop decides that the host dropped it for a reason that is no rule's.
func (tr *transit) drop(fate Fate, kind StepKind, why string) {
	tr.finish(fate, tr.note(Step{Kind: kind, Verdict: netfilter.Drop, detail: words(why)}))
}

// refuse ends the packet for bad input.
func (tr *transit) refuse(err error) *Result {
	if tr.loopback.forHost {
		tr.fail(err)
		return tr.res
	}
	tr.outcome.err, tr.res.Err = err, err
	tr.res.Fate = Undecided
	tr.res.Steps = append(tr.res.Steps, Step{Kind: StepLocal, detail: words(err.Error())})
	tr.res.versions = append(tr.res.versions, tr.res.memory.keep(&tr.pkt))
	tr.res.decisive = len(tr.res.Steps) - 1
	tr.res.By = &tr.res.Steps[tr.res.decisive]
	return tr.res
}

// complete names the deciding step and gathers what left because of the packet,
// the answers to answers included.
func (r *Result) complete() {
	r.By = &r.Steps[r.decisive]
	for _, c := range r.Caused {
		c.complete()
		switch {
		case c.Fragments != nil:
			r.Answers = append(r.Answers, c.Fragments...)
		case c.Fate.Passed():
			p := c.Packet
			p.Dev = c.OutDev
			if c.Fate == Delivered {
				p.Dev = "lo"
			}
			r.Answers = append(r.Answers, p)
		}
		r.Answers = append(r.Answers, c.Answers...)
	}
}

// filters reports a step of the rules that say who may pass: those of table filter,
// and of other kinds of rulesets those at the hooks where that table stands.
func (s *Step) filters() bool {
	if s.info != nil {
		return s.Hook != netfilter.Prerouting && s.Hook != netfilter.Postrouting
	}
	return s.Table == "filter"
}

// allowedBy returns the index of the step that let a packet through: the last
// rule or policy of table filter that accepted it, of any other table where
// filter was not asked, or else the last step.
func (r *Result) allowedBy(last int) int {
	by := -1
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Verdict != netfilter.Accept || s.Kind != StepRule && s.Kind != StepPolicy {
			continue
		}
		if s.filters() || by < 0 || !r.Steps[by].filters() {
			by = i
		}
	}
	if by < 0 {
		return last
	}
	return by
}

// nextHop returns who is handed the packet on the link it leaves by.
func (tr *transit) nextHop() netip.Addr {
	if tr.route.Gateway.IsValid() {
		return tr.route.Gateway
	}
	return tr.pkt.Dst()
}

// nextHop4 returns the next hop as far as IPv4 knows it: one that is known by an
// IPv6 address does not count (include/net/route.h, rt_nexthop).
func (tr *transit) nextHop4() netip.Addr {
	if hop := tr.nextHop(); hop.Is4() {
		return hop
	}
	return tr.pkt.Dst()
}
