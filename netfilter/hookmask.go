package netfilter

import (
	"errors"
	"fmt"
)

// hookMask finds loops and the hooks each rule is reached from, as the kernel
// does before it accepts a table (net/ipv4/netfilter/ip_tables.c,
// mark_source_chains): jumps and gotos are followed alike, and rules after an
// unconditional verdict are not visited. Chains are known by their index in the
// table.
type hookMask struct {
	table *Table
	ids   map[string]int32
	jumps []jump  // of all chains, one chain after the other
	first []int32 // by chain: index of its first jump; one more at the end
	ends  []int32 // by chain: how many of its rules can be reached
	seen  []Hooks // by chain: the hooks it is reached from
}

// jump is a rule that leads to another chain.
type jump struct {
	rule int32 // its index in its chain
	to   int32
}

// step is a rule in its chain.
type step struct {
	chain  *Chain
	rule   *Rule
	number int
}

func newHookMask(t *Table) *hookMask {
	w := &hookMask{table: t, ids: make(map[string]int32, len(t.Chains)), first: make([]int32, len(t.Chains)+1),
		ends: make([]int32, len(t.Chains)), seen: make([]Hooks, len(t.Chains))}
	for i, c := range t.Chains {
		w.ids[c.Name] = int32(i)
	}
	return w
}

// add adds the jumps of the next chain. It calls fail with the index of every
// rule whose jump is invalid.
func (w *hookMask) add(i int, fail func(rule int, err error)) {
	rules := w.table.Chains[i].Rules
	end := len(rules)
	for n, r := range rules {
		j, ok := r.Target.(*Jump)
		switch {
		case ok:
			id, err := w.target(j)
			if err != nil {
				fail(n, err)
			} else if n < end {
				w.jumps = append(w.jumps, jump{int32(n), id})
			}
		case r.Goto:
			fail(n, errors.New("-g needs a chain"))
		case n < end && endsChain(r):
			end = n + 1
		}
	}
	w.ends[i] = int32(end)
	w.first[i+1] = int32(len(w.jumps))
}

func (w *hookMask) target(j *Jump) (int32, error) {
	id, ok := w.ids[j.Chain]
	if !ok {
		return 0, fmt.Errorf("%w: %q", ErrNoSuchChain, j.Chain)
	}
	if w.table.Chains[id].Builtin() {
		return 0, fmt.Errorf("cannot jump to built-in chain %s", j.Chain)
	}
	return id, nil
}

// hooks returns the hooks that a rule is reached from.
func (w *hookMask) hooks(chain, rule int) Hooks {
	if int32(rule) >= w.ends[chain] {
		return 0
	}
	return w.seen[chain]
}

// walk visits everything the hooks can reach; it returns the jump that closes a
// loop, nil if there is none.
func (w *hookMask) walk() *step {
	active := make([]bool, len(w.table.Chains))
	for i, c := range w.table.Chains {
		if h, ok := HookByName(c.Name); ok && c.Builtin() {
			if loop := w.visit(int32(i), h, active); loop != nil {
				return loop
			}
		}
	}
	return nil
}

// visit walks the chains reachable from root with a stack of its own, so that a
// long sequence of chains cannot exhaust the goroutine's.
func (w *hookMask) visit(root int32, h Hook, active []bool) *step {
	type frame struct{ chain, next int32 }
	stack := []frame{{root, w.first[root]}}
	active[root] = true
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.next == w.first[top.chain+1] {
			active[top.chain] = false
			w.seen[top.chain] |= 1 << h
			stack = stack[:len(stack)-1]
			continue
		}
		j := w.jumps[top.next]
		top.next++
		switch {
		case active[j.to]:
			c := w.table.Chains[top.chain]
			return &step{c, c.Rules[j.rule], int(j.rule) + 1}
		case !w.seen[j.to].Has(h):
			active[j.to] = true
			stack = append(stack, frame{j.to, w.first[j.to]})
		}
	}
	return nil
}

// endsChain reports whether the rules after r cannot be reached.
func endsChain(r *Rule) bool {
	_, fixed := r.Target.(StandardTarget)
	return fixed && r.Unconditional()
}
