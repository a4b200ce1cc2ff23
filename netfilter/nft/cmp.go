package nft

import "fmt"

// CmpOp is how data are compared. The zero value is equality.
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

// Cmp breaks unless the bytes of a register compare with constant ones as asked,
// as memcmp does (nft_cmp.c). No more bytes than Data has are compared.
type Cmp struct {
	Op     CmpOp
	Source Reg
	Data   string
}

func (e *Cmp) String() string { return fmt.Sprintf("cmp %s reg %s %s", e.Op, e.Source, words(e.Data)) }
