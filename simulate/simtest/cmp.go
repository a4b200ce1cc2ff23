package simtest

import (
	"math/big"
	"net/netip"

	"github.com/google/go-cmp/cmp"
)

// CmpOptions let go-cmp compare what users put beside the types of this module
// in structs of their own: addresses, prefixes, probabilities. The types of this
// module need no options.
func CmpOptions() cmp.Options {
	return cmp.Options{
		cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
		cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
		cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
		cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 }),
	}
}
