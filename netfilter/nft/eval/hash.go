package eval

import (
	"github.com/packetpath/packetpath/netfilter/internal/jhash"
)

// hash loads a hash of registers (net/netfilter/nft_hash.c, nft_jhash_eval).
type hash struct {
	dst, src register
	length   int
	modulus  uint32
	seed     uint32
	hasSeed  bool
	offset   uint32
}

func (e *hash) eval(m *machine) {
	if !e.hasSeed { // nft chose a random seed when it loaded the rule
		m.regs.store32(e.dst, e.offset+m.c.Engine.Pick(e.modulus))
		return
	}
	h := jhash.Bytes(e.seed, m.regs.bytes(e.src, e.length))
	m.regs.store32(e.dst, e.offset+jhash.Scale(h, e.modulus))
}

// flowHash loads the hash of the packet's flow (nft_symhash_eval). The kernel
// seeds it randomly at boot, so all values are equally likely.
type flowHash struct {
	dst     register
	modulus uint32
	offset  uint32
}

func (e *flowHash) eval(m *machine) {
	m.regs.store32(e.dst, e.offset+m.c.Engine.Pick(e.modulus))
}
