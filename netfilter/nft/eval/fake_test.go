package eval

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/packet"
)

// loaded is when the rulesets of the tests are loaded.
var loaded = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// bench is a ruleset with a packet before it.
type bench struct {
	*testing.T
	rules   *Rules
	state   netfilter.State
	engine  *enginetest.Engine
	context *netfilter.Context
}

// newBench readies the base chain of a table for a packet that arrives by eth0.
func newBench(t *testing.T, table *nft.Table, p netfilter.Packet) *bench {
	t.Helper()
	rules := New(&nft.Ruleset{Tables: []*nft.Table{table}})
	require.NoError(t, rules.Check())
	e := &enginetest.Engine{
		Clock: loaded,
		Links: map[string]netfilter.LinkInfo{"eth0": {Index: 2, Type: 1}, "tap0": {Index: 3, Type: 1, Group: 7, Kind: "tun"}},
		Frame: enginetest.Frame{Header: []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}},
	}
	b := &bench{T: t, rules: rules, state: rules.NewState(loaded), engine: e, context: e.Context(&p)}
	b.context.In = "eth0"
	return b
}

// run walks the base chain and returns its verdict and its steps.
func (b *bench) run() (netfilter.Verdict, []enginetest.Step) {
	b.engine.Steps = nil
	b.context.Begin(b.state)
	v := b.rules.bases[0].run(b.context)
	return v, b.engine.Steps
}

// chainOf returns a table with one base chain.
func chainOf(rules ...[]nft.Expr) *nft.Table {
	c := &nft.Chain{Name: "c", Base: &nft.Base{Type: nft.FilterChain, Hook: nft.Forward}}
	for _, exprs := range rules {
		c.Rules = append(c.Rules, &nft.Rule{Exprs: exprs})
	}
	return &nft.Table{Family: nft.Inet, Name: "t", Chains: []*nft.Chain{c}}
}

// build makes a packet.
func build(t *testing.T, s packet.Spec) netfilter.Packet {
	t.Helper()
	p, err := s.Build()
	require.NoError(t, err)
	return p
}
