package match

import (
	"errors"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// Set matches packets that are in a set (net/netfilter/xt_set.c, set_match_v4).
// Which fields of the packet are looked up depends on the type of the set and
// on the directions that the rule gives for its parts.
type Set struct {
	Set    ipset.Ref
	Invert bool
	// ReturnNoMatch matches only packets covered by entries with nomatch, for types
	// of sets that have them.
	ReturnNoMatch bool
	// NoCounters does not update the counters of the matching entry; NoSubCounters
	// only those of the members of a list of sets.
	NoCounters, NoSubCounters bool
	// Packets and Bytes are conditions on the counters of the entry, this packet
	// included.
	Packets, Bytes ipset.Comparison
}

var setDefinition = netfilter.Definition{
	Name:     "set",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Set{} },
	Options: []netfilter.OptionDef{
		{Name: "match-set", Aliases: []string{"set"}, Args: 2, Negatable: true, Required: true, Set: netfilter.Into((*Set).setName)},
		{Name: "return-nomatch", Repeatable: true, Set: netfilter.Into((*Set).setReturnNoMatch)},
		{Name: "update-counters", Negatable: true, Repeatable: true, Set: netfilter.Into((*Set).setUpdate)},
		{Name: "update-subcounters", Negatable: true, Repeatable: true, Set: netfilter.Into((*Set).setSubUpdate)},
		counterOption("packets-eq", ipset.CompareEQ, packetsOf),
		counterOption("packets-lt", ipset.CompareLT, packetsOf),
		counterOption("packets-gt", ipset.CompareGT, packetsOf),
		counterOption("bytes-eq", ipset.CompareEQ, bytesOf),
		counterOption("bytes-lt", ipset.CompareLT, bytesOf),
		counterOption("bytes-gt", ipset.CompareGT, bytesOf),
	},
}

func packetsOf(m *Set) *ipset.Comparison { return &m.Packets }
func bytesOf(m *Set) *ipset.Comparison   { return &m.Bytes }

// counterOption is one of three conditions on a counter, of which one may be
// given.
func counterOption(name string, op ipset.CompareOp, of func(*Set) *ipset.Comparison) netfilter.OptionDef {
	set := func(m *Set, v *netfilter.Value) (err error) {
		c := of(m)
		if c.Op != ipset.CompareNone {
			return errors.New("only one of the conditions eq, lt and gt is possible for a counter")
		}
		c.Op = op
		if v.Invert {
			c.Op = ipset.CompareNE
		}
		c.Value, err = opt.Uint(v.Arg(), 0, 1<<64-1)
		return err
	}
	return netfilter.OptionDef{Name: name, Args: 1, Negatable: op == ipset.CompareEQ, Set: netfilter.Into(set)}
}

func (m *Set) setName(v *netfilter.Value) (err error) {
	m.Invert = v.Invert
	m.Set, err = ipset.ReadRef(v.Args[0], v.Args[1])
	return err
}

func (m *Set) setReturnNoMatch(*netfilter.Value) error {
	m.ReturnNoMatch = true
	return nil
}

func (m *Set) setUpdate(v *netfilter.Value) error {
	m.NoCounters = m.NoCounters || v.Invert
	return nil
}

func (m *Set) setSubUpdate(v *netfilter.Value) error {
	m.NoSubCounters = m.NoSubCounters || v.Invert
	return nil
}

// Definition returns the extension's definition.
func (m *Set) Definition() *netfilter.Definition { return &setDefinition }

// Name returns "set".
func (m *Set) Name() string { return "set" }

// SetRefs returns the set the match refers to.
func (m *Set) SetRefs() []ipset.Ref { return []ipset.Ref{m.Set} }

// AppendOptions appends "[!] --match-set name directions" and the options that
// differ from their defaults.
func (m *Set) AppendOptions(b []byte) []byte {
	b = m.Set.Append(opt.AppendOption(b, "match-set", m.Invert))
	if m.ReturnNoMatch {
		b = opt.AppendOption(b, "return-nomatch", false)
	}
	if m.NoCounters {
		b = opt.AppendOption(b, "update-counters", true)
	}
	if m.NoSubCounters {
		b = opt.AppendOption(b, "update-subcounters", true)
	}
	b = appendComparison(b, "packets", m.Packets)
	return appendComparison(b, "bytes", m.Bytes)
}

func appendComparison(b []byte, counter string, c ipset.Comparison) []byte {
	switch c.Op {
	case ipset.CompareEQ, ipset.CompareNE:
		b = opt.AppendOption(b, counter+"-eq ", c.Op == ipset.CompareNE)
	case ipset.CompareLT:
		b = opt.AppendOption(b, counter+"-lt ", false)
	case ipset.CompareGT:
		b = opt.AppendOption(b, counter+"-gt ", false)
	default:
		return b
	}
	return strconv.AppendUint(b, c.Value, 10)
}

// Match looks up the packet in the set.
func (m *Set) Match(c *netfilter.Context) bool {
	o := ipset.MatchOptions{ReturnNoMatch: m.ReturnNoMatch, NoCounters: m.NoCounters, NoSubCounters: m.NoSubCounters}
	if m.Packets.Op != ipset.CompareNone || m.Bytes.Op != ipset.CompareNone {
		o.Counters = &ipset.CounterTest{Packets: m.Packets, Bytes: m.Bytes}
	}
	found, _ := ipset.Of(c).Match(c, m.Set, o)
	return found != m.Invert
}
