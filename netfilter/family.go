package netfilter

import "github.com/packetpath/packetpath/netfilter/packet"

// Packet is an IP packet with what a host knows about it beyond its bytes; see
// [packet.Packet].
type Packet = packet.Packet

// Family is an address family; see [packet.Family].
type Family = packet.Family

// The families that have tables of their own.
const (
	IPv4 = packet.IPv4
	IPv6 = packet.IPv6
)

// Families is a set of families, as an extension supports them. The zero value
// is the empty set.
type Families uint8

// The sets that extensions declare.
const (
	OnlyIPv4     Families = 1 << IPv4
	OnlyIPv6     Families = 1 << IPv6
	BothFamilies          = OnlyIPv4 | OnlyIPv6
)

// Has reports whether f is in the set.
func (s Families) Has(f Family) bool { return s&(1<<f) != 0 }
