package match

import (
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Recent matches packets by the times at which packets of the same address were
// seen before (net/netfilter/xt_recent.c, recent_mt). Rules of the same Table
// share its list of addresses, also across families.
type Recent struct {
	Op      RecentOp
	Invert  bool
	Seconds uint32 // only packets seen within this time are counted; 0 is no condition
	Hits    uint32 // minimum number of packets seen, up to 65535; 0 means one
	Reap    bool   // remove the least recently seen address if it was last seen more than Seconds ago
	TTL     bool   // the time to live must be that of the last packet
	Table   string // up to 199 bytes
	Mask    netip.Addr
	Dst     bool // use the destination address, not the source
}

// Equal reports whether both are the same match. It is used by go-cmp.
func (m Recent) Equal(o Recent) bool { return m == o }

// RecentOp is the operation of Recent. The zero value is RecentSet.
type RecentOp uint8

// The operations.
const (
	RecentSet    RecentOp = iota // records the packet, and matches
	RecentCheck                  // matches if packets were recorded
	RecentUpdate                 // the same, and records the packet if it matches
	RecentRemove                 // removes the address, and matches if it was present
)

var recentOps = []string{RecentSet: "set", RecentCheck: "rcheck", RecentUpdate: "update", RecentRemove: "remove"}

const (
	maxRecentName  = 199
	maxRecentHits  = 65535
	maxRecentAddrs = 100 // addresses per table (module parameter ip_list_tot)
	recentStamps   = 32  // minimum number of timestamps kept per address
)

var (
	recentDefinition  = recentFor(netfilter.OnlyIPv4, netip.AddrFrom4([4]byte{255, 255, 255, 255}))
	recentDefinition6 = recentFor(netfilter.OnlyIPv6, netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
)

func recentFor(f netfilter.Families, all netip.Addr) netfilter.Definition {
	d := netfilter.Definition{
		Name:     "recent",
		Families: f,
		New:      func() netfilter.Extension { return &Recent{Table: "DEFAULT", Mask: all} },
		Finish: func(_ netfilter.Extension, given func(string) bool) error {
			return opt.NeedOne(given, recentOps...)
		},
	}
	for op, name := range recentOps {
		d.Options = append(d.Options, netfilter.OptionDef{Name: name, Negatable: true,
			Excludes: slices.DeleteFunc(slices.Clone(recentOps), func(s string) bool { return s == name }),
			Set: netfilter.Into(func(m *Recent, v *netfilter.Value) error {
				m.Op, m.Invert = RecentOp(op), v.Invert
				return nil
			})})
	}
	d.Options = append(d.Options,
		opt.Number("seconds", 1, 1<<32-1, func(m *Recent) *uint32 { return &m.Seconds }),
		opt.Number("hitcount", 0, 1<<32-1, func(m *Recent) *uint32 { return &m.Hits }),
		netfilter.OptionDef{Name: "reap", Needs: []string{"seconds"}, Set: opt.Flag("", func(m *Recent) *bool { return &m.Reap }).Set},
		netfilter.OptionDef{Name: "rttl", Excludes: []string{"set", "remove"},
			Set: opt.Flag("", func(m *Recent) *bool { return &m.TTL }).Set},
		opt.Text("name", maxRecentName, func(m *Recent) *string { return &m.Table }),
		netfilter.OptionDef{Name: "mask", Args: 1, Set: netfilter.Into(func(m *Recent, v *netfilter.Value) (err error) {
			m.Mask, err = opt.Addr(v.Arg(), v.Family)
			return err
		})},
		netfilter.OptionDef{Name: "rsource", Set: netfilter.Into(func(m *Recent, _ *netfilter.Value) error { m.Dst = false; return nil })},
		netfilter.OptionDef{Name: "rdest", Set: netfilter.Into(func(m *Recent, _ *netfilter.Value) error { m.Dst = true; return nil })},
	)
	return d
}

// Definition returns the extension's definition.
func (m *Recent) Definition() *netfilter.Definition {
	if m.Mask.Is6() {
		return &recentDefinition6
	}
	return &recentDefinition
}

// Name returns "recent".
func (m *Recent) Name() string { return "recent" }

// AppendOptions appends the operation, its conditions, table, mask and side.
// The last three are always printed.
func (m *Recent) AppendOptions(b []byte) []byte {
	b = opt.AppendOption(b, opt.NameAt(recentOps, m.Op), m.Invert)
	if m.Seconds != 0 {
		b = strconv.AppendInt(opt.AppendOption(b, "seconds ", false), int64(int32(m.Seconds)), 10)
	}
	if m.Reap {
		b = opt.AppendOption(b, "reap", false)
	}
	if m.Hits != 0 {
		b = opt.AppendNumber(b, "hitcount", m.Hits)
	}
	if m.TTL {
		b = opt.AppendOption(b, "rttl", false)
	}
	b = append(opt.AppendOption(b, "name ", false), m.Table...)
	b = netfilter.AppendAddr(opt.AppendOption(b, "mask ", false), m.Mask)
	if m.Dst {
		return opt.AppendOption(b, "rdest", false)
	}
	return opt.AppendOption(b, "rsource", false)
}

// Check refuses what the kernel does (recent_mt_check).
func (m *Recent) Check(netfilter.CheckContext) error {
	if err := opt.Named("operation", m.Op, recentOps); err != nil {
		return err
	}
	plain := m.Seconds == 0 && m.Hits == 0 && !m.Reap
	switch {
	case (m.Op == RecentSet || m.Op == RecentRemove) && !plain:
		return fmt.Errorf("--%s cannot be used together with --seconds, --hitcount or --reap", opt.NameAt(recentOps, m.Op))
	case m.Hits > maxRecentHits:
		return fmt.Errorf("--hitcount %d: at most %d are possible", m.Hits, maxRecentHits)
	}
	return opt.FileName(m.Table)
}

// SharedKey returns the key of the table.
func (m *Recent) SharedKey() string { return "recent " + m.Table }

// Join creates the table with this rule's mask, or enlarges the number of
// timestamps kept.
func (m *Recent) Join(s netfilter.State) netfilter.State {
	t, ok := s.(*recentTable)
	if !ok {
		t = &recentTable{mask: m.Mask}
	}
	ring := recentStamps
	if m.Hits != 0 {
		ring = 1 << bits.Len32(m.Hits-1)
	}
	t.ring = max(t.ring, ring)
	return t
}

// recentTable is a list of addresses.
type recentTable struct {
	mask    netip.Addr
	ring    int            // number of timestamps kept per address, a power of two
	entries []*recentEntry // the least recently seen first
}

// recentEntry is an address with the times at which it was seen.
type recentEntry struct {
	addr   netip.Addr
	ttl    uint8
	next   int     // index in the ring of the next timestamp
	stamps []int64 // ring of jiffies
}

// Clone returns an independent copy.
func (t *recentTable) Clone() netfilter.State {
	c := *t
	c.entries = make([]*recentEntry, len(t.entries))
	for i, e := range t.entries {
		n := *e
		n.stamps = slices.Clone(e.stamps)
		c.entries[i] = &n
	}
	return &c
}

// find returns the index of an address, -1 if it is missing; a time to live of
// 0 is any.
func (t *recentTable) find(a netip.Addr, ttl uint8) int {
	return slices.IndexFunc(t.entries, func(e *recentEntry) bool {
		return e.addr == a && (ttl == e.ttl || ttl == 0 || e.ttl == 0)
	})
}

// add adds an address, in a full table instead of the least recently seen one.
func (t *recentTable) add(e *recentEntry) {
	if len(t.entries) >= maxRecentAddrs {
		t.remove(0)
	}
	t.entries = append(t.entries, e)
}

func (t *recentTable) remove(i int) { t.entries = slices.Delete(t.entries, i, i+1) }

// note records another timestamp for the address at i (recent_entry_update).
func (t *recentTable) note(i int, now int64, ttl uint8) {
	e := t.entries[i]
	e.next &= t.ring - 1
	if e.next < len(e.stamps) {
		e.stamps[e.next] = now
	} else {
		e.stamps = append(e.stamps, now)
	}
	e.next++
	e.ttl = ttl
	t.remove(i)
	t.entries = append(t.entries, e)
}

// Match looks up the address and performs the operation.
func (m *Recent) Match(c *netfilter.Context) bool {
	t, ok := c.Engine.Shared(m.SharedKey(), func() netfilter.State { return m.Join(nil) }).(*recentTable)
	if !ok {
		return m.Invert
	}
	a, ttl := m.subject(c, t)
	want := ttl
	if !m.TTL {
		want = 0
	}
	now := netfilter.Jiffies(c.Engine.Now())
	i := t.find(a, want)
	switch {
	case i < 0 && m.Op == RecentSet:
		t.add(&recentEntry{addr: a, ttl: ttl, next: 1, stamps: []int64{now}})
		return !m.Invert
	case i < 0:
		return m.Invert
	case m.Op == RecentSet:
		t.note(i, now, ttl)
		return !m.Invert
	case m.Op == RecentRemove:
		t.remove(i)
		return !m.Invert
	}
	return m.check(t, i, now, ttl)
}

// subject returns the address under the table's mask, and the time to live
// before it was decremented by forwarding.
func (m *Recent) subject(c *netfilter.Context, t *recentTable) (netip.Addr, uint8) {
	a, ttl := c.Packet.Src(), c.Packet.TTL()
	if m.Dst {
		a = c.Packet.Dst()
	}
	if c.Out != "" && c.Packet.Socket == nil {
		ttl++
	}
	if t.mask.BitLen() == a.BitLen() {
		a = netfilter.Masked(a, t.mask)
	}
	return a, ttl
}

// check compares the number of timestamps of the address at i with the
// conditions.
func (m *Recent) check(t *recentTable, i int, now int64, ttl uint8) bool {
	e := t.entries[i]
	since := now - int64(m.Seconds*netfilter.HZ) // truncated to 32 bits, as in the kernel
	hits := uint32(0)
	for _, s := range e.stamps {
		if m.Seconds == 0 || s >= since {
			hits++
		}
	}
	holds := (hits >= max(m.Hits, 1)) != m.Invert
	noting := m.Op == RecentUpdate && holds
	if oldest := t.entries[0]; m.Reap && !(oldest == e && noting) && oldest.stamps[oldest.next-1] < since {
		t.remove(0)
		i = t.find(e.addr, 0)
	}
	if noting && i >= 0 {
		t.note(i, now, ttl)
	}
	return holds
}
