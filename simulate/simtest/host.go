package simtest

import (
	"testing"

	"github.com/packetpath/packetpath/simulate/host"
)

// Host reads a host written in lines, as [host.Parse] does. The test ends if
// something is wrong.
func Host(tb testing.TB, text string) host.Host {
	tb.Helper()
	h, err := host.Parse(text)
	if err != nil {
		tb.Fatalf("%v", err)
	}
	return h
}
