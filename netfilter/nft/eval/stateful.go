package eval

// stateful is an instruction that keeps state. It may be part of a rule or a
// set element, or be a named object.
type stateful interface {
	// newMemory returns the state at load.
	newMemory() memory
	// run evaluates the instruction; false breaks the rule.
	run(m *machine, mem memory) bool
}

// memory is the state of a stateful instruction.
type memory interface {
	clone() memory
}

// inRule is a stateful instruction of a rule.
type inRule struct {
	index int // of its memory in the state
	stateful
}

func (e *inRule) eval(m *machine) {
	if !e.run(m, m.state.memory(e.index, e.stateful)) {
		m.breakRule()
	}
}

// objectRef evaluates a named object (net/netfilter/nft_objref.c,
// nft_objref_eval).
type objectRef struct {
	object *object
}

// object is a stateful instruction with a name. All rules that refer to it
// share its state.
type object struct {
	index int
	stateful
}

func (e *objectRef) eval(m *machine) {
	if !e.object.run(m, m.state.memory(e.object.index, e.object.stateful)) {
		m.breakRule()
	}
}

// objectMap evaluates the object that a map yields for a key
// (nft_objref_map_eval).
type objectMap struct {
	src     register
	set     *set
	objects map[string]*object
}

func (e *objectMap) eval(m *machine) {
	el, _ := m.state.lookup(e.set, m.regs.bytes(e.src, e.set.keyLen), m.c.Engine.Now())
	if el == nil {
		m.breakRule()
		return
	}
	o := e.objects[el.object]
	if !o.run(m, m.state.memory(o.index, o.stateful)) {
		m.breakRule()
	}
}
