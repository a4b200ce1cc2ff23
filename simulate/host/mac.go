package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter/packet"
)

// ParseMAC reads six hex pairs joined by colons.
func ParseMAC(s string) (packet.MAC, error) {
	var m packet.MAC
	parts := strings.Split(s, ":")
	if len(parts) != len(m) {
		return m, fmt.Errorf("MAC address %q: need six hex pairs joined by colons", s)
	}
	for i, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil || len(p) != 2 {
			return m, fmt.Errorf("MAC address %q: bad pair %q", s, p)
		}
		m[i] = byte(b)
	}
	return m, nil
}
