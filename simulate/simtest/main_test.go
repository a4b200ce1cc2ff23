package simtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

type tests func() int

func (f tests) Run() int { return f() }

func TestMainAsksForCoverage(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		least  float64
		want   int
	}{{"enough", 0, 0.5, 0}, {"not enough", 0, 0.6, 1}, {"the tests fail", 2, 0.5, 2}, {"all is bad", 2, 0.6, 2}} {
		t.Run(tt.name, func(t *testing.T) {
			var cov simulate.Coverage
			got := simtest.Main(tests(func() int {
				node := simtest.Load(t, host.Host{}, firewall).With(simulate.WithCoverage(&cov))
				simtest.Check(t, node, "cni0: tcp 10.244.1.9:5000 > 1.1.1.1:443", simtest.Forwarded())
				return tt.status
			}), &cov, tt.least)
			assert.Equal(t, tt.want, got)
		})
	}
}
