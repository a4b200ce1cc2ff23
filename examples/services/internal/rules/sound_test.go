//go:build !plantedbugs

package rules

import (
	"testing"

	"github.com/packetpath/packetpath/netfilter"
)

// newGenerator returns how the generators under test are made.
func newGenerator(testing.TB) func(netfilter.Family) *Generator { return New }
