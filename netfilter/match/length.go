package match

import (
	"math"
	"strconv"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Length matches the length of the IP packet in bytes, headers included
// (net/netfilter/xt_length.c, length_mt, length_mt6). The zero value matches
// nothing.
type Length struct {
	Min, Max uint16 // both included; Min above Max matches nothing
	Invert   bool
}

var lengthDefinition = netfilter.Definition{
	Name:     "length",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Length{} },
	Options: []netfilter.OptionDef{
		{Name: "length", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*Length).setLength)},
	},
}

func (m *Length) setLength(v *netfilter.Value) error {
	lo, hi, err := opt.UintRange(v, math.MaxUint16)
	m.Min, m.Max, m.Invert = uint16(lo), uint16(hi), v.Invert
	return err
}

// Definition returns the extension's definition.
func (m *Length) Definition() *netfilter.Definition { return &lengthDefinition }

// Name returns "length".
func (m *Length) Name() string { return "length" }

// AppendOptions appends "[!] --length low[:high]".
func (m *Length) AppendOptions(b []byte) []byte {
	return opt.AppendRange(opt.AppendOption(b, "length", m.Invert), uint64(m.Min), uint64(m.Max))
}

// Match compares the length of the packet; for a fragment, the length of the
// fragment.
func (m *Length) Match(c *netfilter.Context) bool {
	n := c.Packet.Len()
	return (n >= int(m.Min) && n <= int(m.Max)) != m.Invert
}

// Observe returns the length.
func (m *Length) Observe(c *netfilter.Context) string {
	return "length " + strconv.Itoa(c.Packet.Len())
}
