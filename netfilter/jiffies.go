package netfilter

import "time"

// HZ is the frequency of the kernel's timer interrupt, in ticks per second
// (CONFIG_HZ). Distributions build their kernels with 250. Rate limits depend
// on it.
const HZ = 250

// Jiffies returns the number of clock ticks from the year 1970 to t. Rate
// limits of the kernel count time in these ticks. The phase of its ticks cannot
// be observed from outside; here they fall on whole multiples of 4 ms.
func Jiffies(t time.Time) int64 {
	const tick = int64(time.Second) / HZ
	n := t.UnixNano()
	if n < 0 {
		n -= tick - 1 // so that the quotient is rounded down
	}
	return n / tick
}
