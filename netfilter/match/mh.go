package match

import (
	"fmt"
	"math"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// MH matches the type of an IPv6 mobility header (net/ipv6/netfilter/ip6t_mh.c,
// mh_mt6). The zero value matches type 0.
type MH struct {
	Min, Max uint8 // both included
	Invert   bool
}

// mhTypes are the long and short names of the types; the index, halved, is the
// type.
var mhTypes = opt.Names{
	"binding-refresh-request", "brr", "home-test-init", "hoti", "careof-test-init", "coti", "home-test", "hot",
	"careof-test", "cot", "binding-update", "bu", "binding-acknowledgement", "ba", "binding-error", "be",
}

var mhDefinition = netfilter.Definition{
	Name:      "mh",
	Families:  netfilter.OnlyIPv6,
	New:       func() netfilter.Extension { return &MH{Max: math.MaxUint8} },
	Protocols: []uint8{packet.ProtoMH},
	Options: []netfilter.OptionDef{
		{Name: "mh-type", Args: 1, Negatable: true, Set: netfilter.Into((*MH).setType)},
	},
}

// setType reads "type[:type]". An omitted end is 0 or 255.
func (m *MH) setType(v *netfilter.Value) (err error) {
	lo, hi, isRange := strings.Cut(v.Arg(), ":")
	m.Min, m.Max, m.Invert = 0, math.MaxUint8, v.Invert
	if lo != "" || !isRange {
		if m.Min, err = mhType(lo); err != nil {
			return err
		}
	}
	switch {
	case !isRange:
		m.Max = m.Min
	case hi != "":
		m.Max, err = mhType(hi)
	}
	if err == nil && m.Min > m.Max {
		err = fmt.Errorf("bad range %q: the lower type comes first", v.Arg())
	}
	return err
}

// mhType reads a number or a name, which may be abbreviated.
func mhType(s string) (uint8, error) {
	i := mhTypes.Find(s)
	if i < 0 {
		i = mhTypes.Prefix(s)
	}
	if i >= 0 {
		return uint8(i / 2), nil
	}
	n, err := opt.Uint(s, 0, math.MaxUint8)
	if err != nil {
		return 0, fmt.Errorf("unknown type %q: need 0-255 or one of %s", s, mhTypes)
	}
	return uint8(n), nil
}

// Definition returns the extension's definition.
func (m *MH) Definition() *netfilter.Definition { return &mhDefinition }

// Name returns "mh".
func (m *MH) Name() string { return "mh" }

// AppendOptions appends "[!] --mh-type low[:high]". A range of all types is
// omitted, unless it is inverted (it then matches nothing).
func (m *MH) AppendOptions(b []byte) []byte {
	if !m.Invert && m.Min == 0 && m.Max == math.MaxUint8 {
		return b
	}
	return opt.AppendRange(opt.AppendOption(b, "mh-type", m.Invert), uint64(m.Min), uint64(m.Max))
}

// Match compares the type. Only the first fragment of a packet matches; a
// packet without the first 6 bytes of the header, or with another header after
// it, is dropped.
func (m *MH) Match(c *netfilter.Context) bool {
	if c.Transport.FragOff != 0 {
		return false
	}
	h, ok := c.TransportHeader(6)
	if !ok || h[0] != packet.ProtoNone {
		c.HotDrop()
		return false
	}
	return (h[2] >= m.Min && h[2] <= m.Max) != m.Invert
}
