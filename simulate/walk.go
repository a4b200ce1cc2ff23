package simulate

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// frame is where a chain goes on after a jump.
type frame struct {
	chain *chain
	next  int
}

// maxSteps bounds a packet's path. The kernel has no such bound: twenty chains
// that each jump twice to the next keep it busy for a million rules.
const maxSteps = 1 << 18

var errTooLong = fmt.Errorf("the path of the packet has more than %d steps: chains jump to each other too often", maxSteps)

// walk sends the packet through a table's chain of a hook. What its rules send
// meanwhile does not come back before it is through (net/ipv4/netfilter/
// ip_tables.c, ipt_do_table, local_bh_disable).
func (f *flow) walk(t *table) netfilter.Verdict {
	held := f.s.hold()
	v := f.walkRules(t)
	f.s.release(held)
	return v
}

func (f *flow) walkRules(t *table) netfilter.Verdict {
	base := t.entry[f.c.Hook]
	f.c.Table = t.name
	f.refresh()
	f.stack = f.stack[:0]
	at := frame{chain: base}
	for {
		if len(f.res.Steps) >= maxSteps {
			f.res.Err = errTooLong
			return netfilter.Drop
		}
		verdict := netfilter.Return
		if f.s.visits == nil {
			at.next = at.chain.next(at.next, f.dst)
		}
		switch {
		case at.next < len(at.chain.rules):
			r := &at.chain.rules[at.next]
			matched := f.ruleMatches(r)
			if f.s.visits != nil {
				f.visit(at, r, matched)
			}
			if !matched {
				if f.c.TakeHotDrop() {
					f.note(Step{Kind: StepHotDrop, Table: t.name, Chain: at.chain.name, Number: at.next + 1, Rule: r.source, Verdict: netfilter.Drop})
					return netfilter.Drop
				}
				at.next++
				continue
			}
			step := f.note(Step{Kind: StepRule, Table: t.name, Chain: at.chain.name, Number: at.next + 1, Rule: r.source})
			verdict = f.apply(r)
			f.res.Steps[step].Verdict = verdict
			if f.c.TakeHotDrop() {
				return netfilter.Drop
			}
			at.next++
			if r.target.chain != nil {
				if r.target.kind == targetJump {
					f.stack = append(f.stack, at)
				}
				at = frame{chain: r.target.chain}
				continue
			}
		case !at.chain.builtin:
			f.note(Step{Kind: StepReturn, Table: t.name, Chain: at.chain.name, Number: at.next + 1, Verdict: netfilter.Return})
		}
		if verdict == netfilter.Return {
			if n := len(f.stack); n > 0 {
				at, f.stack = f.stack[n-1], f.stack[:n-1]
				continue
			}
			f.note(Step{Kind: StepPolicy, Table: t.name, Chain: base.name, Number: len(base.rules) + 1, Verdict: base.policy})
			return base.policy
		}
		if verdict != netfilter.Continue {
			return verdict
		}
	}
}

// ruleMatches judges header and matches in order.
func (f *flow) ruleMatches(r *rule) bool {
	if !f.headerMatches(&r.header) {
		f.failed = -1
		return false
	}
	f.c.Rule = r.source
	for k := range r.matches {
		m := &r.matches[k]
		if m.slot >= 0 {
			f.c.Begin(f.s.state(f.c.Family, m.slot))
		}
		if !f.holds(m.Match) {
			f.failed = k
			return false
		}
	}
	return true
}

// apply does what the target of a matching rule does.
func (f *flow) apply(r *rule) netfilter.Verdict {
	switch r.target.kind {
	case targetFixed:
		return r.target.verdict
	case targetExtension:
		f.c.Rule = r.source
		if r.target.slot >= 0 {
			f.c.Begin(f.s.state(f.c.Family, r.target.slot))
		}
		v := f.do(r.target.Target)
		f.refresh()
		return v
	}
	return netfilter.Continue
}
