package nft

import "fmt"

// Inner runs an expression on the packet inside a tunnel (nft_inner.c).
type Inner struct {
	Type    uint32 // of the tunnel: vxlan, geneve, gre (enum nft_inner_type)
	HdrSize uint32
	Flags   uint32
	Expr    Expr // a Payload or a Meta
}

// String implements Expr.
func (e *Inner) String() string {
	return fmt.Sprintf("inner type %d hdrsize %d flags %x [ %s ]", e.Type, e.HdrSize, e.Flags, e.Expr)
}
