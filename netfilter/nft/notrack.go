package nft

// Notrack exempts the packet from connection tracking (nft_ct.c,
// nft_notrack_eval).
type Notrack struct{}

// String implements Expr.
func (*Notrack) String() string { return "notrack" }
