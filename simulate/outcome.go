package simulate

import (
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
)

// outcome holds the effects of targets on the fate of the packet beyond their verdict.
type outcome struct {
	rejected bool  // a REJECT rule dropped the packet
	bypassed bool  // its queue has no listener and --queue-bypass is set: the hook function returns Accept
	err      error // why the fate is Undecided; nil if it is not
}

// fail ends the packet with an error because the result would be a guess. The fate of a
// loopback copy does not affect that of the packet.
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
	own.path.store(&own.Packet)
	tr.res.Caused = append(tr.res.Caused, own)
}

// reject records that a REJECT rule dropped the packet.
func (o *outcome) reject() { o.rejected = true }

// bypass records that the packet bypasses its queue.
func (o *outcome) bypass() netfilter.Verdict {
	o.bypassed = true
	return netfilter.Accept
}

// takeBypassed returns and clears bypassed.
func (o *outcome) takeBypassed() bool {
	b := o.bypassed
	o.bypassed = false
	return b
}

// finish sets the packet's fate, decided by the step with index by.
func (tr *transit) finish(fate Fate, by int) {
	if tr.loopback.copied {
		return
	}
	tr.res.Fate = fate
	tr.res.Packet = tr.res.path.memory.keep(&tr.pkt)
	tr.res.Packet.CompleteChecksum()
	tr.res.Packet = tr.res.Packet.Share() // copy on write: changing a copy does not change the result
	if fate == Forwarded || fate == Sent {
		tr.res.OutDev = tr.out.Name
		tr.res.NextHop = tr.nextHop()
		tr.res.path.group = tr.route.Type == fib.TypeBroadcast || packet.IsMulticast(tr.pkt.Dst())
		tr.res.Packet.Dev = tr.out.Name
		tr.res.Fragments = tr.fragments()
	}
	if fate.Passed() {
		by = tr.res.allowedBy(by)
	}
	tr.res.decide(by)
}

// end sets the fate of a packet for which a hook function returned the verdict v other
// than Accept; the last step decided it.
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
	if tr.res.length() == 0 { // a hook function need not report steps
		tr.note(Step{Kind: StepLocal, Verdict: v, detail: words("a hook function decided")})
	}
	tr.finish(fate, tr.res.last())
}

// drop sets the fate of a packet that the host drops for a reason other than a rule.
func (tr *transit) drop(fate Fate, kind StepKind, why string) {
	tr.finish(fate, tr.note(Step{Kind: kind, Verdict: netfilter.Drop, detail: words(why)}))
}

// refuse ends the packet with an error: its fate is Undecided.
func (tr *transit) refuse(err error) *Result {
	if tr.loopback.forHost {
		tr.fail(err)
		return tr.res
	}
	tr.outcome.err, tr.res.Err = err, err
	tr.res.Fate = Undecided
	tr.res.decide(tr.res.add(Step{Kind: StepLocal, detail: words(err.Error())}))
	tr.res.path.store(&tr.pkt)
	tr.res.setBy()
	return tr.res
}

// complete sets By and collects the packets that were sent in response, including
// those in response to the host's own replies.
func (r *Result) complete() {
	r.setBy()
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

// filters reports whether a step is of a filtering rule: a rule of table filter, or of
// another kind of ruleset at a hook that table filter has.
func (s *Step) filters() bool {
	if s.info != nil {
		return s.Hook != netfilter.Prerouting && s.Hook != netfilter.Postrouting
	}
	return s.Table == "filter"
}

// allowedBy returns the index of the step that accepted a packet: the last accepting
// rule or policy of table filter, or of any table if filter was not evaluated, or else
// the last step.
func (r *Result) allowedBy(last int) int {
	by := -1
	for i := range r.Steps {
		if i = r.inOrder(i); r.Steps[i].allows() && (by < 0 || r.Steps[i].filters() || !r.Steps[by].filters()) {
			by = i
		}
	}
	if by < 0 {
		return last
	}
	return by
}

// allows reports whether the step is a rule or policy that accepted the packet.
func (s *Step) allows() bool {
	return s.Verdict == netfilter.Accept && (s.Kind == StepRule || s.Kind == StepPolicy)
}

// nextHop returns the neighbour to which the packet is sent on the output link.
func (tr *transit) nextHop() netip.Addr {
	if tr.route.Gateway.IsValid() {
		return tr.route.Gateway
	}
	return tr.pkt.Dst()
}

// nextHop4 returns the IPv4 next hop; an IPv6 gateway is ignored
// (include/net/route.h, rt_nexthop).
func (tr *transit) nextHop4() netip.Addr {
	if hop := tr.nextHop(); hop.Is4() {
		return hop
	}
	return tr.pkt.Dst()
}
