package nft

import "fmt"

// MetaSet sets metadata of the packet (nft_meta.c, nft_meta_set_eval).
type MetaSet struct {
	Key    MetaKey // priority, mark, pkttype, nftrace, secmark or broute
	Source Reg
}

// String implements Expr.
func (e *MetaSet) String() string { return fmt.Sprintf("meta set %s with reg %s", e.Key, e.Source) }
