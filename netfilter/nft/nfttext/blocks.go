package nfttext

import (
	"iter"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// withBlocks yields a rule, and the rules of the chain without a name that it
// jumps to. Those can't jump to another (nf_tables_api.c, nf_tables_bind_chain).
func withBlocks(r *nft.Rule) iter.Seq[*nft.Rule] {
	return func(yield func(*nft.Rule) bool) {
		if !yield(r) {
			return
		}
		for _, x := range r.Exprs {
			if b := blockOf(x); b != nil {
				for _, inner := range b.Rules {
					if !yield(inner) {
						return
					}
				}
			}
		}
	}
}

// blockOf returns the chain without a name that an expression jumps to, nil if
// there is none.
func blockOf(x nft.Expr) *nft.Chain {
	if v, ok := x.(*nft.SetVerdict); ok {
		return v.Verdict.Block
	}
	return nil
}

// programs yields the expressions of a chain's rules, with those of the chains
// without a name within them.
func programs(c *nft.Chain) iter.Seq[nft.Expr] {
	return func(yield func(nft.Expr) bool) {
		for _, outer := range c.Rules {
			for r := range withBlocks(outer) {
				for _, x := range r.Exprs {
					if !yield(x) {
						return
					}
				}
			}
		}
	}
}
