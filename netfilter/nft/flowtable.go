package nft

// Flowtable lets packets of known connections bypass the hooks
// (net/netfilter/nf_flow_table_core.c). Its hook is always ingress.
type Flowtable struct {
	Name     string
	Handle   uint64
	Priority int32
	Devices  []string
	Offload  bool // flags offload: by the device
	Counter  bool // connections are counted
}
