package nft

import "fmt"

// Immediate loads a constant into a register (nft_immediate.c).
type Immediate struct {
	Dest Reg
	Data string
}

// String implements Expr.
func (e *Immediate) String() string { return fmt.Sprintf("immediate reg %s %s", e.Dest, words(e.Data)) }
