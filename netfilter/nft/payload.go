package nft

import "fmt"

// PayloadBase is the base of payload offsets. The zero value is the link layer
// header.
type PayloadBase uint8

// The bases, in the kernel's numbering (enum nft_payload_bases).
const (
	LinkHeader PayloadBase = iota
	NetworkHeader
	TransportHeader
	InnerHeader  // payload of the transport header
	TunnelHeader // the tunnel's own header
)

var baseNames = [...]string{"link", "network", "transport", "inner", "tunnel"}

// String returns the name in debug output.
func (b PayloadBase) String() string { return named(baseNames[:], b, "base") }

// Payload loads bytes of the packet (nft_payload.c, nft_payload_eval). It
// breaks if the packet does not contain them.
type Payload struct {
	Base        PayloadBase
	Offset, Len int // bytes
	Dest        Reg
}

// String implements Expr.
func (e *Payload) String() string {
	return fmt.Sprintf("payload load %db @ %s header + %d => reg %s", e.Len, e.Base, e.Offset, e.Dest)
}
