//go:build plantedbugs

package rules

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

var plantedBug = flag.String("planted.bug", "", "the bug that generators under test have, by the beginning of its name")

// newGenerator returns how the generators under test are made: with the bug
// that was asked for, without any if none was.
func newGenerator(t testing.TB) func(netfilter.Family) *Generator {
	for i := range bugs {
		if *plantedBug != "" && strings.HasPrefix(bugs[i].name, *plantedBug) {
			return with(&bugs[i])
		}
	}
	require.Empty(t, *plantedBug, "there is no such bug")
	return New
}

// with returns generators that have a bug.
func with(b *bug) func(netfilter.Family) *Generator {
	return func(f netfilter.Family) *Generator {
		g := New(f)
		g.planted = b
		return g
	}
}

// maxTrials is how many trials it may take to find a bug, by chance alone and
// without a fuzzer's learning.
const maxTrials = 200

// TestPlantedBugsAreFound makes trials until each bug is found.
func TestPlantedBugsAreFound(t *testing.T) {
	for i := range bugs {
		t.Run(bugs[i].name, func(t *testing.T) {
			began := time.Now()
			for seed := range uint64(maxTrials) {
				if err := newTrial(drawn(seed, trialBytes), with(&bugs[i])).run(); err != nil {
					first, _, _ := strings.Cut(err.Error(), "\n")
					t.Logf("found with seed %d after %s: %s", seed, time.Since(began).Round(time.Millisecond), first)
					return
				}
			}
			t.Errorf("not found in %d trials", maxTrials)
		})
	}
}
