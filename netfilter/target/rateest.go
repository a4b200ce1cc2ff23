package target

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/internal/bucket"
	"github.com/packetpath/packetpath/netfilter/internal/opt"
)

// RateEst updates a named rate estimator, which the rateest match reads; it has
// no effect on the packet (net/netfilter/xt_RATEEST.c, xt_rateest_tg).
type RateEst struct {
	Estimator string // name, up to 15 bytes
	Interval  int8   // log2 of the seconds between two samples, -2 to 3
	Weight    uint8  // log2 of the time constant in samples, 1 to 30

	interval, ewma uint32 // µs, while options are parsed
}

// Equal reports whether both are the same target. It is used by go-cmp.
func (t RateEst) Equal(o RateEst) bool {
	return t.Estimator == o.Estimator && t.Interval == o.Interval && t.Weight == o.Weight
}

const maxRateEstName = 15

var rateestDefinition = netfilter.Definition{
	Name:     "RATEEST",
	Families: netfilter.BothFamilies,
	New:      func() netfilter.Extension { return &RateEst{} },
	Options: []netfilter.OptionDef{
		{Name: "rateest-name", Args: 1, Required: true, Set: opt.Text("", maxRateEstName, func(t *RateEst) *string { return &t.Estimator }).Set},
		rateestTime("rateest-interval", func(t *RateEst) *uint32 { return &t.interval }),
		rateestTime("rateest-ewmalog", func(t *RateEst) *uint32 { return &t.ewma }),
	},
	Finish: func(e netfilter.Extension, _ func(string) bool) error { return e.(*RateEst).finish() },
}

// rateestUnits are the units of times, in µs.
var rateestUnits = map[string]float64{
	"": 1, "s": 1e6, "sec": 1e6, "secs": 1e6, "ms": 1e3, "msec": 1e3, "msecs": 1e3, "us": 1, "usec": 1, "usecs": 1,
}

// rateestTime reads a time with a unit in any case, µs without one.
func rateestTime(name string, field func(*RateEst) *uint32) netfilter.OptionDef {
	return netfilter.OptionDef{Name: name, Args: 1, Set: netfilter.Into(func(t *RateEst, v *netfilter.Value) error {
		n, rest, ok := opt.ScanFloat(v.Arg())
		unit, known := rateestUnits[strings.ToLower(rest)]
		if !ok || !known {
			return fmt.Errorf("bad time %q: need a number with s, ms or us", v.Arg())
		}
		*field(t) = opt.TruncateUint32(n * unit)
		return nil
	})}
}

// finish rounds the interval up and the time constant down to values that the
// kernel supports (RATEEST_final_check).
func (t *RateEst) finish() error {
	interval := -2
	for interval <= 3 && float64(t.interval) > math.Ldexp(1e6, interval) {
		interval++
	}
	if interval > 3 {
		return errors.New("--rateest-interval is too long: at most 8 s are possible")
	}
	weight := 1
	for weight < 31 && float64(t.interval)/-math.Log(1-1/math.Ldexp(1, weight)) <= float64(t.ewma) {
		weight++
	}
	if weight--; weight == 0 || weight == 30 {
		return errors.New("--rateest-ewmalog is out of range: need a multiple of the interval")
	}
	t.Interval, t.Weight = int8(interval), uint8(weight)
	t.interval, t.ewma = 0, 0
	return nil
}

// Definition returns the extension's definition.
func (t *RateEst) Definition() *netfilter.Definition { return &rateestDefinition }

// Name returns "RATEEST".
func (t *RateEst) Name() string { return "RATEEST" }

// AppendOptions appends the name and the times as rounded for the kernel.
func (t *RateEst) AppendOptions(b []byte) []byte {
	b = append(opt.AppendOption(b, "rateest-name ", false), t.Estimator...)
	us := math.Ldexp(1e6, int(t.Interval))
	b = appendTime(opt.AppendOption(b, "rateest-interval ", false), us)
	return appendTime(opt.AppendOption(b, "rateest-ewmalog ", false), float64(uint32(us)<<t.Weight))
}

func appendTime(b []byte, us float64) []byte {
	switch {
	case us >= 1e6:
		return fmt.Appendf(b, "%.1fs", us/1e6)
	case us >= 1e3:
		return fmt.Appendf(b, "%.1fms", us/1e3)
	}
	return fmt.Appendf(b, "%.0fus", us)
}

// Check refuses values that the kernel's estimators do not support
// (net/core/gen_estimator.c, gen_new_estimator).
func (t *RateEst) Check(netfilter.CheckContext) error {
	switch {
	case t.Interval < -2 || t.Interval > 3:
		return fmt.Errorf("interval %d: need -2 to 3", t.Interval)
	case t.Weight == 0 || t.Weight > 30:
		return fmt.Errorf("weight %d: need 1 to 30", t.Weight)
	}
	return nil
}

// SharedKey returns the key of the estimator.
func (t *RateEst) SharedKey() string { return bucket.RateKey(t.Estimator) }

// Join creates the estimator.
func (t *RateEst) Join(s netfilter.State) netfilter.State {
	if s != nil {
		return s
	}
	return &bucket.RateTable{Estimator: bucket.Estimator{Interval: t.Interval, Weight: t.Weight}}
}

// Agree refuses different times for an existing estimator
// (xt_rateest_tg_checkentry).
func (t *RateEst) Agree(first netfilter.Sharing) error {
	if f, ok := first.(*RateEst); ok && (f.Interval != t.Interval || f.Weight != t.Weight) {
		return fmt.Errorf("the estimator %q has other times in a rule before", t.Estimator)
	}
	return nil
}

// Apply counts the packet.
func (t *RateEst) Apply(c *netfilter.Context) netfilter.Verdict {
	if r, ok := c.Engine.Shared(t.SharedKey(), func() netfilter.State { return t.Join(nil) }).(*bucket.RateTable); ok {
		r.Count(netfilter.Jiffies(c.Engine.Now()), c.Packet.Len())
	}
	return netfilter.Continue
}
