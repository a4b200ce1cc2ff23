package nft

import "fmt"

// Byteorder converts numbers of Size bytes between host and network byte order
// (nft_byteorder.c).
type Byteorder struct {
	ToNetwork    bool // hton; ntoh otherwise. Both swap the bytes on little-endian machines.
	Source, Dest Reg
	Len, Size    int // bytes
}

// String implements Expr.
func (e *Byteorder) String() string {
	op := "ntoh"
	if e.ToNetwork {
		op = "hton"
	}
	return fmt.Sprintf("byteorder reg %s = %s(reg %s, %d, %d)", e.Dest, op, e.Source, e.Size, e.Len)
}
