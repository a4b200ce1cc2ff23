package live_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// TestCloneIsIndependent splits conversations over random rulesets anywhere:
// what one of two sessions does must not show in the other, so both go on
// alike.
func TestCloneIsIndependent(t *testing.T) {
	env := gen.Env()
	h := oracle.Host(t, env)
	for _, family := range []int{4, 6} {
		for seed := range uint64(15) {
			for _, draw := range []func(uint64, gen.Config) *gen.Case{gen.Flow, gen.Kube, gen.Random} {
				c := draw(seed, gen.Config{Family: family})
				t.Run(c.Name, func(t *testing.T) { cloneAnywhere(t, env, h, c, int(seed)%20) })
			}
		}
	}
}

func cloneAnywhere(t *testing.T, env kernel.Env, h host.Host, c *gen.Case, at int) {
	node, err := oracle.Load(h, c.Rules4, c.Rules6)
	require.NoError(t, err)
	s := node.NewSession()
	left := map[int][]kernel.Out{}
	var behind []kernel.Packet
	var copied *simulate.Session
	var want []string
	n := 0
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		if n == at {
			copied = s.Clone()
		}
		n++
		r := oracle.Ask(t, s, env, p.Packet)
		left[p.Step] = append(left[p.Step], outs(r)...)
		if copied != nil {
			behind = append(behind, p.Packet)
			want = append(want, fmt.Sprintf("%+v\n%v\n%v", r, r.Trace(), r.Logs()))
		}
	}
	if copied == nil {
		return
	}
	for i, p := range behind {
		r := oracle.Ask(t, copied, env, p)
		require.Equal(t, want[i], fmt.Sprintf("%+v\n%v\n%v", r, r.Trace(), r.Logs()))
	}
	assert.Equal(t, list(s), list(copied))
}

// outs lists what left the host, as the kernel's side has it.
func outs(r *simulate.Result) []kernel.Out {
	var out []kernel.Out
	if r.OutDev != "" && r.Fragments == nil {
		out = append(out, kernel.Out{Iface: r.OutDev, Wire: r.Packet.Wire()})
	}
	for _, a := range r.Answers {
		if a.Dev != "lo" {
			out = append(out, kernel.Out{Iface: a.Dev, Wire: a.Wire()})
		}
	}
	return out
}
