package match

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/bucket"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// RateEst compares the rate that an estimator, fed by RATEEST, measures with a
// number or another estimator's (net/netfilter/xt_rateest.c, xt_rateest_mt).
// The phase of the kernel's sampling timer is not known, so the result near the
// limit may differ from the kernel's.
type RateEst struct {
	First, Second string // names of estimators; Second is "" to compare with numbers
	Compare       RateCompare
	Invert        bool
	Delta         bool // compare BPS1 and PPS1 minus the rates, at least 0; for Second, BPS2 and PPS2 minus its rates
	Bits          bool // compare bytes a second
	Packets       bool // compare packets a second
	BPS1, BPS2    uint32
	PPS1, PPS2    uint32
}

// RateCompare is a comparison. The zero value is none, which is refused.
type RateCompare uint8

// The comparisons of the first rate with the second.
const (
	NoCompare RateCompare = iota
	RateEqual
	RateBelow
	RateAbove
)

var rateCompares = [...]string{NoCompare: "", RateEqual: "eq", RateBelow: "lt", RateAbove: "gt"}

const maxRateEstName = 15

var rateestDefinition = netfilter.Definition{
	Name:     "rateest",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &RateEst{} },
	Options: []netfilter.OptionDef{
		{Name: "rateest1", Aliases: []string{"rateest"}, Args: 1,
			Set: opt.Text("", maxRateEstName, func(m *RateEst) *string { return &m.First }).Set},
		{Name: "rateest2", Args: 1, Set: opt.Text("", maxRateEstName, func(m *RateEst) *string { return &m.Second }).Set},
		rateOption("rateest-bps1", "", (*RateEst).setBPS, func(m *RateEst) *uint32 { return &m.BPS1 }),
		rateOption("rateest-bps2", "rateest-bps", (*RateEst).setBPS, func(m *RateEst) *uint32 { return &m.BPS2 }),
		rateOption("rateest-pps1", "", (*RateEst).setPPS, func(m *RateEst) *uint32 { return &m.PPS1 }),
		rateOption("rateest-pps2", "rateest-pps", (*RateEst).setPPS, func(m *RateEst) *uint32 { return &m.PPS2 }),
		opt.Flag("rateest-delta", func(m *RateEst) *bool { return &m.Delta }),
		rateCompareOption(RateBelow), rateCompareOption(RateAbove), rateCompareOption(RateEqual),
	},
}

// rateOption is an option that selects what is compared; its value may be
// omitted.
func rateOption(name, alias string, set func(*RateEst, *uint32, *netfilter.Value) error, field func(*RateEst) *uint32) netfilter.OptionDef {
	d := netfilter.OptionDef{Name: name, OptionalArg: true, Set: netfilter.Into(func(m *RateEst, v *netfilter.Value) error {
		return set(m, field(m), v)
	})}
	if alias != "" {
		d.Aliases = []string{alias}
	}
	return d
}

// rateCompareOption is a comparison. Of several the last one is used, inverted
// if any of them is. The same one may be given only once, although
// iptables-save prints it for bytes and again for packets.
func rateCompareOption(c RateCompare) netfilter.OptionDef {
	return netfilter.OptionDef{Name: "rateest-" + rateCompares[c], Negatable: true,
		Set: netfilter.Into(func(m *RateEst, v *netfilter.Value) error {
			m.Compare, m.Invert = c, m.Invert || v.Invert
			return nil
		})}
}

// rateUnits are the units of rates, in bits a second.
var rateUnits = map[string]float64{"": 1, "bit": 1, "bps": 8,
	"kibit": 1 << 10, "mibit": 1 << 20, "gibit": 1 << 30, "tibit": 1 << 40, "kbit": 1e3, "mbit": 1e6, "gbit": 1e9, "tbit": 1e12,
	"kibps": 8 << 10, "mibps": 8 << 20, "gibps": 8 << 30, "tibps": 8 << 40, "kbps": 8e3, "mbps": 8e6, "gbps": 8e9, "tbps": 8e12,
}

// setBPS reads a rate in bits a second, with a unit in any case. It is kept in
// bytes; it is truncated to 32 bits, as in iptables.
func (m *RateEst) setBPS(field *uint32, v *netfilter.Value) error {
	m.Bits = true
	if len(v.Args) == 0 {
		return nil
	}
	n, rest, ok := opt.ScanFloat(v.Arg())
	unit, known := rateUnits[strings.ToLower(rest)]
	if !ok || !known {
		return fmt.Errorf("bad rate %q: need a number with bit, kbit, mbit, bps, kbps and the like", v.Arg())
	}
	*field = opt.TruncateUint32(n * unit / 8)
	return nil
}

