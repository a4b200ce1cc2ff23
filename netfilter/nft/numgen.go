package nft

import "fmt"

// Numgen loads a number below Mod, plus Offset (nft_numgen.c).
type Numgen struct {
	Random bool // otherwise incremental
	Mod    uint32
	Offset uint32
	Dest   Reg
}

// String implements Expr.
func (e *Numgen) String() string {
	kind := "inc"
	if e.Random {
		kind = "random"
	}
	s := fmt.Sprintf("numgen reg %s = %s mod %d", e.Dest, kind, e.Mod)
	if e.Offset != 0 {
		s += fmt.Sprintf(" offset %d", e.Offset)
	}
	return s
}
