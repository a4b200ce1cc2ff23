package match

import (
	"net/netip"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// ConnLimit matches by the number of connections of an address or network
// (net/netfilter/xt_connlimit.c, connlimit_mt; nf_conncount.c). It counts the
// connections whose packets reached the rule; each rule has its own count.
type ConnLimit struct {
	Family netfilter.Family
	Limit  uint32
	Upto   bool // match while the count is at most the limit; else above it
	Dst    bool // count by destination, not source
	Bits   int  // prefix length of the networks whose connections are counted together
}

var (
	connlimitDefinition  = connlimitFor(netfilter.IPv4, netfilter.OnlyIPv4)
	connlimitDefinition6 = connlimitFor(netfilter.IPv6, netfilter.OnlyIPv6)
)

func connlimitFor(f netfilter.Family, only netfilter.Families) netfilter.Definition {
	return netfilter.Definition{
		Name:     "connlimit",
		Families: only,
		New:      func() netfilter.Extension { return &ConnLimit{Family: f, Bits: f.Bits()} },
		Options: []netfilter.OptionDef{
			connlimitCount("connlimit-upto", "connlimit-above", true),
			connlimitCount("connlimit-above", "connlimit-upto", false),
			{Name: "connlimit-mask", Args: 1, Set: netfilter.Into((*ConnLimit).setMask)},
			{Name: "connlimit-saddr", Excludes: []string{"connlimit-daddr"},
				Set: netfilter.Into(func(m *ConnLimit, _ *netfilter.Value) error { m.Dst = false; return nil })},
			{Name: "connlimit-daddr", Excludes: []string{"connlimit-saddr"},
				Set: netfilter.Into(func(m *ConnLimit, _ *netfilter.Value) error { m.Dst = true; return nil })},
		},
		Finish: func(_ netfilter.Extension, given func(string) bool) error {
			return opt.NeedOne(given, "connlimit-upto", "connlimit-above")
		},
	}
}

func connlimitCount(name, other string, upto bool) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: true, Excludes: []string{other},
		Set: netfilter.Into(func(m *ConnLimit, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, 1<<32-1)
			m.Limit, m.Upto = uint32(n), upto != v.Invert
			return err
		})}
}

// setMask reads a prefix length or a mask; a mask that is not a prefix is
// treated as that of a single address.
func (m *ConnLimit) setMask(v *netfilter.Value) (err error) {
	if m.Bits, err = opt.PrefixLength(v.Arg(), v.Family); m.Bits < 0 {
		m.Bits = v.Family.Bits()
	}
	return err
}

// Definition returns the extension's definition.
func (m *ConnLimit) Definition() *netfilter.Definition {
	if m.Family == netfilter.IPv6 {
		return &connlimitDefinition6
	}
	return &connlimitDefinition
}

// Name returns "connlimit".
func (m *ConnLimit) Name() string { return "connlimit" }

// AppendOptions appends limit, mask and side.
func (m *ConnLimit) AppendOptions(b []byte) []byte {
	name := "connlimit-above"
	if m.Upto {
		name = "connlimit-upto"
	}
	b = opt.AppendNumber(opt.AppendNumber(b, name, m.Limit), "connlimit-mask", uint32(m.Bits))
	if m.Dst {
		return opt.AppendOption(b, "connlimit-daddr", false)
	}
	return opt.AppendOption(b, "connlimit-saddr", false)
}

// Requires implements netfilter.Requirer: connection tracking.
func (m *ConnLimit) Requires() netfilter.Requirements {
	return netfilter.RequireConntrack
}

// connlimitState holds the connections that were counted, by address or
// network.
type connlimitState map[connlimitKey][]connlimitEntry

type connlimitKey struct {
	addr netip.Addr
	zone uint16
}

type connlimitEntry struct {
	netfilter.Tuple
	zone uint16
	dir  netfilter.ZoneDirection
}

