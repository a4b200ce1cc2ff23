package opt

import (
	"errors"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// MAC reads six hex numbers of at most two characters, joined by colons, each
// as strtoul reads it; an empty number is 0 (libxtables, xtopt_parse_ethermac).
func MAC(s string) (m packet.MAC, err error) {
	err = errors.New("a MAC address is six hex numbers joined by colons")
	words := strings.Split(s, ":")
	if len(words) != len(m) {
		return m, err
	}
	for i, w := range words {
		n, rest, ok := ScanHex(w)
		if !ok {
			rest = w
		}
		if rest != "" || len(w) > 2 {
			return m, err
		}
		m[i] = byte(n)
	}
	return m, nil
}
