package nft

import "fmt"

// BitwiseOp is the operation of a Bitwise. The zero value is mask and xor.
type BitwiseOp uint8

// The operations, in the kernel's numbering (enum nft_bitwise_ops).
const (
	MaskXor BitwiseOp = iota
	ShiftLeft
	ShiftRight
	And // with a second register, as Or and Xor are (Linux 6.13)
	Or
	Xor
)

var bitwiseSigns = [...]string{"&", "<<", ">>", "&", "|", "^"}

// Bitwise applies a bitwise operation to a register (nft_bitwise.c). Shifts
// work on 32-bit words of the machine, the first word being the most
// significant.
type Bitwise struct {
	Op        BitwiseOp
	Source    Reg
	Dest      Reg
	Len       int    // bytes
	Mask, Xor string // of MaskXor
	Shift     uint32 // bits
	Source2   Reg    // of And, Or and Xor
}

// String implements Expr.
func (e *Bitwise) String() string {
	switch e.Op {
	case MaskXor:
		return fmt.Sprintf("bitwise reg %s = ( reg %s & %s ) ^ %s", e.Dest, e.Source, words(e.Mask), words(e.Xor))
	case ShiftLeft, ShiftRight:
		return fmt.Sprintf("bitwise reg %s = ( reg %s %s 0x%08x )", e.Dest, e.Source, bitwiseSigns[e.Op], e.Shift)
	}
	return fmt.Sprintf("bitwise reg %s = ( reg %s %s reg %s )", e.Dest, e.Source, named(bitwiseSigns[:], e.Op, "op"), e.Source2)
}
