package fib

import (
	"net/netip"
	"slices"
)

// FIB is the compiled routing of a host. It is immutable; its methods may be
// called concurrently and do not allocate.
type FIB struct {
	cfg    Config
	routes []Route // what entries point into: given and derived

	links  map[int]*link
	order  []*link // by index: the order in which the kernel walks devices
	lo     *link
	owner4 map[netip.Addr]*link // newest link holding an IPv4 address
	seq4   []ownAddr            // addresses in the order given

	tables map[uint32]*table
	rules4 []rule
	rules6 []rule
	// custom4 separates local and main, see Config.CustomRules4.
	custom4 bool
	// customLocal4: local routes that no address explains make source
	// validation take its full check (fib_has_custom_local_routes).
	customLocal4 bool
	// realms: some IPv4 route or rule has a realm (fib_num_tclassid_users).
	realms bool
	// dissect4 and dissect6: some rule looks at protocol or ports, see
	// needsPorts.
	dissect4, dissect6 bool
}

// Routes returns all routes, the derived ones and the given ones as completed.
// As Config.Routes, with everything in Config.Complete, they make the same FIB.
func (f *FIB) Routes() []Route { return slices.Clone(f.routes) }

// link is a Link with its addresses and its effective sysctls.
type link struct {
	Link
	addrs4 []addr4
	addrs6 []addr6        // by descending scope, else as given
	seq6   []netip.Prefix // IPv6 addresses in the order given

	forward4      bool
	rpFilter      uint8
	acceptLocal   bool
	routeLocalnet bool
	validMark     bool
	bcForward     bool
	sendRedirects bool
}

func (l *link) mtu() int {
	switch {
	case l.MTU != 0:
		return l.MTU
	case l.Loopback:
		return 65536
	}
	return 1500
}

// ownAddr is an address of the host and the link that it belongs to.
type ownAddr struct {
	link   *link
	prefix netip.Prefix
}

// table is one routing table. Two tables share a tree where the kernel's do.
type table struct {
	id uint32
	v4 *trie[[]*entry]
	v6 *trie[node6]
}

// node6 holds the routes to one IPv6 prefix: those from anywhere, and a tree by
// source prefix of the others.
type node6 struct {
	plain []*entry
	bySrc *trie[[]*entry]
}

// entry is a compiled Route. A multipath IPv6 route is several entries, as in
// the kernel.
type entry struct {
	route  *Route
	typ    Type
	table  uint32
	plen   int
	tos    uint8
	scope  uint8 // kernel's number: 0 global … 254 host
	metric uint32
	hops   []hop
	choice *nexthopGroup // how to choose between hops, nil if there is nothing to choose
	group  *group6
}

// hop is a next hop of an entry.
type hop struct {
	link   *link
	via    netip.Addr
	weight int
	dead   bool       // the link is down
	idle   bool       // the link has no carrier and that matters
	saddr  netip.Addr // IPv4: source the kernel would choose for it
	realm  Realm
}

// isLoopback6 reports whether packets to an IPv6 route go to the loopback link.
// Anycast routes added by hand do not (RTF_LOCAL, RTF_ANYCAST; rtm_to_fib6_config
// sets only the former).
func (e *entry) isLoopback6() bool {
	return e.typ == TypeLocal || e.route.isAnycast6()
}

func (r *Route) isAnycast6() bool {
	return r.Type == TypeAnycast && r.Protocol == ProtoKernel && !is4(r.Dst.Addr())
}

// nexthopGroup is a set of next hops from which a hash or the state of neighbours selects
// one.
type nexthopGroup struct {
	nexthops []Nexthop
	refs     []hopRef
	bySource []sourceGroup // IPv4: sets for a given source address
}

type sourceGroup struct {
	src netip.Addr
	set *nexthopGroup
}

type hopRef struct {
	e   *entry
	hop int
}

// group6 is a set of sibling IPv6 routes.
type group6 struct {
	all    *nexthopGroup
	byLink map[int]*nexthopGroup // for lookups bound to a link
}

// flowKey is the flow key of a lookup (struct flowi4, flowi6).
type flowKey struct {
	dst, src     netip.Addr
	dstKey       bitkey
	srcKey       bitkey
	v4           bool
	hasSrc       bool // IPv6: a source is known
	flags        lookupFlags
	iif, oif     int // as policy rules see them
	want         int // link that routes should lead through, 0 for any
	tos          uint8
	mark, uid    uint32
	proto        uint8
	sport, dport uint16
}

// lookupFlags change how a route is selected.
type lookupFlags struct {
	strict     bool // IPv6: only routes of link want (RT6_LOOKUP_F_IFACE)
	plain      bool // IPv6: netfilter's way to select, see plain6
	srcOwned   bool // plain: the source is the host's and of more than link scope
	ignoreDown bool // ignore the carrier state (FIB_LOOKUP_IGNORE_LINKSTATE)
}

func flowKeyOf(k *Key) flowKey {
	f := flowKey{dst: k.Dst, v4: is4(k.Dst), iif: k.IIF, oif: k.OIF, want: k.OIF, tos: k.TOS, mark: k.Mark, uid: k.UID,
		proto: k.Proto, sport: k.SrcPort, dport: k.DstPort}
	f.dstKey = keyOf(k.Dst)
	f.setSrc(k.Src)
	return f
}

func (fl *flowKey) setSrc(a netip.Addr) {
	fl.src, fl.srcKey, fl.hasSrc = a, bitkey{}, false
	if isSet(a) {
		fl.srcKey, fl.hasSrc = keyOf(a), true
	}
}

// match is the outcome of a lookup (struct fib_result, fib6_result).
type match struct {
	e      *entry
	hop    int
	rule   *Rule
	choice *nexthopGroup
}

func (m *match) nh() *hop { return &m.e.hops[m.hop] }
