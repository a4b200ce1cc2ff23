package eval

// numgen loads an incremental number, or a random one
// (net/netfilter/nft_numgen.c).
type numgen struct {
	dst     register
	random  bool
	modulus uint32
	offset  uint32
}

type numgenMemory struct{ next uint32 }

func (n *numgenMemory) clone() memory { d := *n; return &d }

func (e *numgen) newMemory() memory { return &numgenMemory{} }

func (e *numgen) run(m *machine, mem memory) bool {
	if e.random {
		m.regs.store32(e.dst, m.c.Engine.Pick(e.modulus)+e.offset)
		return true
	}
	n := mem.(*numgenMemory)
	m.regs.store32(e.dst, n.next+e.offset)
	n.next = (n.next + 1) % e.modulus
	return true
}
