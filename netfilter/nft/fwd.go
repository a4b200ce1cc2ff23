package nft

import "fmt"

// Fwd forwards the packet by another device (nft_fwd_netdev.c).
type Fwd struct {
	Device Reg
	Addr   Reg    // 0: not given
	Family Family // of the address
}

// String implements Expr.
func (e *Fwd) String() string {
	s := fmt.Sprintf("fwd sreg_dev %s", e.Device)
	if e.Addr != 0 {
		s += fmt.Sprintf(" sreg_addr %s", e.Addr)
	}
	if e.Family != 0 {
		s += fmt.Sprintf(" nfproto %d", e.Family)
	}
	return s
}
