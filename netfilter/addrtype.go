package netfilter

// AddrType is a set of routing address types (include/uapi/linux/rtnetlink.h,
// RTN_*; bit n stands for the RTN_ constant with value n). The zero value is
// the empty set.
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
