package netfilter

import (
	"errors"
	"fmt"
)

// hookMask finds loops and the hooks each rule is reached from, as the kernel does
// before it accepts a table (net/ipv4/netfilter/ip_tables.c,
// mark_source_chains): jumps and gotos are followed alike, and what follows
// an unconditional verdict is not looked at.
type hookMask struct {
	table  *Table
	chains map[string]*Chain
	hooks  map[*Rule]Hooks
	active map[*Chain]bool
	seen   map[*Chain]Hooks // hooks from which the chain was walked already
}

// step is a rule in its chain.
type step struct {
	chain  *Chain
	rule   *Rule
	number int
}

func newHookMask(t *Table) *hookMask {
	w := &hookMask{table: t, chains: make(map[string]*Chain, len(t.Chains)), hooks: map[*Rule]Hooks{},
		active: map[*Chain]bool{}, seen: map[*Chain]Hooks{}}
	for _, c := range t.Chains {
		w.chains[c.Name] = c
	}
	return w
}

func (w *hookMask) checkJump(r *Rule) error {
	j, ok := r.Target.(*Jump)
	if !ok {
		if r.Goto {
			return errors.New("-g needs a chain")
		}
		return nil
	}
	c := w.chains[j.Chain]
	if c == nil {
		return fmt.Errorf("%w: %q", ErrNoSuchChain, j.Chain)
	}
	if c.Builtin() {
		return fmt.Errorf("cannot jump to built-in chain %s", j.Chain)
	}
	return nil
}

// walk visits everything the hooks can reach; it returns the jump that closes a
// loop, nil if there is none.
func (w *hookMask) walk() *step {
	for _, c := range w.table.Chains {
		if h, ok := HookByName(c.Name); ok && c.Builtin() {
			if loop := w.visit(c, h); loop != nil {
				return loop
			}
		}
	}
	return nil
}

// visit walks the chains reachable from root with a stack of its own, so that
// a long string of chains cannot exhaust the goroutine's.
func (w *hookMask) visit(root *Chain, h Hook) *step {
	stack := []step{{chain: root}}
	w.active[root] = true
	defer clear(w.active)
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		callee := w.next(top, h)
		switch {
		case callee == nil:
			w.active[top.chain] = false
			w.seen[top.chain] |= 1 << h
			stack = stack[:len(stack)-1]
		case w.active[callee]:
			return top
		case !w.seen[callee].Has(h):
			w.active[callee] = true
			stack = append(stack, step{chain: callee})
		}
	}
	return nil
}

// next advances s to the next jump and returns its chain; nil at the end.
func (w *hookMask) next(s *step, h Hook) *Chain {
	for s.number < len(s.chain.Rules) {
		if s.rule != nil && endsChain(s.rule) {
			return nil
		}
		s.rule = s.chain.Rules[s.number]
		s.number++
		w.hooks[s.rule] |= 1 << h
		if j, ok := s.rule.Target.(*Jump); ok {
			return w.chains[j.Chain]
		}
	}
	return nil
}

// endsChain reports whether nothing behind the rule can be reached.
func endsChain(r *Rule) bool {
	_, fixed := r.Target.(StandardTarget)
	return fixed && r.Unconditional()
}
