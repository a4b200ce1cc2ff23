package bucket

import "github.com/packetpath/packetpath/netfilter"

// Estimator is a moving average of packets and bytes
// (net/core/gen_estimator.c). A value with only Interval and Weight set has
// counted no packets.
//
// The kernel's timer starts when the rule is loaded; here it starts with the
// first packet.
type Estimator struct {
	Interval int8  // log2 of the seconds between two samples, -2 to 3
	Weight   uint8 // log2 of the time constant in samples, 1 to 30

	packets, bytes uint64 // since the last sample
	pps, bps       int64  // averages, in units of 1/256
	started        bool
	next           int64 // jiffies of the next sample
}

// Count counts a packet.
func (e *Estimator) Count(now int64, length int) {
	e.sample(now)
	e.packets++
	e.bytes += uint64(length)
}

// Rates returns packets and bytes a second (gen_estimator_read).
func (e *Estimator) Rates(now int64) (pps, bps uint64) {
	e.sample(now)
	return uint64(e.pps) >> 8, uint64(e.bps) >> 8
}

// sample takes the samples that the timer has taken up to now (est_timer).
func (e *Estimator) sample(now int64) {
	interval := min(max(e.Interval, -2), 3) + 2
	every := int64(netfilter.HZ/4) << interval
	if !e.started {
		e.started, e.next = true, now+every
	}
	for ; e.next <= now; e.next += every {
		shift := 10 - interval
		e.pps += int64(e.packets)<<shift>>e.Weight - e.pps>>e.Weight
		e.bps += int64(e.bytes)<<shift>>e.Weight - e.bps>>e.Weight
		e.packets, e.bytes = 0, 0
		if quiet := e.pps>>e.Weight == 0 && e.bps>>e.Weight == 0; quiet {
			e.next += (now - e.next) / every * every
		}
	}
}

// RateTable is the state of a named estimator that rules share. The zero value
// is one that no rule updates.
type RateTable struct{ Estimator }

// RateKey returns the key of a named estimator.
func RateKey(name string) string { return "rateest " + name }

// Clone returns an independent copy.
func (t *RateTable) Clone() netfilter.State { c := *t; return &c }
