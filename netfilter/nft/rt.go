package nft

import "fmt"

// RTKey is the key of an rt expression: a property of the packet's route. The
// zero value is its realm.
type RTKey uint8

// The keys, in the kernel's numbering (enum nft_rt_keys).
const (
	RTClassID RTKey = iota
	RTNextHop4
	RTNextHop6
	RTTCPMSS
	RTXfrm
)

var rtNames = [...]string{"classid", "nexthop4", "nexthop6", "tcpmss", "ipsec"}

// String returns the name in debug output.
func (k RTKey) String() string { return named(rtNames[:], k, "rt") }

// RT loads a property of the packet's route (nft_rt.c).
type RT struct {
	Key  RTKey
	Dest Reg
}

// String implements Expr.
func (e *RT) String() string { return fmt.Sprintf("rt load %s => reg %s", e.Key, e.Dest) }
