package eval

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
)

// maxJumps is how deep jumps may nest (NFT_JUMP_STACK_SIZE). A ruleset with
// deeper ones is refused when it is loaded.
const maxJumps = 16

// place is where a walk goes on after a chain has ended.
type place struct {
	chain *chain
	rule  int
}

// run walks a base chain with a packet (net/netfilter/nf_tables_core.c,
// nft_do_chain).
func (b *baseChain) run(c *netfilter.Context) netfilter.Verdict {
	st := c.State().(*State)
	m := st.acquire()
	defer st.release()
	m.c, m.state, m.base, m.info = c, st, b, newPacketInfo(c.Packet)
	c.Table = b.table.Family.String() + " " + b.table.Name
	return m.walk()
}

// walk runs chain after chain until the packet's fate at this hook is decided.
func (m *machine) walk() netfilter.Verdict {
	at := place{chain: m.base.chain}
	var stack [maxJumps]place
	depth := 0
	for {
		if !m.runRules(&at) {
			return netfilter.Drop
		}
		switch m.verdict.code {
		case codeAccept, codeDrop, codeQueue, codeStolen:
			return m.verdict.code.verdict()
		case codeJump:
			if depth == maxJumps {
				m.fail(errors.New("jumps nest too deep"))
				return netfilter.Drop
			}
			stack[depth] = at
			depth++
			at = place{chain: m.verdict.chain}
			continue
		case codeGoto:
			at = place{chain: m.verdict.chain}
			continue
		}
		if depth == 0 {
			return m.applyPolicy()
		}
		depth--
		at = stack[depth]
	}
}

// runRules runs the rules of a chain until one decides, or to its end, and leaves
// the verdict in the register; false if the path is too long.
func (m *machine) runRules(at *place) bool {
	for at.rule < len(at.chain.rules) {
		r := &at.chain.rules[at.rule]
		at.rule++
		m.verdict, m.step = verdict{}, -1
		for i, in := range r.instructions {
			if i == r.acts && !m.begin(r) {
				return false
			}
			if in.eval(m); m.verdict.code != codeContinue {
				break
			}
		}
		if m.verdict.code == codeBreak {
			m.withdraw()
			continue
		}
		if m.step < 0 && !m.begin(r) {
			return false
		}
		m.c.Engine.EndStep(m.step, m.stepOf(r), m.verdict.code.verdict())
		if m.verdict.code != codeContinue {
			return true
		}
	}
	m.verdict = verdict{}
	n, ok := m.c.Engine.Step(&at.chain.end)
	if ok {
		m.c.Engine.EndStep(n, &at.chain.end, netfilter.Continue)
	}
	return ok
}

// begin notes the rule's step, with the packet as it is now.
func (m *machine) begin(r *rule) (ok bool) {
	m.step, ok = m.c.Engine.Step(r)
	return ok
}

// stepOf returns the rule as the step that its verdict makes of it.
func (m *machine) stepOf(r *rule) netfilter.StepInfo {
	switch m.verdict.code {
	case codeJump:
		return &r.jump
	case codeGoto:
		return &r.goes
	}
	return r
}

// withdraw takes the rule's step back, if there is one: the rule broke.
func (m *machine) withdraw() {
	if m.step >= 0 {
		m.c.Engine.DropStep(m.step)
	}
}

// applyPolicy ends the walk at the end of the base chain.
func (m *machine) applyPolicy() netfilter.Verdict {
	v := m.base.policy.verdict()
	n, ok := m.c.Engine.Step(&m.base.policyStep)
	if !ok {
		return netfilter.Drop
	}
	m.c.Engine.EndStep(n, &m.base.policyStep, v)
	return v
}

// verdict returns the verdict of a hook function.
func (c code) verdict() netfilter.Verdict {
	switch c {
	case codeAccept:
		return netfilter.Accept
	case codeDrop:
		return netfilter.Drop
	case codeQueue:
		return netfilter.Queue
	case codeStolen:
		return netfilter.Stolen
	case codeReturn:
		return netfilter.Return
	}
	return netfilter.Continue
}
