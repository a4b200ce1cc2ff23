package match

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// RT matches the routing header of an IPv6 packet (net/ipv6/netfilter/
// ip6t_rt.c, rt_mt6). The zero value matches every packet that has one.
type RT struct {
	Type         cond.Number
	SegmentsLeft cond.Range
	Length       cond.Number // of the header in bytes
	// The fields below require type 0, not inverted.
	Reserved bool // the reserved field must be 0
	// Addrs must be the header's addresses, at most 16, or with NotStrict a
	// subsequence of them; none is no condition.
	Addrs     []netip.Addr
	NotStrict bool
}

// Equal reports whether both are the same match. It is used by go-cmp.
func (m RT) Equal(o RT) bool {
	return m.Type == o.Type && m.SegmentsLeft == o.SegmentsLeft && m.Length == o.Length && m.Reserved == o.Reserved &&
		slices.Equal(m.Addrs, o.Addrs) && m.NotStrict == o.NotStrict
}

const maxRTAddrs = 16

var rtDefinition = netfilter.Definition{
	Name:     "rt",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &RT{} },
	Options: []netfilter.OptionDef{
		opt.Equal("rt-type", math.MaxUint32, func(m *RT) *cond.Number { return &m.Type }),
		opt.Range("rt-segsleft", func(m *RT) *cond.Range { return &m.SegmentsLeft }),
		opt.Equal("rt-len", math.MaxUint32, func(m *RT) *cond.Number { return &m.Length }),
		{Name: "rt-0-res", Set: netfilter.Into(func(m *RT, _ *netfilter.Value) error {
			m.Reserved = true
			return m.needType0()
		})},
		{Name: "rt-0-addrs", Args: 1, Set: netfilter.Into((*RT).setAddrs)},
		{Name: "rt-0-not-strict", Set: netfilter.Into(func(m *RT, _ *netfilter.Value) error {
			if m.NotStrict = true; len(m.Addrs) == 0 {
				return errors.New("needs --rt-0-addrs ahead of it")
			}
			return nil
		})},
	},
}

func (m *RT) needType0() error {
	if m.Type != cond.NewNumber(0) {
		return errors.New("needs --rt-type 0 ahead of it, not inverted")
	}
	return nil
}

func (m *RT) setAddrs(v *netfilter.Value) error {
	if err := m.needType0(); err != nil {
		return err
	}
	for word := range strings.SplitSeq(v.Arg(), ",") {
		if len(m.Addrs) == maxRTAddrs {
			return fmt.Errorf("too many addresses: at most %d fit", maxRTAddrs)
		}
		a, err := opt.StrictAddr(word, netfilter.IPv6)
		if err != nil {
			return err
		}
		m.Addrs = append(m.Addrs, a)
	}
	return nil
}

// Definition returns the extension's definition.
func (m *RT) Definition() *netfilter.Definition { return &rtDefinition }

// Name returns "rt".
func (m *RT) Name() string { return "rt" }

// AppendOptions appends the options given.
func (m *RT) AppendOptions(b []byte) []byte {
	b = opt.AppendEqual(b, "rt-type", m.Type)
	b = opt.AppendGivenRange(b, "rt-segsleft", m.SegmentsLeft)
	b = opt.AppendEqual(b, "rt-len", m.Length)
	b = opt.AppendFlag(b, "rt-0-res", m.Reserved)
	for i, a := range m.Addrs {
		if i == 0 {
			b = append(opt.AppendOption(b, "rt-0-addrs", false), ' ')
		} else {
			b = append(b, ',')
		}
		b = netfilter.AppendAddr(b, a)
	}
	return opt.AppendFlag(b, "rt-0-not-strict", m.NotStrict)
}

// Check refuses conditions that require type 0 without that type
// (rt_mt6_check).
func (m *RT) Check(netfilter.CheckContext) error {
	if m.Reserved || len(m.Addrs) > 0 || m.NotStrict {
		return m.needType0()
	}
	return nil
}

// Match compares the header. A packet in which it, or a preceding header, is
// cut short is dropped.
func (m *RT) Match(c *netfilter.Context) bool {
	h, ok := wholeHeader(c, packet.ProtoRouting, 4)
	if !ok || !m.SegmentsLeft.Holds(uint32(h[3])) || !m.Length.Holds(uint32(len(h))) || !m.Type.Holds(uint32(h[2])) {
		return false
	}
	if m.Reserved && be32(h[4:]) != 0 {
		return false
	}
	if len(m.Addrs) == 0 {
		return true
	}
	addrs := h[8:]
	if n := len(addrs) / 16; len(m.Addrs) > n || !m.NotStrict && len(m.Addrs) != n {
		return false
	}
	i := 0
	for ; len(addrs) >= 16 && i < len(m.Addrs); addrs = addrs[16:] {
		switch {
		case netip.AddrFrom16([16]byte(addrs)) == m.Addrs[i]:
			i++
		case !m.NotStrict:
			return false
		}
	}
	return i == len(m.Addrs)
}
