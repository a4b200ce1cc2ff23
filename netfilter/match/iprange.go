package match

import (
	"errors"
	"net/netip"
	"strings"

	"go4.org/netipx"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// IPRange matches addresses between two others (net/netfilter/xt_iprange.c,
// iprange_mt4, iprange_mt6). The zero value matches every packet.
type IPRange struct{ Src, Dst AddrRange }

// AddrRange is a condition that an address lies between two others, both
// included, or outside them when inverted. The zero value is none.
type AddrRange struct {
	Addrs  netipx.IPRange // a reversed range contains no address
	Invert bool
}

// Equal reports whether both are the same condition. It is used by go-cmp.
func (r AddrRange) Equal(o AddrRange) bool { return r == o }

// given reports whether there is a condition.
func (r *AddrRange) given() bool { return r.Addrs.From().IsValid() }

func (r *AddrRange) holds(a netip.Addr) bool { return !r.given() || r.Addrs.Contains(a) != r.Invert }

var iprangeDefinition = netfilter.Definition{
	Name:     "iprange",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &IPRange{} },
	Options: []netfilter.OptionDef{
		{Name: "src-range", Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *IPRange, v *netfilter.Value) error { return m.Src.set(v) })},
		{Name: "dst-range", Args: 1, Negatable: true,
			Set: netfilter.Into(func(m *IPRange, v *netfilter.Value) error { return m.Dst.set(v) })},
	},
	Finish: func(_ netfilter.Extension, given func(string) bool) error {
		if !given("src-range") && !given("dst-range") {
			return errors.New("--src-range or --dst-range must be given")
		}
		return nil
	},
}

// set reads "address[-address]"; a single address is both ends.
func (r *AddrRange) set(v *netfilter.Value) error {
	from, to, isRange := strings.Cut(v.Arg(), "-")
	if !isRange {
		to = from
	}
	first, err := opt.OctetAddr(from, v.Family)
	if err != nil {
		return err
	}
	last, err := opt.OctetAddr(to, v.Family)
	*r = AddrRange{Addrs: netipx.IPRangeFrom(first, last), Invert: v.Invert}
	return err
}

// Definition returns the extension's definition.
func (m *IPRange) Definition() *netfilter.Definition { return &iprangeDefinition }

// Name returns "iprange".
func (m *IPRange) Name() string { return "iprange" }

// AppendOptions appends the ranges given, each with both ends.
func (m *IPRange) AppendOptions(b []byte) []byte {
	return m.Dst.append(m.Src.append(b, "src-range"), "dst-range")
}

func (r *AddrRange) append(b []byte, name string) []byte {
	if !r.given() {
		return b
	}
	b = netfilter.AppendAddr(append(opt.AppendOption(b, name, r.Invert), ' '), r.Addrs.From())
	return netfilter.AppendAddr(append(b, '-'), r.Addrs.To())
}

// Bound implements netfilter.Bounded.
func (m *IPRange) Bound(b netfilter.Bounds) bool {
	if m.Src.given() {
		b.SrcAddr(m.Src.Addrs.From(), m.Src.Addrs.To(), m.Src.Invert)
	}
	if m.Dst.given() {
		b.DstAddr(m.Dst.Addrs.From(), m.Dst.Addrs.To(), m.Dst.Invert)
	}
	return true
}

// Match compares both addresses.
func (m *IPRange) Match(c *netfilter.Context) bool {
	return m.Src.holds(c.Packet.Src()) && m.Dst.holds(c.Packet.Dst())
}
