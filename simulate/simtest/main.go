package simtest

import (
	"flag"
	"fmt"
	"os"
	"strings"

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
//
// Where flags of go test leave out a part of the tests (-run, -skip, -short,
// -fuzz, -count 0) they cannot match all rules: the coverage is not checked, and
// a line on standard error says so.
func Main(m interface{ Run() int }, c *simulate.Coverage, least float64) int {
	status := m.Run()
	if isSet("test.list") || isSet("test.fuzzworker") {
		return status // no tests, or a process that another one watches
	}
	if flags := leavingOut(); len(flags) > 0 {
		fmt.Fprintf(os.Stderr, "coverage of rules: not checked, only a part of the tests runs with %s\n", strings.Join(flags, " "))
		return status
	}
	err := c.Check(least)
	if err == nil {
		return status
	}
	fmt.Fprintf(os.Stderr, "%scoverage of rules: %v\n", c, err)
	return max(status, 1)
}

// leavingOut returns the flags of the test binary by which not all tests run.
func leavingOut() (flags []string) {
	for _, name := range []string{"run", "skip", "short", "fuzz"} {
		if isSet("test." + name) {
			flags = append(flags, "-"+name)
		}
	}
	if f := flag.Lookup("test.count"); f != nil && f.Value.String() == "0" {
		flags = append(flags, "-count=0")
	}
	return flags
}

// isSet reports whether a flag has another value than none.
func isSet(name string) bool {
	f := flag.Lookup(name)
	return f != nil && f.Value.String() != "" && f.Value.String() != "false"
}
