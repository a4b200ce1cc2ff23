package nft

// Redirect translates the destination of the packet's connection to the host
// itself (nft_redir.c).
type Redirect struct {
	ProtoMin, ProtoMax Reg // 0: not given
	Flags              uint32
}

// String implements Expr.
func (e *Redirect) String() string { return "redir" + ports(e.ProtoMin, e.ProtoMax, e.Flags) }
