package nft

import "fmt"

// Flags of Synproxy (include/uapi/linux/netfilter/nf_synproxy.h).
const (
	SynproxyMSS       = 0x01
	SynproxyWScale    = 0x02
	SynproxySACK      = 0x04
	SynproxyTimestamp = 0x08
)

// Synproxy answers TCP handshakes for a server (nft_synproxy.c).
type Synproxy struct {
	MSS    uint16
	WScale uint8
	Flags  uint32
}

// String implements Expr.
func (e *Synproxy) String() string { return fmt.Sprintf("synproxy mss %d wscale %d", e.MSS, e.WScale) }
