package match

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// HBH matches the hop-by-hop options header of an IPv6 packet
// (net/ipv6/netfilter/ip6t_hbh.c, hbh_mt6). The zero value matches every packet
// that has one.
type HBH struct {
	Length cond.Number // of the header in bytes
	// Options are what the header's first options must be, in this order, padding
	// included; at most 16.
	Options []HeaderOption
}

// HeaderOption is a condition on an option of an extension header.
type HeaderOption struct {
	Type   uint8
	Length uint8 // of its data; 255 is any. Options of type 0 have no length
}

// anyLength stands for every length of an option.
const anyLength = 255

const maxHeaderOptions = 16

var hbhDefinition = netfilter.Definition{
	Name:     "hbh",
	Families: netfilter.OnlyIPv6,
	New:      func() netfilter.Extension { return &HBH{} },
	Options:  headerOptions("hbh", func(e netfilter.Extension) *HBH { return e.(*HBH) }),
}

// headerOptions are the options of hbh and dst (iptables extensions/
// libip6t_hbh.c, libip6t_dst.c).
func headerOptions(name string, as func(netfilter.Extension) *HBH) []netfilter.OptionDef {
	return []netfilter.OptionDef{
		{Name: name + "-len", Args: 1, Negatable: true, Set: func(e netfilter.Extension, v *netfilter.Value) error {
			n, err := opt.Uint(v.Arg(), 0, math.MaxUint32)
			as(e).Length = cond.Number{Value: uint32(n), Invert: v.Invert, Given: true}
			return err
		}},
		{Name: name + "-opts", Args: 1, Set: func(e netfilter.Extension, v *netfilter.Value) (err error) {
			as(e).Options, err = parseHeaderOptions(v.Arg())
			return err
		}},
	}
}

// parseHeaderOptions reads "type[:length][,type[:length]]...". Numbers are
// truncated to eight bits, as in iptables.
func parseHeaderOptions(s string) (list []HeaderOption, err error) {
	for word := range strings.SplitSeq(s, ",") {
		typ, length, hasLength := strings.Cut(word, ":")
		if len(list) == maxHeaderOptions || hasLength && len(list) == maxHeaderOptions-1 {
			return nil, fmt.Errorf("too many options: at most %d fit, of which the last has no length", maxHeaderOptions)
		}
		o := HeaderOption{Length: anyLength}
		if o.Type, err = optionByte(typ); err != nil {
			return nil, fmt.Errorf("type: %w", err)
		}
		if hasLength {
			if o.Type == 0 {
				return nil, fmt.Errorf("option %q has no length", typ)
			}
			if o.Length, err = optionByte(length); err != nil {
				return nil, fmt.Errorf("length: %w", err)
			}
		}
		list = append(list, o)
	}
	return list, nil
}

// optionByte reads a number as strtoul does, a sign included.
func optionByte(s string) (uint8, error) {
	n, rest, ok := opt.SignedPrefix(s)
	if !ok || rest != "" {
		return 0, fmt.Errorf("bad value %q: need a number", s)
	}
	return uint8(n), nil
}

// Definition returns the extension's definition.
func (m *HBH) Definition() *netfilter.Definition { return &hbhDefinition }

// Name returns "hbh".
func (m *HBH) Name() string { return "hbh" }

// AppendOptions appends "[!] --hbh-len length" and "--hbh-opts list".
func (m *HBH) AppendOptions(b []byte) []byte { return m.append(b, "hbh") }

func (m *HBH) append(b []byte, name string) []byte {
	b = opt.AppendEqual(b, name+"-len", m.Length)
	if len(m.Options) == 0 {
		return b
	}
	b = opt.AppendOption(b, name+"-opts", false)
	for i, o := range m.Options {
		sep := byte(',')
		if i == 0 {
			sep = ' '
		}
		b = strconv.AppendUint(append(b, sep), uint64(o.Type), 10)
		if o.Length != anyLength {
			b = strconv.AppendUint(append(b, ':'), uint64(o.Length), 10)
		}
	}
	return b
}

// Match compares the header. A packet in which it, or a preceding header, is
// cut short is dropped.
func (m *HBH) Match(c *netfilter.Context) bool { return m.match(c, packet.ProtoHopByHop) }

func (m *HBH) match(c *netfilter.Context, number uint8) bool {
	h, ok := wholeHeader(c, number, 2)
	if !ok || !m.Length.Holds(uint32(len(h))) {
		return false
	}
	left := m.Options
	for o := range packet.Options6(h[2:]) {
		if len(left) == 0 {
			return true
		}
		want := left[0]
		if o.Kind != want.Type || o.Kind != packet.Option6Pad1 && (len(o.Bytes) < 2 || want.Length != anyLength && o.Bytes[1] != want.Length) {
			return false
		}
		left = left[1:]
	}
	return len(left) == 0
}

// wholeHeader returns an extension header in full length; false if the packet
// has none. It sets hotdrop if the header is incomplete, its first n bytes are
// missing, or a preceding header is truncated.
func wholeHeader(c *netfilter.Context, number uint8, n int) ([]byte, bool) {
	h, ok := extensionHeader(c, number, n)
	if !ok {
		return nil, false
	}
	if n = packet.ExtensionHeaderLen(number, h); n > len(h) {
		c.HotDrop()
		return nil, false
	}
	return h[:n], true
}
