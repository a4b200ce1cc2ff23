package nft

import "fmt"

// Hash loads a hash below Mod, plus Offset (nft_hash.c).
type Hash struct {
	Sym     bool // symhash: hash of the packet's flow; otherwise jhash of Len bytes of a register
	Source  Reg
	Len     int // bytes
	Mod     uint32
	Seed    uint32
	HasSeed bool
	Offset  uint32
	Dest    Reg
}

// String implements Expr.
func (e *Hash) String() string {
	s := fmt.Sprintf("hash reg %s = symhash() %% mod %d", e.Dest, e.Mod)
	if !e.Sym {
		s = fmt.Sprintf("hash reg %s = jhash(reg %s, %d, 0x%x) %% mod %d", e.Dest, e.Source, e.Len, e.Seed, e.Mod)
	}
	if e.Offset != 0 {
		s += fmt.Sprintf(" offset %d", e.Offset)
	}
	return s
}
