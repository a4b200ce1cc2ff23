// Package bucket implements token buckets and rate measurement with the
// arithmetic of the kernel's hashlimit match (net/netfilter/xt_hashlimit.c).
// Times are in jiffies.
package bucket

import (
	"math"

	"github.com/packetpath/packetpath/netfilter"
)

// Config holds the parameters of a table of buckets (struct hashlimit_cfg3).
type Config struct {
	Bytes bool // bytes are counted, not packets
	// Measure compares the rate of each interval with the limit instead of using
	// credit.
	Measure bool
	// Period is the time between two packets in µs. With Bytes it is 2³² divided
	// by one more than the bytes in a second divided by 16.
	Period uint64
	// Burst is the number of packets that pass at once, or with Bytes the number of
	// seconds' worth of bytes.
	Burst    uint64
	Interval uint32 // with Measure, in seconds
}

// Credit gained per jiffy: for packets and for bytes.
const (
	perJiffy      = 1 << 39
	perJiffyBytes = 1 << 24
	secondBytes   = perJiffyBytes * netfilter.HZ
	scale         = 1000000 // of Period in a second
)

// Credit returns the credit for a time per packet, truncated to 64 bits as in
// the kernel (user2credits).
func Credit(period uint64) uint64 { return period * (netfilter.HZ * perJiffy / scale) }

// ByteCost returns the credit that 16 bytes cost (user2credits_byte).
func ByteCost(period uint64) uint64 { return uint64(uint32(period)) * secondBytes >> 32 }

// PeriodOfBytes returns the Period of a number of bytes a second; false if there
// is none (iptables extensions/libxt_hashlimit.c, bytes_to_cost).
func PeriodOfBytes(bytes uint64) (uint64, bool) {
	r := uint32(bytes>>4) + 1
	if r == 0 {
		return 0, false
	}
	return uint64(math.MaxUint32 / r), true
}

// BytesOfPeriod returns the bytes a second of a Period, rounded as the kernel
// does (cost_to_bytes, user2rate_bytes).
func BytesOfPeriod(period uint64) uint64 {
	r := uint64(math.MaxUint32)
	if period != 0 {
		r /= period
	}
	return (r - 1) << 4
}

// Bucket is the token bucket of one key. It is created by New.
type Bucket struct {
	prev   int64 // time of the last Refill, in jiffies
	credit uint64
	limit  uint64 // maximum credit, or with Bytes the number of refills that may be used at once
	cost   uint64
	seen   uint64 // with Measure: packets or bytes in this interval
	over   bool   // with Measure: the interval before was over the limit
}

// New returns a bucket with full credit (rateinfo_init).
func New(c *Config, now int64) Bucket {
	b := Bucket{prev: now}
	switch {
	case c.Measure:
	case c.Bytes:
		b.credit, b.cost, b.limit = secondBytes, ByteCost(c.Period), c.Burst
	default:
		b.credit, b.cost = Credit(c.Period*c.Burst), Credit(c.Period)
		b.limit = b.credit
	}
	return b
}

// Refill adds the credit gained since the last call (rateinfo_recalc).
func (b *Bucket) Refill(c *Config, now int64) {
	elapsed := uint64(now - b.prev)
	if elapsed == 0 {
		return
	}
	if c.Measure {
		interval := uint64(c.Interval * netfilter.HZ)
		if elapsed < interval {
			return
		}
		b.prev = now
		b.over = b.seen*interval > elapsed*c.rate()
		b.seen = 0
		return
	}
	b.prev = now
	most := b.limit
	old := b.credit
	if c.Bytes {
		b.credit += perJiffyBytes * elapsed
		most = secondBytes
		if old >= b.credit {
			b.credit = most
		}
	} else {
		b.credit += perJiffy * elapsed
	}
	b.credit = min(b.credit, most)
}

// rate returns the limit for an interval of one second.
func (c *Config) rate() uint64 {
	if c.Bytes {
		return BytesOfPeriod(uint64(uint32(c.Period)))
	}
	return scale / max(c.Period, 1) // Check refuses 0
}

// burst returns the maximum of an interval, regardless of its length.
func (c *Config) burst() uint64 {
	switch {
	case !c.Bytes:
		return c.Burst + c.rate()
	case c.Burst == 0:
		return c.rate()
	}
	return c.Burst * c.rate()
}

// Measure counts a packet and reports whether it is within the limit.
func (b *Bucket) Measure(c *Config, amount uint64) bool {
	b.seen += amount
	return !b.over && b.seen <= c.burst()
}

// Take deducts the cost of a packet of the given length if there is enough
// credit, and reports whether there is.
func (b *Bucket) Take(bytes bool, length int) bool {
	cost := b.cost
	if bytes {
		cost = min((uint64(length)>>4+1)*cost, secondBytes)
		if b.credit < cost && b.limit > 0 {
			b.limit--
			b.credit = secondBytes
		}
	}
	if b.credit < cost {
		return false
	}
	b.credit -= cost
	return true
}
