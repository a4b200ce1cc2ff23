package match

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Statistic matches every nth packet, or packets at random
// (net/netfilter/xt_statistic.c, statistic_mt). The zero value matches at
// random with probability 0.
type Statistic struct {
	Nth    bool // every nth packet; else at random
	Invert bool
	// Probability of a random match, in units of 2⁻³¹, at most 2³¹.
	Probability uint32
	// Of every Every packets the one with this number, from 0, matches. Every
	// is at least 1 and Packet below it.
	Every, Packet uint32
}

// certainty is the probability 1.
const certainty = 1 << 31

var statisticModes = opt.Names{"random", "nth"}

var statisticDefinition = netfilter.Definition{
	Name:     "statistic",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &Statistic{} },
	Options: []netfilter.OptionDef{
		{Name: "mode", Args: 1, Required: true, Set: netfilter.Into((*Statistic).setMode)},
		{Name: "probability", Args: 1, Negatable: true, Excludes: []string{"every", "packet"},
			Set: netfilter.Into((*Statistic).setProbability)},
		{Name: "every", Args: 1, Negatable: true, Excludes: []string{"probability"}, Needs: []string{"packet"},
			Set: netfilter.Into((*Statistic).setEvery)},
		{Name: "packet", Args: 1, Excludes: []string{"probability"}, Needs: []string{"every"},
			Set: netfilter.Into((*Statistic).setPacket)},
	},
	Finish: func(e netfilter.Extension, given func(string) bool) error {
		m := e.(*Statistic)
		switch {
		case !m.Nth && !given("probability"):
			return errors.New("--mode random needs --probability")
		case m.Nth && !given("every"):
			return errors.New("--mode nth needs --every and --packet")
		case m.Nth && m.Packet >= m.Every:
			return fmt.Errorf("--packet %d must be below --every %d", m.Packet, m.Every)
		}
		return nil
	},
}

func (m *Statistic) setMode(v *netfilter.Value) error {
	switch v.Arg() {
	case statisticModes[0]:
	case statisticModes[1]:
		m.Nth = true
	default:
		return statisticModes.Unknown(v.Arg())
	}
	return nil
}

// setProbability reads a number as strtod does; "nan" is treated as 0.
func (m *Statistic) setProbability(v *netfilter.Value) error {
	s := strings.TrimLeft(v.Arg(), " \t\n\v\f\r")
	if digits := strings.TrimLeft(s, "+-"); strings.HasPrefix(strings.ToLower(digits), "0x") && !strings.ContainsAny(s, "pP") {
		s += "p0"
	}
	p, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || strings.Contains(s, "_") {
		return fmt.Errorf("bad probability %q: need a number", v.Arg())
	}
	if p < 0 || p > 1 {
		return fmt.Errorf("probability %s is out of range 0-1", v.Arg())
	}
	m.Invert = v.Invert
	if !math.IsNaN(p) {
		m.Probability = uint32(math.Round(p * certainty))
	}
	return nil
}

func (m *Statistic) setEvery(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 1, math.MaxUint32)
	m.Every, m.Invert = uint32(n), v.Invert
	return err
}

func (m *Statistic) setPacket(v *netfilter.Value) error {
	n, err := opt.Uint(v.Arg(), 0, math.MaxUint32)
	m.Packet = uint32(n)
	return err
}

// Definition returns the extension's definition.
func (m *Statistic) Definition() *netfilter.Definition { return &statisticDefinition }

// Name returns "statistic".
func (m *Statistic) Name() string { return "statistic" }

// AppendOptions appends the mode and its options, a probability with eleven
// decimal places, as the kernel stores it.
func (m *Statistic) AppendOptions(b []byte) []byte {
	b = opt.AppendOption(b, "mode", false)
	if !m.Nth {
		b = append(opt.AppendOption(append(b, " random"...), "probability", m.Invert), ' ')
		return strconv.AppendFloat(b, float64(m.Probability)/certainty, 'f', 11, 64)
	}
	b = append(opt.AppendOption(append(b, " nth"...), "every", m.Invert), ' ')
	b = strconv.AppendUint(b, uint64(m.Every), 10)
	b = append(opt.AppendOption(b, "packet", false), ' ')
	return strconv.AppendUint(b, uint64(m.Packet), 10)
}

// nthState is the number of the last packet, counted from 0.
type nthState struct{ count uint32 }

// Clone returns an independent copy.
func (s *nthState) Clone() netfilter.State { c := *s; return &c }

// NewState returns a counter that makes packet number Packet the first match;
// nil for random matches.
func (m *Statistic) NewState() netfilter.State {
	if !m.Nth {
		return nil
	}
	return &nthState{count: m.Every - 1 - m.Packet}
}

// Match draws a random number, or counts the packet.
func (m *Statistic) Match(c *netfilter.Context) bool {
	if !m.Nth {
		return c.Engine.Chance(m.Probability) != m.Invert
	}
	s, ok := c.State().(*nthState)
	if !ok {
		return m.Invert
	}
	if s.count == m.Every-1 {
		s.count = 0
		return !m.Invert
	}
	s.count++
	return m.Invert
}
