package netfilter

import "net/netip"

// RouteEngine is what extensions may ask about the routing tables and the packet's
// route.
type RouteEngine interface {
	// AddrType returns the type of an address to the routing tables; dev
	// restricts it to a link's own, "" does not.
	AddrType(a netip.Addr, dev string) AddrType
	// ReversePath reports whether an answer to the packet, which came in by
	// Context.In, would leave by the same link. It does for what came by lo.
	ReversePath(o ReversePath) bool
	// RouteLink returns the name of the link that the packet, or an answer to it,
	// would leave by; "" for none, as for addresses of the host.
	RouteLink(q RouteQuery) string
	// HasRoute reports whether the packet has been routed yet.
	HasRoute() bool
	// Gateway returns the next hop of the packet's route: the destination itself
	// where the route has no gateway.
	Gateway() netip.Addr
	// Realm returns the realm of the packet's route; 0 if it has none.
	Realm() uint32
	// PathMTU returns the length of the longest packet, in bytes, that fits both
	// the way the packet goes and the way back to its source.
	PathMTU() int
	// MasqueradeAddr returns the address MASQUERADE takes for the packet; false if
	// the host has none. The connection remembers the link that the packet leaves
	// by.
	MasqueradeAddr() (netip.Addr, bool)
	// RedirectAddr returns the address REDIRECT sends the packet to; false if
	// the link has none.
	RedirectAddr() (netip.Addr, bool)
}

// RouteQuery says what RouteLink looks for (net/ipv4/netfilter/nft_fib_ipv4.c,
// net/ipv6/netfilter/nft_fib_ipv6.c).
type RouteQuery struct {
	Source bool // the way to the packet's source; else to its destination
	Mark   bool // the packet's mark takes part in routing
	In     bool // only a route by the link it came in by counts
	Out    bool // only a route by the link it leaves by counts
}

// ReversePath says what the answer to a packet is to be judged by.
type ReversePath struct {
	Loose       bool // it may leave by any link
	ValidMark   bool // the packet's mark takes part in routing
	AcceptLocal bool // the sender may have an address of the host's own
}
