package packet

import "fmt"

// MAC is an Ethernet address. The zero value means not given.
type MAC [6]byte

// String returns the address as six hex pairs joined by colons.
func (m MAC) String() string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}
