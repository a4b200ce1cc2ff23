package nft

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// words formats bytes like the debug output of nft: as 32-bit words of a
// little-endian machine, separated by blanks.
func words(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 4 {
		var w [4]byte
		copy(w[:], s[i:])
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "0x%08x", binary.LittleEndian.Uint32(w[:]))
	}
	return b.String()
}

// named returns the name of a number, or prefix and number.
func named[T ~uint8 | ~uint32 | ~int](names []string, n T, prefix string) string {
	if int(n) < len(names) && names[n] != "" {
		return names[n]
	}
	return fmt.Sprintf("%s%d", prefix, n)
}
