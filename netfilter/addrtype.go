package netfilter

// AddrType is a set of address types, as the routing tables know them
// (include/uapi/linux/rtnetlink.h, RTN_*; bit n is RTN number n).
type AddrType uint16

// The address types.
const (
	AddrUnspec AddrType = 1 << iota
	AddrUnicast
	AddrLocal
	AddrBroadcast
	AddrAnycast
	AddrMulticast
	AddrBlackhole
	AddrUnreachable
	AddrProhibit
	AddrThrow
	AddrNAT
	AddrXResolve
)
