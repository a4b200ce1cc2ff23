package simtest_test

import (
	"fmt"
	"testing"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// suite stands for the tests of a package.
type suite func() int

func (s suite) Run() int { return s() }

// In a test package the function is TestMain(m *testing.M) and ends in
// os.Exit(simtest.Main(m, &coverage, 0.9)); m runs the tests here, too.
func ExampleMain() {
	var coverage simulate.Coverage
	m := suite(func() int {
		test := func(t *testing.T) {
			node := simtest.Load(t, simtest.Host(t, "link eth0 192.168.0.5/24; link cni0 10.244.1.1/24"), firewall)
			simtest.Check(t, node.With(simulate.WithCoverage(&coverage)), "eth0: tcp 192.168.0.9:5000 > 192.168.0.5:22", simtest.Delivered())
		}
		if passes(test) {
			return 0
		}
		return 1
	})
	fmt.Println(simtest.Main(m, &coverage, 0.5))
	// Output: 0
}
