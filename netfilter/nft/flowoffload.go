package nft

import "fmt"

// FlowOffload adds the packet's connection to a flowtable (nft_flow_offload.c).
type FlowOffload struct{ Flowtable string }

// String implements Expr.
func (e *FlowOffload) String() string { return fmt.Sprintf("flow_offload table %s", e.Flowtable) }
