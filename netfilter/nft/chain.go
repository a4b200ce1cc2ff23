package nft

// ChainType is the type of a base chain. The zero value is none.
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
	Base    *Base // nil for chains that are not base chains
	Rules   []*Rule
}

// Base holds the hook, priority and policy of a base chain.
type Base struct {
	Type     ChainType
	Hook     Hook
	Priority int32    // lower is earlier
	Drop     bool     // policy; accept otherwise
	Devices  []string // of ingress and egress chains; "eth*" is every device whose name begins so
	Offload  bool     // flags offload
	// Several reports whether the devices were declared as a list (devices = { }),
	// even if there is only one.
	Several bool
}
