package nft

import "fmt"

// TProxy delivers the packet to a transparent socket (nft_tproxy.c).
type TProxy struct {
	Family     Family // IP, IP6, or 0 for both
	Addr, Port Reg    // 0: not given
}

// String implements Expr.
func (e *TProxy) String() string {
	s := "tproxy"
	if e.Family != 0 {
		s += " " + e.Family.String()
	}
	if e.Addr != 0 {
		s += fmt.Sprintf(" addr reg %s", e.Addr)
	}
	if e.Port != 0 {
		s += fmt.Sprintf(" port reg %s", e.Port)
	}
	return s
}
