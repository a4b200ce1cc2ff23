package nft

// ChainType says what a base chain is for. The zero value is none.
type ChainType string

// The types that the kernel has (net/netfilter/nft_chain_*.c).
const (
	FilterChain ChainType = "filter"
	NATChain    ChainType = "nat"
	RouteChain  ChainType = "route"
)

// Chain is a list of rules.
type Chain struct {
	Name    string
	Handle  uint64
	Comment string
	Base    *Base // nil in chains that are only jumped to
	Rules   []*Rule
}

// Base is where and how the kernel calls a chain.
type Base struct {
	Type     ChainType
	Hook     Hook
	Priority int32    // lower is earlier
	Drop     bool     // policy; accept otherwise
	Devices  []string // of ingress and egress chains; "eth*" is every device whose name begins so
	Offload  bool     // flags offload
	// Several says that the devices were declared as a list (devices = { }),
	// even if there is but one.
	Several bool
}
