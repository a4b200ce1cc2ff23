// Package lab holds what the tests of the simulator against the live kernel
// share. Its folders are:
//
//   - kernel: hosts of the live kernel, to load rules into and send packets to
//   - gen: random rulesets, packets and hosts
//   - oracle: the comparison of the kernel's answer with the simulator's
//   - record: files of cases with what the kernel answered
//   - live: tests that ask the kernel, or recorded answers of it
//   - exts: tests of the tables of testdata/ext
//   - api: a test of all exported functions and methods
//   - digest: a test that sums up results, for a comparison of platforms
//   - anyvalue: random values of any type
//   - corpus: tests over real rulesets, which are not part of the project
//
// Nothing but tests imports any of them.
package lab

import (
	"flag"
	"strings"
	"sync"
	"time"
)

// The flags of all tests that draw cases or ask the kernel.
var (
	seed    = flag.Uint64("live.seed", 1, "seed of what is drawn; 0 draws one from the clock")
	cases   = flag.Int("live.cases", 0, "how many cases of each kind are drawn; 0 is as many as the test draws by default")
	packets = flag.Int("live.packets", 0, "how many packets of each case are drawn, where a test draws them by number; 0 is the test's default")
	match   = flag.String("live.match", "", "regular expression for the files to take cases from")
	favor   = flag.String("live.favor", "", "extensions to draw more often, separated by commas")
	update  = flag.Bool("update", false, "write what the kernel answers into the files of cases, and the table of extensions into README.md")
)

// Seed returns -live.seed, or one from the clock if that is 0.
var Seed = sync.OnceValue(func() uint64 {
	if *seed == 0 {
		return uint64(time.Now().UnixNano()) % 1e9 * 1000
	}
	return *seed
})

// Cases returns -live.cases, or the given number if that is 0.
func Cases(byDefault int) int {
	if *cases == 0 {
		return byDefault
	}
	return *cases
}

// Packets returns -live.packets, or the given number if that is 0.
func Packets(byDefault int) int {
	if *packets == 0 {
		return byDefault
	}
	return *packets
}

// Match returns -live.match.
func Match() string { return *match }

// Favor returns the extensions of -live.favor.
func Favor() []string {
	if *favor == "" {
		return nil
	}
	return strings.Split(*favor, ",")
}

// Update reports whether files are to be written with what the kernel answers.
func Update() bool { return *update }
