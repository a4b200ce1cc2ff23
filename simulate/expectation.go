package simulate

import (
	"net/netip"
	"time"
)

// Expectation is a connection that is foreseen (conntrack -L expect).
type Expectation struct {
	Proto   uint8
	Src     netip.Addr // the zero Addr: from anywhere
	SrcPort uint16     // 0: from any port
	Dst     netip.Addr
	DstPort uint16
	Helper  string        // helper of the expected connection; "" for none
	Timeout time.Duration // 0: as long as its master lives
}
