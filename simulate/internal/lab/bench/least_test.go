package bench

import (
	"testing"
	"time"
)

// least measures the fastest batch of operations, because on a machine that others
// use as well the mean of all says more about them. It is reported as least-ns/op.
type least struct {
	batch int                  // how many operations are timed together
	clock func() time.Duration // time since any moment
	n     int
	since time.Duration
	time  time.Duration
}

// leastPacket is for packets, of which so many are timed together that reading the
// clock does not count.
func leastPacket() *least {
	start := time.Now()
	return &least{batch: 64, clock: func() time.Duration { return time.Since(start) }}
}

// leastRun is for operations that take milliseconds, during which others get the processor:
// it counts the time that they do not take, and that of the collector.
func leastRun() *least { return &least{batch: 1, clock: cpuTime} }

// loop is like b.Loop and reports what was measured after the last operation.
func (l *least) loop(b *testing.B) bool {
	more := b.Loop()
	if l.n%l.batch == 0 {
		l.lap()
	}
	l.n++
	if !more && l.time != 0 {
		b.ReportMetric(float64(l.time.Nanoseconds())/float64(l.batch), "least-ns/op")
	}
	return more
}

// lap ends a batch and starts the next.
func (l *least) lap() {
	if d := l.clock() - l.since; l.n > 0 && (l.time == 0 || d < l.time) {
		l.time = d
	}
	l.since = l.clock()
}
