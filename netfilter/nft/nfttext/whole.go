package nfttext

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter/nft"
)

// checkWhole returns an error if a part of a ruleset is nil, as only a program can
// make it.
func checkWhole(r *nft.Ruleset) error {
	for i, t := range r.Tables {
		switch {
		case t == nil:
			return Errors{{Msg: fmt.Sprintf("the ruleset: table %d is nil", i+1)}}
		case !whole(t):
			return Errors{{Msg: fmt.Sprintf("the ruleset: table %s %s has a chain, rule, set, object or flowtable that is nil", t.Family, t.Name)}}
		}
	}
	return nil
}

// whole reports whether no part of a table is nil.
func whole(t *nft.Table) bool {
	for _, c := range t.Chains {
		if c == nil || slices.Contains(c.Rules, nil) {
			return false
		}
	}
	return !slices.Contains(t.Sets, nil) && !slices.Contains(t.Objects, nil) && !slices.Contains(t.Flowtables, nil)
}

// tablesOf returns the tables of a ruleset without what is nil; none of nil.
func tablesOf(r *nft.Ruleset) []*nft.Table {
	if r == nil {
		return nil
	}
	out := without(r.Tables)
	for i, t := range out {
		if !whole(t) {
			out[i] = withoutNil(t)
		}
	}
	return out
}

// withoutNil returns a copy of a table without its parts that are nil.
func withoutNil(t *nft.Table) *nft.Table {
	c := *t
	c.Chains, c.Sets, c.Objects, c.Flowtables = without(t.Chains), without(t.Sets), without(t.Objects), without(t.Flowtables)
	for i, chain := range c.Chains {
		own := *chain
		own.Rules = without(chain.Rules)
		c.Chains[i] = &own
	}
	return &c
}

// without returns a copy of a list without what is nil.
func without[T any](list []*T) []*T {
	return slices.DeleteFunc(slices.Clone(list), func(x *T) bool { return x == nil })
}
