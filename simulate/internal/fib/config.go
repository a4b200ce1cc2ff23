package fib

import "net/netip"

// Well-known table numbers (linux/rtnetlink.h, enum rt_class_t).
const (
	TableDefault uint32 = 253
	TableMain    uint32 = 254
	TableLocal   uint32 = 255
)

// Route protocols that matter to routing (linux/rtnetlink.h, RTPROT_*).
const (
	ProtoKernel uint8 = 2 // derived from an address
	ProtoRA     uint8 = 9 // learned from a router advertisement
)

// Config describes the routing of one host. The zero value is a host with
// nothing but a loopback link that does not forward.
type Config struct {
	// Links are the network devices. Without any loopback link New adds "lo".
	Links []Link
	// Addresses of each link in the order "ip addr show" lists them, which for
	// IPv6 is newest first. If links share a subnet, the IPv4 address that was
	// added first should come first, and the IPv6 one last. A loopback link that is up and has no address of a
	// family gets 127.0.0.1/8 and ::1/128, as when the kernel brings it up.
	Addresses []Address
	// Routes of all tables, those of equal prefix, TOS and metric in the order
	// the kernel lists them.
	Routes []Route
	// Rules are the policy rules in any order; nil means the kernel's three
	// (two for IPv6). Rules of a family that has none here are its defaults.
	Rules []Rule
	// Complete says which derived routes Routes already holds in full, so that
	// New adds none of them. Routes that are present anyway are never added twice.
	Complete Derived
	// CustomRules4 reports that an IPv4 policy rule was added or removed at some
	// time, even if the rules are the default ones now: the kernel separates
	// the tables local and main then, for good (fib4_rule_configure). It is
	// implied by rules that differ from the default.
	CustomRules4 bool

	// Forwarding4 is net.ipv4.ip_forward, Forwarding6 is
	// net.ipv6.conf.all.forwarding.
	Forwarding4, Forwarding6 bool
	// All holds net.*.conf.all.*; it combines with each link's own values in
	// the kernel's way (by or, by and, or the larger).
	All Sysctl
	// Groups are multicast groups joined beyond those the kernel joins itself.
	Groups []Group
}

// Link is a network device.
type Link struct {
	Index int // > 0, unique
	Name  string
	Up    bool // IFF_UP

	Loopback  bool // IFF_LOOPBACK
	NoARP     bool // IFF_NOARP
	Multicast bool // IFF_MULTICAST
	NoCarrier bool // no lower layer; matters only with Sysctl.IgnoreLinkdown

	MTU    int    // bytes; 0 means 1500, for loopback 65536
	Group  uint32 // device group
	Sysctl Sysctl
}

// Toggle is a per-link switch that follows the host's unless it is set.
type Toggle uint8

// The values of a Toggle.
const (
	Inherit Toggle = iota
	On
	Off
)

// Sysctl holds the net.ipv4.conf.* and net.ipv6.conf.* values that influence
// routing, for one link or for "all". The zero value is the kernel's default.
type Sysctl struct {
	Forwarding4     Toggle // forwarding of one link; ignored in Config.All
	RPFilter        uint8  // rp_filter: 0 off, 1 strict, 2 loose; the larger of all and link
	AcceptLocal     bool   // accept_local: either
	RouteLocalnet   bool   // route_localnet: either
	SrcValidMark    bool   // src_valid_mark: either
	BCForwarding    bool   // bc_forwarding: both
	NoSendRedirects bool   // send_redirects=0: both, as one of them set to 1 is enough
	IgnoreLinkdown  bool   // ignore_routes_with_linkdown, both families: either

	DisableIPv6      bool  // disable_ipv6 of one link
	ForceForwarding6 bool  // force_forwarding of one link
	UseTempAddr      uint8 // use_tempaddr of one link: 2 prefers temporary addresses
	UseOIFAddrsOnly  bool  // use_oif_addrs_only of one link
}

// Scope is the scope of an address or a route, the distance it reaches.
type Scope uint8

// The scopes. ScopeAuto is what iproute2 would choose.
const (
	ScopeAuto Scope = iota
	ScopeGlobal
	ScopeSite
	ScopeLink
	ScopeHost
)

