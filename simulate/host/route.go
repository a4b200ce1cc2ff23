package host

import (
	"fmt"
	"net/netip"
	"strings"
)

// Route is an entry of a routing table.
type Route struct {
	Dst      netip.Prefix
	From     netip.Prefix // IPv6: for packets of these sources only; the zero Prefix is all
	Type     string       // as "ip route" names it; "" is unicast
	Via      netip.Addr
	Dev      string
	PrefSrc  netip.Addr
	Metric   uint32
	TOS      uint8
	Table    uint32 // 0 means main; local for the types local, broadcast and anycast
	Scope    string // "" is what iproute2 would choose
	Protocol string // "kernel" marks a route derived from an address
	MTU      int    // bytes, at least 68; 0 means the link's
	MTULock  bool   // "mtu lock": applies to forwarded IPv6 packets, too
	Pref     string // IPv6: "low", "medium" or "high"; "" is medium
	Realm    uint32 // IPv4: as PolicyRule.Realm; of a multipath route its next hops have realms
	OnLink   bool
	Nexthops []Nexthop // of a multipath route; Via and Dev are unused then
}

// Nexthop is one way of a multipath route.
type Nexthop struct {
	Via    netip.Addr
	Dev    string
	Weight int    // 0 means 1
	Realm  uint32 // as PolicyRule.Realm
}

// ParseRoute reads a route as "ip route add" takes it: "default via 10.0.0.1
// dev eth0 metric 100", "blackhole 10.1.0.0/16", "192.168.4.0/24 dev eth1 src
// 192.168.4.1 table 100".
func ParseRoute(text string) (Route, error) {
	r, err := parseRoute(strings.Fields(text))
	if err != nil {
		return Route{}, fmt.Errorf("route %q: %w", text, err)
	}
	return r, nil
}

// MustRoutes reads routes as ParseRoute does. It panics on a bad one: it is meant
// for literals.
func MustRoutes(texts ...string) []Route { return mustAll(texts, ParseRoute) }
