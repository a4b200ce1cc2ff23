package packet

import "net/netip"

// Transform is an IPsec transform (security association) that was removed from
// a packet on input or will be applied to it on output.
type Transform struct {
	Proto    uint8 // ProtoESP, ProtoAH or ProtoIPComp
	Mode     IPsecMode
	ReqID    uint32
	SPI      uint32
	Src, Dst netip.Addr // ends of a tunnel
}

// Equal reports whether both transforms are the same.
func (t Transform) Equal(o Transform) bool { return t == o }

// IPsecMode is the mode of a Transform. The zero value is TransportMode.
type IPsecMode uint8

// The modes.
const (
	TransportMode IPsecMode = iota
	TunnelMode
)
