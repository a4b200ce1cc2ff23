package nft

// Notrack keeps the packet out of connection tracking (nft_ct.c,
// nft_notrack_eval).
type Notrack struct{}

func (*Notrack) String() string { return "notrack" }
