package netfilter

import "net/netip"

// RouteEngine gives extensions access to the routing tables and the packet's
// route.
type RouteEngine interface {
	// AddrType returns the routing type of an address. If dev is not "", only the
	// addresses and routes of that link are considered.
	AddrType(a netip.Addr, dev string) AddrType
	// ReversePath reports whether a reply to the packet, which came in by
	// Context.In, would leave by the same link. It is true for packets that came in
	// by lo.
	ReversePath(o ReversePath) bool
	// RouteLink returns the name of the link that the packet, or a reply to it,
	// would leave by; "" for none, as for addresses of the host.
	RouteLink(q RouteQuery) string
	// HasRoute reports whether the packet has been routed yet.
	HasRoute() bool
	// Gateway returns the next hop of the packet's route: the destination itself
	// where the route has no gateway.
	Gateway() netip.Addr
	// Realm returns the realm of the packet's route; 0 if it has none.
	Realm() uint32
	// PathMTU returns the smaller of the MTUs, in bytes, of the packet's route and
	// of the route back to its source.
	PathMTU() int
	// MasqueradeAddr returns the address MASQUERADE takes for the packet; false if
	// the host has none. The connection remembers the link that the packet leaves
	// by.
	MasqueradeAddr() (netip.Addr, bool)
	// RedirectAddr returns the address REDIRECT sends the packet to; false if
	// the link has none.
	RedirectAddr() (netip.Addr, bool)
}

// RouteQuery holds the arguments of RouteLink (net/ipv4/netfilter/nft_fib_ipv4.c,
// net/ipv6/netfilter/nft_fib_ipv6.c).
type RouteQuery struct {
	Source bool // look up the packet's source; else its destination
	Mark   bool // the packet's mark is used in the lookup
	In     bool // only a route by the input link is accepted
	Out    bool // only a route by the output link is accepted
}

// ReversePath holds the options of a reverse path check.
type ReversePath struct {
	Loose       bool // the reply may leave by any link
	ValidMark   bool // the packet's mark is used in the lookup
	AcceptLocal bool // the source may be an address of the host itself
}
