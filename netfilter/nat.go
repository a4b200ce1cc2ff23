package netfilter

import "net/netip"

// Manip is the side of a packet that NAT changes. The zero value is the source.
type Manip uint8

// The manipulations (include/net/netfilter/nf_nat.h, enum nf_nat_manip_type).
const (
	ManipSrc Manip = iota // SNAT, MASQUERADE: in POSTROUTING and INPUT
	ManipDst              // DNAT, REDIRECT: in PREROUTING and OUTPUT
)

// ManipOf returns the side that NAT changes at a hook (HOOK2MANIP).
func ManipOf(h Hook) Manip {
	if h == Postrouting || h == Input {
		return ManipSrc
	}
	return ManipDst
}

// NATRange is the range of addresses and ports that a NAT target allows
// (include/uapi/linux/netfilter/nf_nat.h, struct nf_nat_range2). The zero value
// keeps address and port.
type NATRange struct {
	MinAddr, MaxAddr netip.Addr // inclusive; invalid: the address stays
	MinPort, MaxPort uint16     // inclusive; only with Ports
	BasePort         uint16     // with Offset: this original port maps to MinPort
	Ports            bool       // a port range is given
	Offset           bool       // base-port form: ports are shifted
	Random           bool       // --random
	RandomFully      bool       // --random-fully
	Persistent       bool       // --persistent
	Netmap           bool       // keep the host part of the address
}
