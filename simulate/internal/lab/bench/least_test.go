package bench

import (
	"testing"
	"time"
)

// batch is how many operations are timed together, so that reading the clock does
// not count.
const batch = 64

// least measures the fastest batch of operations, because on a machine that others
// use as well the mean of all says more about them. It is reported as least-ns/op.
type least struct {
	n     int
	since time.Time
	time  time.Duration
}

// loop is like b.Loop and reports what was measured after the last operation.
func (l *least) loop(b *testing.B) bool {
	more := b.Loop()
	switch l.n++; {
	case l.n == 1:
		l.since = time.Now()
	case l.n%batch == 1:
		now := time.Now()
		if d := now.Sub(l.since); l.time == 0 || d < l.time {
			l.time = d
		}
		l.since = time.Now()
	}
	if !more && l.time != 0 {
		b.ReportMetric(float64(l.time.Nanoseconds())/batch, "least-ns/op")
	}
	return more
}
