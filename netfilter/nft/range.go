package nft

import "fmt"

// Range breaks unless the bytes of a register are between two constants, both
// included (nft_range.c).
type Range struct {
	Not      bool // inverted: breaks if they are
	Source   Reg
	From, To string
}

// String implements Expr.
func (e *Range) String() string {
	op := "eq"
	if e.Not {
		op = "neq"
	}
	return fmt.Sprintf("range %s reg %s %s %s", op, e.Source, words(e.From), words(e.To))
}