func (m *RateEst) setPPS(field *uint32, v *netfilter.Value) error {
	m.Packets = true
	if len(v.Args) == 0 {
		return nil
	}
	n, err := opt.Uint(v.Arg(), 0, 1<<32-1)
	*field = uint32(n)
	return err
}

// Definition returns the extension's definition.
func (m *RateEst) Definition() *netfilter.Definition { return &rateestDefinition }

// Name returns "rateest".
func (m *RateEst) Name() string { return "rateest" }

// AppendOptions appends names, comparison and rates in the order of iptables.
func (m *RateEst) AppendOptions(b []byte) []byte {
	b = opt.AppendFlag(b, "rateest-delta", m.Delta)
	name := "rateest "
	if m.Second != "" {
		name = "rateest1 "
	}
	b = append(opt.AppendOption(b, name, false), m.First...)
	if m.Bits {
		b = m.appendRates(b, "bps", m.BPS1, m.BPS2, appendBitRate)
	}
	if m.Packets {
		b = m.appendRates(b, "pps", m.PPS1, m.PPS2, func(b []byte, n uint32) []byte { return strconv.AppendUint(b, uint64(n), 10) })
	}
	if m.Second != "" {
		b = append(opt.AppendOption(b, "rateest2 ", false), m.Second...)
	}
	return b
}

func (m *RateEst) appendRates(b []byte, unit string, first, second uint32, number func([]byte, uint32) []byte) []byte {
	if m.Delta {
		b = number(append(opt.AppendOption(b, "rateest-"+unit+"1", false), ' '), first)
	}
	b = opt.AppendOption(b, "rateest-"+opt.NameAt(rateCompares[:], m.Compare), m.Invert)
	switch {
	case m.Delta:
		return number(append(opt.AppendOption(b, "rateest-"+unit+"2", false), ' '), second)
	case m.Second != "":
		return opt.AppendOption(b, "rateest-"+unit, false)
	}
	return number(append(opt.AppendOption(b, "rateest-"+unit, false), ' '), second)
}

// appendBitRate appends a rate of bytes in bits.
func appendBitRate(b []byte, bytes uint32) []byte {
	bits := float64(bytes) * 8
	switch {
	case bits >= 1e9:
		return fmt.Appendf(b, "%.0fMbit", bits/1e6)
	case bits >= 1e6:
		return fmt.Appendf(b, "%.0fKbit", bits/1e3)
	}
	return fmt.Appendf(b, "%.0fbit", bits)
}

// Check refuses a match without a comparison (xt_rateest_mt_checkentry).
func (m *RateEst) Check(netfilter.CheckContext) error {
	switch {
	case !m.Bits && !m.Packets:
		return errors.New("one of --rateest-bps and --rateest-pps must be given")
	case m.Compare == NoCompare:
		return errors.New("one of --rateest-lt, --rateest-gt and --rateest-eq must be given")
	}
	return opt.Named("comparison", m.Compare, rateCompares[:])
}

// Match compares the rates. An estimator that no rule updates has a rate of 0.
func (m *RateEst) Match(c *netfilter.Context) bool {
	pps1, bps1 := m.rates(c, m.First, m.PPS1, m.BPS1)
	pps2, bps2 := uint64(m.PPS2), uint64(m.BPS2)
	if m.Second != "" {
		pps2, bps2 = m.rates(c, m.Second, m.PPS2, m.BPS2)
	}
	holds := (!m.Bits || m.compare(bps1, bps2)) && (!m.Packets || m.compare(pps1, pps2))
	return holds != m.Invert
}

// rates returns the measured rates of an estimator, or with Delta the limits
// minus these rates, at least 0.
func (m *RateEst) rates(c *netfilter.Context, name string, pps, bps uint32) (p, b uint64) {
	if r, ok := c.Engine.Shared(bucket.RateKey(name), func() netfilter.State { return &bucket.RateTable{} }).(*bucket.RateTable); ok {
		p, b = r.Rates(netfilter.Jiffies(c.Engine.Now()))
	}
	if m.Delta {
		return uint64(pps) - min(p, uint64(pps)), uint64(bps) - min(b, uint64(bps))
	}
	return p, b
}

func (m *RateEst) compare(a, b uint64) bool {
	switch m.Compare {
	case RateBelow:
		return a < b
	case RateAbove:
		return a > b
	}
	return a == b
}
