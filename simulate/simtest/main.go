package simtest

import (
	"fmt"
	"os"

	"github.com/packetpath/packetpath/simulate"
)

// Main runs the tests of a package and returns the exit status for os.Exit: that
// of the tests, or 1 if they pass but packets matched less than a part of the
// rules, from 0 to 1, in which case the rules are printed with how often they
// were reached and matched. It is for TestMain:
//
//	var coverage simulate.Coverage
//
//	func TestMain(m *testing.M) { os.Exit(simtest.Main(m, &coverage, 0.9)) }
//
// The tests have nodes count with node.With(simulate.WithCoverage(&coverage)).
func Main(m interface{ Run() int }, c *simulate.Coverage, least float64) int {
	status := m.Run()
	err := c.Check(least)
	if err == nil {
		return status
	}
	fmt.Fprintf(os.Stderr, "%scoverage of rules: %v\n", c, err)
	return max(status, 1)
}
