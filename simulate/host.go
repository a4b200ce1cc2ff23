package simulate

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// Host describes the machine that the rules run on, beyond its rules. The zero
// value is useful: a router with no link of its own but lo, which sends
// everything that is not for 127.0.0.0/8 or ::1 out of an unnamed link.
type Host struct {
	Links  []Link
	Routes []Route      // beyond those the kernel derives from addresses
	Rules  []PolicyRule // nil means the kernel's default rules
	// Sets are the IP sets that rules refer to. Each session has copies of its
	// own; their timeouts begin to count when it begins.
	Sets []*ipset.Set
	// Sysctl holds settings by name, such as "net.ipv4.conf.all.rp_filter":
	// "1". What is not given has the kernel's default, but for forwarding,
	// which is on. New refuses names it does not know, and those of links that
	// the host does not have.
	Sysctl map[string]string
	Queues []uint16 // queues of NFQUEUE that a program reads
	// Sockets are those that packets may be for. With nil nobody listens, and
	// rules that ask for sockets note an assumption; with an empty list it is
	// known that there are none.
	Sockets []Socket
}

// Link is a network device. lo is added where it is missing.
type Link struct {
	Name  string
	Index int // 0: the position in Host.Links, counted so that lo is 1
	// MAC is the Ethernet address. It appears in traces only.
	MAC packet.MAC
	// NoHeader marks a link without Ethernet header, such as a tunnel.
	NoHeader bool
	Loopback bool
	Down     bool
	NoARP    bool
	MTU      int    // bytes, at least 68; 0 means 1500, 65536 for lo
	Group    uint32 // as "ip link set group" gives it; 0 is "default"
	// NoCarrier marks a link with nothing at its other end. It counts where
	// ignore_routes_with_linkdown is set.
	NoCarrier bool
	Addrs     []Address // in the order "ip addr" shows them
	Master    string    // the bridge whose port it is; "" for none
	// Behind is who is known to be reached by this port of a bridge. It says which
	// port a bridged packet leaves by.
	Behind []Neighbor
}

// Address is an address of a link with the length of its subnet.
type Address struct {
	Prefix        netip.Prefix
	Peer          netip.Addr // other end of a point-to-point address, or the zero Addr
	Scope         string     // as "ip addr" names it; "" is what iproute2 would choose
	Broadcast     netip.Addr // IPv4: a broadcast address besides that of the subnet, or the zero Addr
	Metric        uint32     // of the route to the subnet; 0 is the default
	NoPrefixRoute bool
	Deprecated    bool
	Tentative     bool
	Optimistic    bool // IPv6: tentative, but usable
	Temporary     bool // IPv6: a privacy address
}

// Neighbor is somebody behind a port of a bridge.
type Neighbor struct {
	Addr netip.Addr
	MAC  packet.MAC // zero if not known
}

// Addrs makes addresses of texts such as "192.168.1.1/24". It panics on a bad
// one: it is meant for literals.
func Addrs(texts ...string) []Address {
	as := make([]Address, len(texts))
	for i, t := range texts {
		as[i].Prefix = netip.MustParsePrefix(t)
	}
	return as
}

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
	MTULock  bool   // "mtu lock": forwarded IPv6 packets heed it too
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

// PolicyRule is a rule that chooses a routing table ("ip rule"). Conditions left
// at their zero value match everything.
type PolicyRule struct {
	Priority       uint32
	Family         netfilter.Family
	Not            bool
	From, To       netip.Prefix
	FwMark, FwMask uint32 // FwMask 0 means all bits if FwMark is not 0
	In, Out        string
	TOS            uint8 // IPv4 knows the bits 0x1c, IPv6 0xfc
	IPProto        uint8 // protocol number; 0 matches every protocol
	// SrcPort, DstPort and UID, the user who sends, are ranges that may not be
	// inverted. Arriving packets have no user: they count as root's.
	SrcPort, DstPort, UID netfilter.Range
	// Action is "" or "lookup", blackhole, unreachable, prohibit, goto or nop,
	// which does nothing.
	Action string
	Table  uint32 // to look up; 0 means main
	Goto   uint32 // priority of a rule to go on with; if there is none, the next
	// SuppressPrefixLength ignores results with a prefix this short; nil
	// ignores none.
	SuppressPrefixLength *int
	// SuppressGroup ignores results that leave by a link of this group.
	SuppressGroup netfilter.Number
	// Realm is what -m realm compares where the route has none: the realm of the
	// destination in the lower 16 bits, that of the source in the upper ones. IPv4
	// only.
	Realm uint32
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

// Routes makes routes of texts as ParseRoute reads them. It panics on a bad
// one: it is meant for literals.
func Routes(texts ...string) []Route {
	rs := make([]Route, len(texts))
	for i, t := range texts {
		r, err := ParseRoute(t)
		if err != nil {
			panic(err)
		}
		rs[i] = r
	}
	return rs
}
