package match

import (
	"fmt"
	"math"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// TCPMSS matches the maximum segment size option of a TCP header
// (net/netfilter/xt_tcpmss.c, tcpmss_mt). The zero value matches an MSS of 0.
type TCPMSS struct {
	Min, Max uint16 // both included
	Invert   bool
}

var tcpmssDefinition = netfilter.Definition{
	Name:      "tcpmss",
	Families:  netfilter.BothFamilies,
	New:       func() netfilter.Extension { return &TCPMSS{} },
	Protocols: []uint8{packet.ProtoTCP},
	Options: []netfilter.OptionDef{
		{Name: "mss", Args: 1, Negatable: true, Required: true, Set: netfilter.Into((*TCPMSS).setMSS)},
	},
}

func (m *TCPMSS) setMSS(v *netfilter.Value) error {
	lo, hi, err := opt.UintRange(v, math.MaxUint16)
	if err == nil && lo > hi {
		err = fmt.Errorf("bad range %q: the lower size comes first", v.Arg())
	}
	m.Min, m.Max, m.Invert = uint16(lo), uint16(hi), v.Invert
	return err
}

// Definition returns the extension's definition.
func (m *TCPMSS) Definition() *netfilter.Definition { return &tcpmssDefinition }

// Name returns "tcpmss".
func (m *TCPMSS) Name() string { return "tcpmss" }

// AppendOptions appends "[!] --mss low[:high]".
func (m *TCPMSS) AppendOptions(b []byte) []byte {
	return opt.AppendRange(opt.AppendOption(b, "mss", m.Invert), uint64(m.Min), uint64(m.Max))
}

// Match compares the option; without one only an inverted condition holds. A
// packet with a truncated header is dropped. Later fragments are treated like
// other packets, as in the kernel.
func (m *TCPMSS) Match(c *netfilter.Context) bool {
	h, ok := opt.TCPHeader(c)
	if !ok {
		c.HotDrop()
		return false
	}
	_, mss, found := opt.FindMSS(h.Options())
	return (found && mss >= m.Min && mss <= m.Max) != m.Invert
}
