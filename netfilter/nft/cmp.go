package nft

import "fmt"

// CmpOp is the operator of a comparison. The zero value is equality.
type CmpOp uint8

// The operators, in the kernel's numbering (enum nft_cmp_ops).
const (
	Eq CmpOp = iota
	Neq
	Lt
	Lte
	Gt
	Gte
)

var cmpNames = [...]string{"eq", "neq", "lt", "lte", "gt", "gte"}

// String returns the name in debug output.
func (o CmpOp) String() string { return named(cmpNames[:], o, "op") }

// Cmp breaks unless the comparison of a register with Data, by memcmp,
// satisfies Op (nft_cmp.c). The length of the comparison is that of Data.
type Cmp struct {
	Op     CmpOp
	Source Reg
	Data   string
}

// String implements Expr.
func (e *Cmp) String() string { return fmt.Sprintf("cmp %s reg %s %s", e.Op, e.Source, words(e.Data)) }
