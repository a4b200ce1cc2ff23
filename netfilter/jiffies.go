package netfilter

import "time"

// HZ is how often the kernel's clock ticks in a second. Distributions build
// theirs with 250, which the limits of rates depend on.
const HZ = 250

// Jiffies returns the number of clock ticks from the year 1970 to t. The kernel
// counts time so wherever it limits rates. When its ticks fall cannot be known
// from outside; here they fall on whole multiples of 4 ms.
func Jiffies(t time.Time) int64 {
	const tick = int64(time.Second) / HZ
	n := t.UnixNano()
	if n < 0 {
		n -= tick - 1 // so that the quotient is rounded down
	}
	return n / tick
}
