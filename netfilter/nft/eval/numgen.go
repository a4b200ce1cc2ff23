package eval

// numgen loads the next of a series of numbers (net/netfilter/nft_numgen.c,
// nft_ng_inc_eval).
type numgen struct {
	dst     register
	modulus uint32
	offset  uint32
}

type numgenMemory struct{ next uint32 }

func (n *numgenMemory) clone() memory { d := *n; return &d }

func (e *numgen) newMemory() memory { return &numgenMemory{} }

func (e *numgen) run(m *machine, mem memory) bool {
	n := mem.(*numgenMemory)
	m.regs.store32(e.dst, n.next+e.offset)
	n.next = (n.next + 1) % e.modulus
	return true
}
