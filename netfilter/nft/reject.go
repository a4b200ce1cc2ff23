package nft

import "fmt"

// RejectType is the kind of reply. The zero value is an ICMP or ICMPv6 error of
// the packet's family.
type RejectType uint8

// The types, in the kernel's numbering (enum nft_reject_types).
const (
	RejectICMP RejectType = iota
	RejectTCPReset
	RejectICMPX // a code that both families have
)

// Codes of RejectICMPX (enum nft_reject_inet_code).
const (
	ICMPXNoRoute uint8 = iota
	ICMPXPortUnreachable
	ICMPXHostUnreachable
	ICMPXAdminProhibited
)

// Reject sends an error to the source and drops the packet (nft_reject_ipv4.c,
// nft_reject_ipv6.c, nft_reject_inet.c, nft_reject_netdev.c,
// nft_reject_bridge.c).
type Reject struct {
	Type RejectType
	Code uint8
}

// String implements Expr.
func (e *Reject) String() string { return fmt.Sprintf("reject type %d code %d", e.Type, e.Code) }
