package xtables_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// TestTables holds at which hooks tables are evaluated, and in which order.
func TestTables(t *testing.T) {
	p := compile(t, "*raw\nCOMMIT\n*nat\nCOMMIT\n*mangle\nCOMMIT\n*filter\nCOMMIT\n")
	got := map[string]map[netfilter.Hook]int{}
	for _, table := range p.Tables {
		got[table.Name] = map[netfilter.Hook]int{}
		for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
			if priority, ok := table.At(h); ok {
				got[table.Name][h] = priority
			}
		}
	}
	assert.Equal(t, map[string]map[netfilter.Hook]int{
		"raw": {netfilter.Prerouting: -300, netfilter.Output: -300},
		"nat": {netfilter.Prerouting: -100, netfilter.Input: 100, netfilter.Output: -100, netfilter.Postrouting: 100},
		"mangle": {netfilter.Prerouting: -150, netfilter.Input: -150, netfilter.Forward: -150, netfilter.Output: -150,
			netfilter.Postrouting: -150},
		"filter": {netfilter.Input: 0, netfilter.Forward: 0, netfilter.Output: 0},
	}, got)
}

// TestRequires collects what rules enable, also those of chains to which none jumps.
func TestRequires(t *testing.T) {
	for rule, want := range map[string]netfilter.Requirements{
		"-A FORWARD -j ACCEPT":                            0,
		"-A FORWARD -m conntrack --ctstate NEW -j ACCEPT": netfilter.RequireConntrack,
		"-A USER -m state --state NEW":                    netfilter.RequireConntrack,
	} {
		got := compile(t, filter(rule)).Requires(netfilter.Legacy)
		assert.Equal(t, want, got&netfilter.RequireConntrack, rule)
	}
}

// TestSharing lists rules that share state in the order in which the kernel loads them:
// built-in chains first, then those of the user by name.
func TestSharing(t *testing.T) {
	p := compile(t, filter("-A USER -m recent --name b --set", "-A OTHER -m recent --name a --set", "-A FORWARD -m recent --name b --update", "-A FORWARD -j ACCEPT"))
	var keys []string
	for _, x := range p.Sharing() {
		keys = append(keys, x.SharedKey())
	}
	require.Len(t, keys, 3)
	assert.Equal(t, keys[0], keys[2], "FORWARD and USER share a list")
	assert.NotEqual(t, keys[0], keys[1])
	assert.Len(t, p.SharingOf(keys[0]), 2)
	assert.Len(t, p.SharingOf(keys[1]), 1)
	assert.Empty(t, p.SharingOf("none"))
}

// TestStates holds that states of rules are created on first use, and that clones are
// independent.
func TestStates(t *testing.T) {
	p := compile(t, filter("-A FORWARD -m limit --limit 1/hour --limit-burst 1 -j ACCEPT"))
	w, _ := walker(t, p, syn)
	unused := w.States.Clone()
	assert.Equal(t, netfilter.Accept, w.Walk(p.Tables[0]))
	used := w.States.Clone()
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]), "the limit is reached")
	w.States = &used
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]))
	w.States = &unused
	assert.Equal(t, netfilter.Accept, w.Walk(p.Tables[0]))
	w.States.Reset()
	assert.Equal(t, netfilter.Accept, w.Walk(p.Tables[0]))
}

// TestUpdate keeps the chains that do not change, and evaluates as a new program does.
func TestUpdate(t *testing.T) {
	base, err := parser.ParseString(filter("-A FORWARD -j USER", "-A USER -p udp -j ACCEPT", "-A OTHER -j DROP"))
	require.NoError(t, err)
	old := check(t, base)
	changed, err := parser.ParseString("*filter\n-A USER -p tcp -j OTHER\n-I OTHER -j ACCEPT\nCOMMIT\n", parser.Onto(base))
	require.NoError(t, err)
	next, err := old.Update(changed)
	require.NoError(t, err)

	p := xtables.Compile(old)
	before := chains(p)
	updated := p.Update(next)
	after := chains(updated)
	assert.Same(t, before["FORWARD"], after["FORWARD"])
	assert.NotSame(t, before["USER"], after["USER"])
	assert.NotSame(t, before["OTHER"], after["OTHER"])
	assert.Equal(t, 2, after["USER"].Len())
	numbers := map[int]bool{}
	for _, c := range after {
		assert.Less(t, c.Number, updated.Numbers())
		assert.False(t, numbers[c.Number], "chains have different numbers")
		numbers[c.Number] = true
	}

	for _, p := range []*xtables.Program{updated, compile(t, changed.String())} {
		w, r := walker(t, p, syn)
		assert.Equal(t, netfilter.Accept, w.Walk(p.Tables[0]))
		assert.Equal(t, []string{"FORWARD:rule:1", "USER:rule:2", "OTHER:rule:1 ACCEPT"}, r.steps)
	}
	w, r := walker(t, p, syn)
	assert.Equal(t, netfilter.Drop, w.Walk(p.Tables[0]), "the old program does not change")
	assert.Equal(t, []string{"FORWARD:rule:1", "USER:return:2", "FORWARD:policy:2"}, r.steps)
}

func chains(p *xtables.Program) map[string]*xtables.Chain {
	all := map[string]*xtables.Chain{}
	for c := range p.Chains {
		all[c.Name] = c
	}
	return all
}
