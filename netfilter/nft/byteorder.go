package nft

import "fmt"

// Byteorder turns bytes round within units of Size bytes (nft_byteorder.c).
type Byteorder struct {
	ToNetwork    bool // hton; ntoh otherwise. Both do the same on little-endian machines.
	Source, Dest Reg
	Len, Size    int // bytes
}

func (e *Byteorder) String() string {
	op := "ntoh"
	if e.ToNetwork {
		op = "hton"
	}
	return fmt.Sprintf("byteorder reg %s = %s(reg %s, %d, %d)", e.Dest, op, e.Source, e.Size, e.Len)
}
