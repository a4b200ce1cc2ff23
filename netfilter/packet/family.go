package packet

import (
	"fmt"
	"net/netip"
)

// Family is an address family. The zero value is IPv4.
type Family uint8

// The families that have tables of their own (include/uapi/linux/netfilter.h).
const (
	IPv4 Family = iota
	IPv6
)

// String returns "IPv4" or "IPv6".
func (f Family) String() string {
	if f == IPv6 {
		return "IPv6"
	}
	return "IPv4"
}

// MarshalText returns what String does; it fails for an undefined value.
func (f Family) MarshalText() ([]byte, error) {
	if f > IPv6 {
		return nil, fmt.Errorf("there is no family %d", f)
	}
	return []byte(f.String()), nil
}

// UnmarshalText reads "IPv4" or "IPv6".
func (f *Family) UnmarshalText(text []byte) error {
	switch string(text) {
	case "IPv4":
		*f = IPv4
	case "IPv6":
		*f = IPv6
	default:
		return fmt.Errorf("unknown family %q: need IPv4 or IPv6", text)
	}
	return nil
}

// Tool returns the name of the command that edits this family's tables.
func (f Family) Tool() string {
	if f == IPv6 {
		return "ip6tables"
	}
	return "iptables"
}

// EtherType returns the number of this family in the link layer header
// (include/uapi/linux/if_ether.h, ETH_P_IP, ETH_P_IPV6).
func (f Family) EtherType() uint16 {
	if f == IPv6 {
		return 0x86dd
	}
	return 0x0800
}

// Bits returns the length of an address in bits: 32 or 128.
func (f Family) Bits() int {
	if f == IPv6 {
		return 128
	}
	return 32
}

// FamilyOf returns the family of an address; IPv4-mapped IPv6 addresses are IPv6.
func FamilyOf(a netip.Addr) Family {
	if a.Is4() {
		return IPv4
	}
	return IPv6
}
