package eval

import (
	"errors"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/watch"
)

// maxJumps is the maximum nesting of jumps (NFT_JUMP_STACK_SIZE). A ruleset
// that exceeds it is refused at load.
const maxJumps = 16

// position is where evaluation continues after the end of a called
// chain.
type position struct {
	chain *chain
	rule  int
}

// run evaluates a base chain for a packet (net/netfilter/nf_tables_core.c,
// nft_do_chain).
func (b *baseChain) run(c *netfilter.Context) netfilter.Verdict {
	st := c.State().(*State)
	m := st.acquire()
	defer st.release()
	m.c, m.state, m.base, m.info = c, st, b, newPacketInfo(c.Packet)
	m.watcher = watch.For(c)
	c.Table = b.tableName
	return m.walk()
}

// walk evaluates the base chain and the chains it calls until a verdict is
// reached.
func (m *machine) walk() netfilter.Verdict {
	at := position{chain: m.base.chain}
	var stack [maxJumps]position
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
			at = position{chain: m.verdict.chain}
			continue
		case codeGoto:
			at = position{chain: m.verdict.chain}
			continue
		}
		if depth == 0 {
			return m.applyPolicy()
		}
		depth--
		at = stack[depth]
	}
}

// runRules evaluates the rules of a chain until one sets a verdict or the chain
// ends, and leaves the verdict in the register; false if the path is too long.
func (m *machine) runRules(at *position) bool {
	for at.rule < len(at.chain.rules) {
		r := &at.chain.rules[at.rule]
		at.rule++
		m.verdict, m.step = verdict{}, -1
		last := 0
		for i, in := range r.instructions {
			last = i
			if i == r.acts && !m.begin(r) {
				return false
			}
			if in.eval(m); m.verdict.code != codeContinue {
				break
			}
		}
		if m.watcher != nil {
			m.report(r, last)
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

// begin adds the rule's step to the path, with the current packet.
func (m *machine) begin(r *rule) (ok bool) {
	m.step, ok = m.c.Engine.Step(r)
	return ok
}

// stepOf returns the step of a rule, which depends on its verdict.
func (m *machine) stepOf(r *rule) netfilter.StepInfo {
	switch m.verdict.code {
	case codeJump:
		return &r.jump
	case codeGoto:
		return &r.goes
	}
	return r
}

// withdraw removes the step of a rule that broke, if it was added.
func (m *machine) withdraw() {
	if m.step >= 0 {
		m.c.Engine.DropStep(m.step)
	}
}

// applyPolicy applies the policy at the end of the base chain.
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
