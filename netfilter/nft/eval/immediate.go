package eval

// immediate stores a constant (net/netfilter/nft_immediate.c).
type immediate struct {
	dst  register
	data []byte
}

func (e *immediate) eval(m *machine) { m.regs.store(e.dst, e.data) }

// decide stores a verdict (net/netfilter/nft_immediate.c).
type decide struct{ verdict verdict }

func (e *decide) eval(m *machine) { m.verdict = e.verdict }
