package match

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// AddrType matches the routing types of the source and destination address
// (net/netfilter/xt_addrtype.c, addrtype_mt_v1). The zero value matches every
// packet.
type AddrType struct {
	Src, Dst             netfilter.AddrType // 0 is no condition
	InvertSrc, InvertDst bool
	// Only addresses of the input link, or of the output link, are considered.
	LimitIn, LimitOut bool
}

// addrTypes are the names of the types, by bit of netfilter.AddrType.
var addrTypes = opt.Names{
	"UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST",
	"BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE",
}

var addrtypeDefinition = netfilter.Definition{
	Name:     "addrtype",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &AddrType{} },
	Options: []netfilter.OptionDef{
		{Name: "src-type", Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *AddrType, v *netfilter.Value) (err error) {
				m.InvertSrc = v.Invert
				m.Src, err = opt.PrefixSet[netfilter.AddrType](addrTypes, v.Arg())
				return err
			})},
		{Name: "dst-type", Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *AddrType, v *netfilter.Value) (err error) {
				m.InvertDst = v.Invert
				m.Dst, err = opt.PrefixSet[netfilter.AddrType](addrTypes, v.Arg())
				return err
			})},
		{Name: "limit-iface-in", Excludes: []string{"limit-iface-out"},
			Set: netfilter.Into(func(m *AddrType, _ *netfilter.Value) error { m.LimitIn = true; return nil })},
		{Name: "limit-iface-out", Excludes: []string{"limit-iface-in"},
			Set: netfilter.Into(func(m *AddrType, _ *netfilter.Value) error { m.LimitOut = true; return nil })},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		if !given("src-type") && !given("dst-type") {
			return errors.New("--src-type or --dst-type must be given")
		}
		return nil
	},
}

// Definition returns the extension's definition.
func (m *AddrType) Definition() *netfilter.Definition { return &addrtypeDefinition }

// Name returns "addrtype".
func (m *AddrType) Name() string { return "addrtype" }

// AppendOptions appends the options given.
func (m *AddrType) AppendOptions(b []byte) []byte {
	if m.Src != 0 {
		b = opt.AppendSet(append(opt.AppendOption(b, "src-type", m.InvertSrc), ' '), addrTypes, m.Src)
	}
	if m.Dst != 0 {
		b = opt.AppendSet(append(opt.AppendOption(b, "dst-type", m.InvertDst), ' '), addrTypes, m.Dst)
	}
	if m.LimitIn {
		b = opt.AppendOption(b, "limit-iface-in", false)
	}
	if m.LimitOut {
		b = opt.AppendOption(b, "limit-iface-out", false)
	}
	return b
}

// noAddrType6 are the types that IPv6 routes do not have.
const noAddrType6 = netfilter.AddrBroadcast | netfilter.AddrBlackhole | netfilter.AddrProhibit | netfilter.AddrThrow |
	netfilter.AddrNAT | netfilter.AddrXResolve

// Check refuses a restriction to a link that the hooks do not have, and types
// that IPv6 does not have (addrtype_mt_checkentry_v1).
func (m *AddrType) Check(p netfilter.CheckContext) error {
	if noIn := netfilter.HooksOf(netfilter.Output, netfilter.Postrouting); m.LimitIn && p.Hooks&noIn != 0 {
		return fmt.Errorf("--limit-iface-in has no link to look at in %s", p.Hooks&noIn)
	}
	if noOut := netfilter.HooksOf(netfilter.Prerouting, netfilter.Input); m.LimitOut && p.Hooks&noOut != 0 {
		return fmt.Errorf("--limit-iface-out has no link to look at in %s", p.Hooks&noOut)
	}
	if bad := (m.Src | m.Dst) & noAddrType6; p.Family == netfilter.IPv6 && bad != 0 {
		return fmt.Errorf("IPv6 does not know the type %s", opt.AppendSet(nil, addrTypes, bad))
	}
	return nil
}

// Match compares the types of both addresses. Of several types IPv4 needs one;
// IPv6 needs each of MULTICAST, UNICAST and UNSPEC that is listed, and one of
// the others if any is.
func (m *AddrType) Match(c *netfilter.Context) bool {
	dev := ""
	switch {
	case m.LimitIn:
		dev = c.In
	case m.LimitOut:
		dev = c.Out
	}
	if m.Src != 0 && addrHasType(c, c.Packet.Src(), m.Src, dev) == m.InvertSrc {
		return false
	}
	return m.Dst == 0 || addrHasType(c, c.Packet.Dst(), m.Dst, dev) != m.InvertDst
}

func addrHasType(c *netfilter.Context, a netip.Addr, want netfilter.AddrType, dev string) bool {
	if c.Family == netfilter.IPv4 {
		return c.Engine.AddrType(a, dev)&want != 0
	}
	multicast := a.As16()[0] == 0xff
	if want&netfilter.AddrMulticast != 0 && !multicast ||
		want&netfilter.AddrUnicast != 0 && (multicast || a.IsUnspecified() || a.Is4In6()) ||
		want&netfilter.AddrUnspec != 0 && !a.IsUnspecified() {
		return false
	}
	const routed = netfilter.AddrLocal | netfilter.AddrAnycast | netfilter.AddrUnreachable
	return want&routed == 0 || c.Engine.AddrType(a, dev)&want&routed != 0
}
