package commands

import (
	"net/netip"
	"strings"
)

// prefix reports whether a word is an address of the version, with or without
// the length of a prefix or a mask.
func prefix(w string, version int) bool {
	addr, _, _ := strings.Cut(w, "/")
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return false
	}
	return a.Is4() == (version == 4)
}
