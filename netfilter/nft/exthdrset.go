package nft

import "fmt"

// ExthdrSet writes bytes of an option (nft_exthdr.c, nft_exthdr_tcp_set_eval).
type ExthdrSet struct {
	Op          ExthdrOp
	Type        uint8
	Offset, Len int
	Source      Reg
}

// String implements Expr.
func (e *ExthdrSet) String() string {
	return fmt.Sprintf("exthdr write %s reg %s => %db @ %d + %d", e.Op, e.Source, e.Len, e.Type, e.Offset)
}

// ExthdrReset overwrites a TCP option with NOPs (nft_exthdr.c,
// nft_exthdr_tcp_strip_eval).
type ExthdrReset struct {
	Op   ExthdrOp
	Type uint8
}

// String implements Expr.
func (e *ExthdrReset) String() string { return fmt.Sprintf("exthdr reset %s %d", e.Op, e.Type) }
