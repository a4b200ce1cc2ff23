package eval

import (
	"time"

	"github.com/packetpath/packetpath/netfilter"
)

// State is the mutable state of a ruleset in one session. The cost of a new
// State does not depend on the number of rules or elements.
type State struct {
	loaded   time.Time         // when the ruleset was loaded
	memories map[int]memory    // by index; those that were used
	sets     map[int]*setState // by index; those that were changed
	machines []*machine        // one for each evaluation in progress, reused for the next
	depth    int               // number of evaluations in progress
}

// newState returns the state of a ruleset loaded at a time.
func newState(loaded time.Time) *State { return &State{loaded: loaded} }

// Clone implements netfilter.State.
func (st *State) Clone() netfilter.State {
	c := newState(st.loaded)
	if len(st.memories) > 0 {
		c.memories = make(map[int]memory, len(st.memories))
		for i, m := range st.memories {
			c.memories[i] = m.clone()
		}
	}
	if len(st.sets) > 0 {
		c.sets = make(map[int]*setState, len(st.sets))
		for i, s := range st.sets {
			c.sets[i] = s.clone()
		}
	}
	return c
}

// acquire returns a machine for the evaluation of a base chain. Evaluations
// nest if a rule sends a packet itself.
func (st *State) acquire() *machine {
	if st.depth == len(st.machines) {
		st.machines = append(st.machines, new(machine))
	}
	st.depth++
	return st.machines[st.depth-1]
}

func (st *State) release() { st.depth-- }

// memory returns the state of an instruction, created on first use.
func (st *State) memory(index int, f stateful) memory {
	m := st.memories[index]
	if m == nil {
		if st.memories == nil {
			st.memories = map[int]memory{}
		}
		m = f.newMemory()
		st.memories[index] = m
	}
	return m
}
