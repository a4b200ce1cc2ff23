package match

import (
	"errors"
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// Limit matches packets up to a rate (net/netfilter/xt_limit.c, limit_mt). Each
// rule has its own state.
type Limit struct {
	// Interval is the time between two packets, in units of 100 µs.
	Interval uint32
	// Burst is the number of packets that match at once after a long pause.
	Burst uint32
}

const (
	limitScale        = 10000 // of Interval in a second
	limitDefaultBurst = 5
	maxLimitBurst     = 10000
)

var limitDefinition = netfilter.Definition{
	Name:     "limit",
	Families: netfilter.BothFamilies,
	New: func() netfilter.Extension {
		return &Limit{Interval: limitScale * 3600 / 3, Burst: limitDefaultBurst}
	},
	Options: []netfilter.OptionDef{
		{Name: "limit", Args: 1, Set: netfilter.Into((*Limit).setRate)},
		opt.Number("limit-burst", 0, maxLimitBurst, func(m *Limit) *uint32 { return &m.Burst }),
	},
}

// setRate reads "number[/unit]"; text between the two is ignored.
func (m *Limit) setRate(v *netfilter.Value) error {
	unit, err := opt.RateUnit(v.Arg())
	if err != nil {
		return err
	}
	n := uint32(opt.ScanInt(v.Arg()))
	if n == 0 {
		return fmt.Errorf("bad rate %q: need a number of packets", v.Arg())
	}
	if m.Interval = uint32(limitScale * unit / uint64(n)); m.Interval == 0 {
		return fmt.Errorf("rate %q is too fast: at most %d packets a second", v.Arg(), limitScale)
	}
	return nil
}

// Definition returns the extension's definition.
func (m *Limit) Definition() *netfilter.Definition { return &limitDefinition }

// Name returns "limit".
func (m *Limit) Name() string { return "limit" }

// AppendOptions appends "--limit rate", in the unit iptables chooses, and the
// burst unless it is 5.
func (m *Limit) AppendOptions(b []byte) []byte {
	b, _ = opt.AppendRate(opt.AppendOption(b, "limit ", false), uint64(m.Interval), limitScale)
	if m.Burst != limitDefaultBurst {
		b = opt.AppendNumber(b, "limit-burst", m.Burst)
	}
	return b
}

// Check refuses what does not fit the kernel's 32 bits (limit_mt_check).
func (m *Limit) Check(netfilter.CheckContext) error {
	if m.Burst == 0 || m.fullCredit() < m.cost() {
		return errors.New("rate and burst are out of range: need a higher rate or a burst of another size")
	}
	return nil
}

// limitPerJiffy is the credit gained per jiffy.
const limitPerJiffy = 128

// limitCredit returns the credit for an interval (user2credits), truncated to
// 32 bits as in the kernel.
func limitCredit(interval uint32) uint32 {
	const perSecond = netfilter.HZ * limitPerJiffy
	if interval > (1<<32-1)/perSecond {
		return interval / limitScale * perSecond
	}
	return interval * perSecond / limitScale
}

// cost returns the credit that a packet costs.
func (m *Limit) cost() uint32 { return limitCredit(m.Interval) }

// fullCredit returns the maximum credit.
func (m *Limit) fullCredit() uint32 { return limitCredit(m.Interval * m.Burst) }

// limitState is the remaining credit and the time of its last update.
type limitState struct {
	credit uint32
	prev   int64 // in jiffies; 0 before the first packet
}

// Clone returns an independent copy.
func (s *limitState) Clone() netfilter.State { c := *s; return &c }

// NewState returns full credit.
func (m *Limit) NewState() netfilter.State { return &limitState{credit: m.fullCredit()} }

// Match deducts the packet's cost from the credit, if there is enough.
func (m *Limit) Match(c *netfilter.Context) bool {
	s, ok := c.State().(*limitState)
	if !ok {
		return false
	}
	now := netfilter.Jiffies(c.Engine.Now())
	if s.prev != 0 {
		s.credit = min(s.credit+uint32(now-s.prev)*limitPerJiffy, m.fullCredit())
	}
	s.prev = now
	if s.credit < m.cost() {
		return false
	}
	s.credit -= m.cost()
	return true
}
