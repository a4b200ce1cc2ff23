package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/frag"
	"github.com/packetpath/packetpath/simulate/internal/nat"
)

var _ netfilter.Engine = (*flow)(nil)

// Chance implements netfilter.Engine.
func (f *flow) Chance(p uint32) bool { return f.s.chance.Event(p) }

// Pick implements netfilter.Engine.
func (f *flow) Pick(n uint32) uint32 { return f.s.chance.Pick(n) }

// Now implements netfilter.Engine.
func (f *flow) Now() time.Time { return f.s.now }

// Shared implements netfilter.Engine.
func (f *flow) Shared(key string, make func() netfilter.State) netfilter.State {
	st, ok := f.s.shared[key]
	if !ok {
		st = make()
		f.s.shared[key] = st
	}
	return st
}

// AddrType implements netfilter.Engine.
func (f *flow) AddrType(a netip.Addr, dev string) netfilter.AddrType {
	index := 0
	if dev != "" {
		l := f.s.node.link(dev)
		if l == nil {
			return netfilter.AddrUnicast
		}
		index = l.index
	}
	return netfilter.AddrType(f.s.node.fib.AddrType(a, index))
}

// SetupNAT implements netfilter.Engine (net/netfilter/nf_nat_core.c,
// nf_nat_setup_info).
func (f *flow) SetupNAT(c *netfilter.Context, m netfilter.Manip, r netfilter.NATRange) netfilter.Verdict {
	if c.Conn == nil || c.Conn.Status&netfilter.ConnConfirmed != 0 {
		return netfilter.Accept
	}
	if !nat.Setup(f.s.conns, c.Conn, r, m, f.drawPort(r, m)) {
		return netfilter.Drop
	}
	return netfilter.Accept
}

// SourceFor implements netfilter.Engine (net/netfilter/nf_nat_masquerade.c,
// nf_nat_masquerade_ipv4, nf_nat_masquerade_ipv6).
func (f *flow) SourceFor(c *netfilter.Context) (netip.Addr, bool) {
	var a netip.Addr
	var ok bool
	if c.Family == netfilter.IPv6 {
		a, ok = f.s.node.fib.SelectAddr6(f.out.index, f.pkt.Dst())
	} else {
		a, ok = f.linkAddr4()
	}
	if ok && c.Conn != nil {
		c.Conn.OutDev = c.Out
	}
	return a, ok
}

// linkAddr4 returns the IPv4 address by which the next hop would best know the
// host (net/ipv4/devinet.c, inet_select_addr).
func (f *flow) linkAddr4() (netip.Addr, bool) {
	return f.s.node.fib.SelectAddr(f.out.index, f.nextHop4(), fib.ScopeGlobal)
}

// RedirectTo implements netfilter.Engine (net/netfilter/nf_nat_redirect.c).
func (f *flow) RedirectTo(c *netfilter.Context) (netip.Addr, bool) {
	if c.Hook == netfilter.Output {
		if c.Family == netfilter.IPv6 {
			return netip.IPv6Loopback(), true
		}
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	return f.s.node.fib.RedirectAddr(f.in.index, f.pkt.Dst())
}

// Reject implements netfilter.Engine.
func (f *flow) Reject(_ *netfilter.Context, w netfilter.RejectWith) {
	f.rejected = true
	if w.TCPReset {
		f.rejectReset()
		return
	}
	f.rejectICMP(w.Type, w.Code)
}

// Log implements netfilter.Engine.
func (f *flow) Log(c *netfilter.Context, l netfilter.LogConfig) {
	f.res.logs = append(f.res.logs, logEntry{config: l, in: c.In, out: c.Out, version: f.version()})
}

// Gather implements netfilter.Engine.
func (f *flow) Gather(_ *netfilter.Context, n int) {
	if !f.frag.Whole() {
		f.frag.Pull(n - frag.HeadLen(&f.pkt))
	}
}

// Trace implements netfilter.Engine.
func (f *flow) Trace(*netfilter.Context) { f.traced, f.res.traced = true, true }

// Track implements netfilter.Engine. What the first rule says holds: further
// rules find a connection, of which nothing is known yet, until the packet is
// tracked, and what the host answers an untracked packet cannot be exempted
// (net/netfilter/xt_CT.c, xt_ct_target, xt_ct_tg_check).
func (f *flow) Track(c *netfilter.Context, t netfilter.TrackConfig) {
	switch {
	case c.Conn != nil || c.CTState == netfilter.CTUntracked || f.attached:
	case t.Untracked:
		c.CTState = netfilter.CTUntracked
	default:
		f.prepare(&t)
	}
}

// prepare gives the packet what it has for a connection until it is tracked.
func (f *flow) prepare(t *netfilter.TrackConfig) {
	zero := netip.IPv4Unspecified()
	if f.c.Family == netfilter.IPv6 {
		zero = netip.IPv6Unspecified()
	}
	if t.Template == nil {
		t.Template = new(netfilter.Conn)
	}
	ends := netfilter.Tuple{Src: zero, Dst: zero}
	*t.Template = netfilter.Conn{Tuples: [2]netfilter.Tuple{ends, ends}, Zone: t.Zone, ZoneDir: t.ZoneDir, Mark: t.Template.Mark,
		Status: netfilter.ConnConfirmed | netfilter.ConnTemplate, Helper: t.Helper, Timeout: t.Timeout}
	f.template, f.c.Conn, f.c.CTState = t, t.Template, netfilter.CTNew
}

// Ethernet implements netfilter.Engine.
func (f *flow) Ethernet(*netfilter.Context) (src, dst packet.MAC) {
	if f.in == nil || f.local || f.in.NoHeader || f.in.Loopback {
		return src, dst
	}
	if dst = f.pkt.DstMAC; dst == (packet.MAC{}) {
		dst = f.in.MAC
	}
	return f.pkt.SrcMAC, dst
}

// Fail implements netfilter.Engine.
func (f *flow) Fail(c *netfilter.Context, err error) {
	var unknown *netfilter.UnknownError
	switch {
	case f.res.Err != nil:
	case errors.As(err, &unknown):
		f.res.Err = err // names the rule itself
	default:
		f.res.Err = fmt.Errorf("%s: %w", rulePlace(c.Table, c.Rule), err)
	}
	c.HotDrop()
}

// rulePlace names a rule by its position, if it was read from a text, and its
// own text.
func rulePlace(table string, r *netfilter.Rule) string {
	if r == nil {
		return "table " + table
	}
	place := "table " + table + ", rule " + strings.TrimSpace(strings.TrimPrefix(string(r.AppendSave(nil, netfilter.IPv4, "")), "-A"))
	if r.Pos.IsValid() {
		place = r.Pos.String() + ": " + place
	}
	return place
}
