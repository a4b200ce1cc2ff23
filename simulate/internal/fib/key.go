package fib

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// Key is the key of a routing lookup. Dst determines the family. Fields that do not apply
// to a query are ignored: Output does not use IIF, Input does not use OIF, UID
// and AnySource.
type Key struct {
	Dst netip.Addr
	// Src is the source address; the zero Addr or an unspecified address means
	// that Output shall choose one.
	Src netip.Addr
	IIF int // link the packet arrived on
	OIF int // output link that the sender requires; 0 for any
	// TOS is the whole TOS or traffic class byte.
	TOS              uint8
	Mark             uint32
	UID              uint32
	Proto            uint8
	SrcPort, DstPort uint16
	// AnySource lets Output take an IPv4 source that is not the host's own
	// (FLOWI_FLAG_ANYSRC: transparent sockets, rerouting).
	AnySource bool
	// Rerouted reports that Output is called for a packet that has passed OUTPUT already
	// (ip_route_me_harder): protocol and ports are used only if a rule requires the flow
	// dissector, and the IPv4 lookup has no UID.
	Rerouted bool
	// Attached reports that a bridge has delivered the packet with its route attached,
	// whose link counts as the input link of IPv6 (net/ipv6/ip6_input.c, ip6_rcv_core).
	Attached bool
}

// dissected clears protocol and ports unless the kernel dissects packets (looks).
func (k *Key) dissected(looks bool) {
	if !looks {
		k.Proto, k.SrcPort, k.DstPort = 0, 0, 0
	}
}

// bitkey is an address as bits, most significant first; IPv4 fills the first 32.
type bitkey struct{ hi, lo uint64 }

func keyOf(a netip.Addr) bitkey {
	if a.Is4() {
		b := a.As4()
		return bitkey{hi: uint64(binary.BigEndian.Uint32(b[:])) << 32}
	}
	b := a.As16()
	return bitkey{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// bit returns bit i, counted from the left.
func (k bitkey) bit(i int) int {
	if i < 64 {
		return int(k.hi >> (63 - i) & 1)
	}
	return int(k.lo >> (127 - i) & 1)
}

// common returns how many leading bits k and o share.
func (k bitkey) common(o bitkey) int {
	if x := k.hi ^ o.hi; x != 0 {
		return bits.LeadingZeros64(x)
	}
	return 64 + bits.LeadingZeros64(k.lo^o.lo)
}

// is4 tells the family; IPv4-mapped addresses are IPv6.
func is4(a netip.Addr) bool { return a.Is4() }

// isSet reports whether a is an address other than 0.0.0.0 and ::.
func isSet(a netip.Addr) bool { return a.IsValid() && !a.IsUnspecified() }

var (
	any4       = netip.IPv4Unspecified()
	loopback4  = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	loopback6  = netip.IPv6Loopback()
	broadcast4 = netip.AddrFrom4([4]byte{255, 255, 255, 255})
)

// zeronet reports whether a is 0.0.0.0; the rest of 0.0.0.0/8 is nothing special
// since Linux 5.3 (include/linux/in.h, ipv4_is_zeronet).
func zeronet(a netip.Addr) bool { return a == any4 }

// localMulticast reports whether a is in 224.0.0.0/24.
func localMulticast(a netip.Addr) bool {
	b := a.As4()
	return b[0] == 224 && b[1] == 0 && b[2] == 0
}