// Address is an address of a link.
type Address struct {
	// Prefix is the address with its prefix length. With a Peer the length is
	// that of the peer's prefix.
	Prefix netip.Prefix
	Link   int
	// Scope matters to IPv4 only; IPv6 scopes follow from the address.
	Scope Scope
	// Peer is the other end of a point-to-point address, or the zero Addr.
	Peer netip.Addr
	// Broadcast is the IPv4 broadcast address set with "brd"; the broadcast
	// route of the subnet exists without it.
	Broadcast netip.Addr
	// NoPrefixRoute suppresses the connected route.
	NoPrefixRoute bool
	// Metric of the connected route; 0 means the default (0, or 256 for IPv6).
	Metric uint32

	// Secondary need not be set: New finds out as the kernel does, an address in
	// the subnet of an earlier one of the same link is secondary (IPv4).
	Secondary  bool
	Deprecated bool // IPv6: preferred lifetime over
	Tentative  bool // IPv6: duplicate address detection under way or failed
	Optimistic bool // IPv6: tentative but usable
	Temporary  bool // IPv6: privacy address
}

// Group is a multicast group joined on a link.
type Group struct {
	Link int
	Addr netip.Addr
}

// Route is an entry of a routing table.
type Route struct {
	Dst  netip.Prefix
	From netip.Prefix // IPv6 source-specific route; otherwise the zero Prefix
	// Table is the table's number; 0 means where iproute2 would put the route:
	// local for types local, broadcast and anycast, otherwise main.
	Table uint32
	// Type is the route's type; 0 means TypeUnicast.
	Type Type
	// Via is the gateway, of either family, or the zero Addr.
	Via netip.Addr
	// Link is the output link's index; 0 with a Via means the link whose subnet
	// holds the gateway. Not used by the rejecting types.
	Link    int
	PrefSrc netip.Addr
	Metric  uint32 // IPv6: 0 means 1024, except for routes of ProtoKernel
	TOS     uint8  // IPv4 only
	Scope   Scope  // IPv4 only
	// Nexthops makes a multipath route; Via and Link are unused then.
	Nexthops []Nexthop
	OnLink   bool  // display only: the gateway counts as directly reachable
	MTU      int   // bytes; 0 means the link's
	MTULock  bool  // "mtu lock"
	Protocol uint8 // ProtoKernel, ProtoRA, …; 0 means static
	Pref     int8  // IPv6 router preference: -1 low, 0 medium, 1 high
	Realm    Realm // IPv4 only; of each next hop on a multipath route
}

// Realm is what a route or rule says packets belong to: the realm of the
// destination in the lower half, that of the source in the upper one. 0 is none.
type Realm uint32

// Nexthop is one way a multipath route may go.
type Nexthop struct {
	Via    netip.Addr // gateway, or the zero Addr
	Link   int        // output link
	Weight int        // relative; 0 means 1
	Realm  Realm
}

// Action is the action of a policy rule.
type Action uint8

// The actions. The zero value looks the table up.
const (
	ActionLookup Action = iota
	ActionBlackhole
	ActionUnreachable
	ActionProhibit
	ActionGoto
	ActionNop
)

// Rule is a policy rule ("ip rule"). Conditions left at their zero value match
// everything.
type Rule struct {
	Priority uint32
	IPv6     bool // the family; From and To must agree with it
	Not      bool // match what the conditions do not
	From, To netip.Prefix
	// FwMark is compared under FwMask. FwMask 0 means all bits if FwMark is
	// not 0, and no comparison otherwise.
	FwMark, FwMask   uint32
	IIF, OIF         string // link names; a name no link has never matches
	TOS              uint8  // IPv4 compares the TOS bits 0x1c, IPv6 the DSCP
	UID              *Range // user id of the sender, inclusive
	IPProto          uint8
	SrcPort, DstPort *Range // inclusive

	Action Action
	Table  uint32 // for ActionLookup
	Goto   uint32 // for ActionGoto: priority of the rule to go on with
	// SuppressPrefixLength ignores results whose prefix is this long or
	// shorter; nil ignores none.
	SuppressPrefixLength *int
	// SuppressGroup ignores results that leave by a link of this device group; nil
	// ignores none.
	SuppressGroup *uint32
	Realm         Realm // IPv4 only: where routes have none
}

// Range is an inclusive range.
type Range struct{ Min, Max uint32 }

// Derived is a set of the routes the kernel adds by itself.
type Derived uint8

// The kinds of derived routes, per family.
const (
	Connected4 Derived = 1 << iota // subnets of addresses, in table main
	Local4                         // local addresses and broadcasts, in table local
	Connected6
	Local6 // local, anycast and multicast routes, in table local
)
