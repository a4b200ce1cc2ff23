//go:build !unix

package bench

import "time"

var began = time.Now()

// cpuTime returns the time since the start, as the processor time is not known.
func cpuTime() time.Duration { return time.Since(began) }
