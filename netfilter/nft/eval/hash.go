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
	offset   uint32
}

func (e *hash) eval(m *machine) {
	h := jhash.Bytes(e.seed, m.regs.bytes(e.src, e.length))
	m.regs.store32(e.dst, e.offset+jhash.Scale(h, e.modulus))
}

// pick loads a number that cannot be predicted, so that all are equally likely: a
// random one (net/netfilter/nft_numgen.c, nft_ng_random_eval), the hash of the
// packet's flow, which the kernel seeds at boot (nft_hash.c, nft_symhash_eval), or a
// hash whose seed nft chooses when it loads the rule.
type pick struct {
	dst     register
	modulus uint32
	offset  uint32
}

func (e *pick) eval(m *machine) {
	m.regs.store32(e.dst, e.offset+m.c.Engine.Pick(e.modulus))
}