// Clone returns an independent copy.
func (s connlimitState) Clone() netfilter.State {
	c := make(connlimitState, len(s))
	for k, list := range s {
		c[k] = slices.Clone(list)
	}
	return c
}

// NewState returns an empty state.
func (m *ConnLimit) NewState() netfilter.State { return connlimitState{} }

// Match counts the packet's connection and compares. A packet that cannot be
// counted is dropped.
func (m *ConnLimit) Match(c *netfilter.Context) bool {
	s, ok := c.State().(connlimitState)
	if !ok {
		return false
	}
	conn, entry, ok := connlimitSubject(c)
	if !ok {
		c.HotDrop()
		return false
	}
	addr := c.Packet.Src()
	if m.Dst {
		addr = c.Packet.Dst()
	}
	prefix, _ := addr.Prefix(m.Bits)
	key := connlimitKey{prefix.Addr(), entry.zone}
	n := s.count(c, key, conn, entry)
	if n == 0 {
		c.HotDrop()
		return false
	}
	return (uint64(n) > uint64(m.Limit)) != m.Upto
}

// connlimitSubject returns the packet's connection, if it has one, and its
// opening tuple.
func connlimitSubject(c *netfilter.Context) (*netfilter.Conn, connlimitEntry, bool) {
	conn := c.Conn
	e := connlimitEntry{}
	if conn == nil {
		var ok bool
		if e.Tuple, ok = c.Engine.Tuple(); !ok {
			return nil, e, false
		}
		conn = c.Engine.FindConn(e.Tuple, 0, 0)
	}
	if conn != nil {
		e = connlimitEntry{conn.Tuples[netfilter.DirOriginal], conn.Zone, conn.ZoneDir}
	}
	return conn, e, true
}

// count adds the connection unless it is present, and returns the number of
// connections; 0 if none is left (count_tree, insert_tree).
//
// The kernel does not check for duplicates again within one jiffy, and so may
// count a connection twice; here every packet is treated as if it came in a
// later jiffy.
func (s connlimitState) count(c *netfilter.Context, key connlimitKey, conn *netfilter.Conn, e connlimitEntry) int {
	list, known := s[key]
	if !known {
		s[key] = []connlimitEntry{e}
		return 1
	}
	assured := conn != nil && conn.Status&(netfilter.ConnConfirmed|netfilter.ConnAssured) == netfilter.ConnConfirmed|netfilter.ConnAssured
	list, found := connlimitSweep(c, list, e, assured)
	if !found && !assured {
		list = append(list, e)
	}
	s[key] = list
	return len(list)
}

// maxConnlimitGone is the maximum number of entries removed at once
// (CONNCOUNT_GC_MAX_NODES).
const maxConnlimitGone = 64

// connlimitSweep removes entries whose connections no longer exist or are
// closed. It stops at the entry of the packet's connection, except for an
// assured connection, which is not added again and whose entry is removed like
// others (__nf_conncount_add, nf_conncount_gc_list).
func connlimitSweep(c *netfilter.Context, list []connlimitEntry, e connlimitEntry, assured bool) (kept []connlimitEntry, found bool) {
	kept = list[:0]
	gone := 0
	for i, old := range list {
		if gone > maxConnlimitGone {
			return append(kept, list[i:]...), false
		}
		conn := c.Engine.FindConn(old.Tuple, old.zone, old.dir)
		if conn != nil && !assured && old == e {
			return append(kept, list[i:]...), true
		}
		if conn == nil || connlimitClosed(conn) {
			gone++
			continue
		}
		kept = append(kept, old)
	}
	return kept, false
}

// connlimitClosed reports whether a connection no longer counts (already_closed).
func connlimitClosed(conn *netfilter.Conn) bool {
	if conn.Tuples[netfilter.DirOriginal].Proto != packet.ProtoTCP || conn.Proto == nil {
		return false
	}
	state := conn.Proto.String()
	return state == "TIME_WAIT" || state == "CLOSE"
}
