package nft

import "fmt"

// Dup sends a copy of the packet to a gateway or by a device (nft_dup_ipv4.c,
// nft_dup_ipv6.c, nft_dup_netdev.c). Registers that are zero are not given.
type Dup struct{ Addr, Device Reg }

// String implements Expr.
func (e *Dup) String() string {
	s := "dup"
	if e.Addr != 0 {
		s += fmt.Sprintf(" sreg_addr %s", e.Addr)
	}
	if e.Device != 0 {
		s += fmt.Sprintf(" sreg_dev %s", e.Device)
	}
	return s
}
