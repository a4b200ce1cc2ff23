package nft

import "fmt"

// Range breaks unless the bytes of a register lie between two constants,
// both included (nft_range.c).
type Range struct {
	Not      bool // breaks if they do
	Source   Reg
	From, To string
}

func (e *Range) String() string {
	op := "eq"
	if e.Not {
		op = "neq"
	}
	return fmt.Sprintf("range %s reg %s %s %s", op, e.Source, words(e.From), words(e.To))
}
