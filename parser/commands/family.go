package commands

import (
	"net/netip"
	"strings"
)

// prefix reports whether a word is an address of the family, with or without a prefix
// length or a mask.
func prefix(w string, version int) bool {
	addr, _, _ := strings.Cut(w, "/")
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	return a.Is4() == (version == 4)
}
