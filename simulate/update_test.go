package simulate_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/gen"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

var updateEdits = flag.Int("update.edits", 600, "how many drawn edits of rulesets nodes are updated with")

// TestUpdateIsNew edits drawn rulesets at random. A node that is updated with each of
// them refuses what a new one does, with the same error, and else gives the same results.
func TestUpdateIsNew(t *testing.T) {
	accepted, refused := 0, 0
	for seed := uint64(0); accepted+refused < *updateEdits; seed++ {
		for _, kind := range []func(uint64, gen.Config) *gen.Case{gen.Random, gen.Kube, gen.LoadBalanced} {
			c := kind(seed, gen.Config{Family: []int{4, 6}[seed%2], Rules: 12})
			t.Run(c.Name, func(t *testing.T) {
				yes, no := updateOften(t, c, seed)
				accepted, refused = accepted+yes, refused+no
			})
		}
	}
	require.NotZero(t, accepted)
	require.NotZero(t, refused)
	t.Logf("%d accepted, %d refused", accepted, refused)
}

// updateOften edits the ruleset of a case again and again; it returns how many of the
// results are accepted and how many refused.
func updateOften(t *testing.T, c *gen.Case, seed uint64) (accepted, refused int) {
	world := gen.Env()
	env := oracle.Host(t, world)
	var err error
	env.Sets, err = parser.ParseSetsString(c.Sets)
	require.NoError(t, err)
	family := parser.Family(netfilter.IPv4)
	if c.Family == 6 {
		family = parser.Family(netfilter.IPv6)
	}
	rs, err := parser.ParseString(c.Rules(), family)
	require.NoError(t, err)
	all := []netfilter.Rules{rs}
	if other := rs.Clone(); seed%3 == 0 {
		other.Backend = netfilter.NFTables
		all = append(all, other)
	}
	node, wrong := simulate.New(env, all...)
	if len(all) > 1 && wrong != nil { // iptables-nft refuses some rules
		all = all[:1]
		node, wrong = simulate.New(env, rs)
	}
	require.NoError(t, wrong)
	rnd := rand.New(rand.NewPCG(seed, 14))
	for edit := range 20 {
		next, which := slices.Clone(all), rnd.IntN(len(all))
		rs := edited(rnd, all[which].(*netfilter.Ruleset))
		next[which] = rs
		fresh, wrong := simulate.New(env, next...)
		updated, err := node.Update(rs)
		if wrong != nil {
			require.EqualError(t, err, wrong.Error(), "edit %d", edit)
			refused++
			continue
		}
		require.NoError(t, err, "edit %d", edit)
		accepted++
		all, node = next, updated
		sameNode(t, c, fresh, updated, seed, fmt.Sprintf("edit %d", edit))
	}
	return accepted, refused
}

// sameNode sends the packets of a case through both nodes.
func sameNode(t *testing.T, c *gen.Case, a, b *simulate.Node, seed uint64, what string) {
	t.Helper()
	var counts [2]simulate.Coverage
	x := a.NewSession(simulate.WithSeed(seed), simulate.WithIndex(true), simulate.WithCoverage(&counts[0]))
	y := b.NewSession(simulate.WithSeed(seed), simulate.WithIndex(true), simulate.WithCoverage(&counts[1]))
	left := map[int][]kernel.Out{}
	n := 0
	for p := range c.Packets(func(step int) []kernel.Out { return left[step] }) {
		if n++; n > 6 {
			break
		}
		r := oracle.Ask(t, x, gen.Env(), p.Packet)
		sameResult(t, r, oracle.Ask(t, y, gen.Env(), p.Packet), what)
		if r.Fate == simulate.Forwarded || r.Fate == simulate.Sent {
			left[p.Step] = append(left[p.Step], kernel.Out{Iface: r.OutDev, Wire: r.Packet.Wire()})
		}
		x.Advance(time.Second)
		y.Advance(time.Second)
	}
	sameSession(t, x, y)
	require.Equal(t, counts[0].Rules(), counts[1].Rules(), what)
}

// edited returns a ruleset that shares with rs all that a few random edits leave as it is.
func edited(rnd *rand.Rand, rs *netfilter.Ruleset) *netfilter.Ruleset {
	next := *rs
	next.Tables = slices.Clone(rs.Tables)
	for range 1 + rnd.IntN(3) {
		if rnd.IntN(8) == 0 {
			editTables(rnd, &next)
			continue
		}
		i := rnd.IntN(len(next.Tables))
		table := *next.Tables[i]
		table.Chains = slices.Clone(table.Chains)
		editTable(rnd, &table, next.Tables[rnd.IntN(len(next.Tables))])
		next.Tables[i] = &table
	}
	return &next
}

// editTables changes which tables there are.
func editTables(rnd *rand.Rand, rs *netfilter.Ruleset) {
	names := netfilter.TableNames()
	i := rnd.IntN(len(rs.Tables))
	switch rnd.IntN(4) {
	case 0: // maybe a second of the name
		rs.Tables = append(rs.Tables, netfilter.NewTable(names[rnd.IntN(len(names))]))
	case 1:
		if len(rs.Tables) > 1 {
			rs.Tables = slices.Delete(rs.Tables, i, i+1)
		}
	case 2: // another place
		j := rnd.IntN(len(rs.Tables))
		rs.Tables[i], rs.Tables[j] = rs.Tables[j], rs.Tables[i]
	case 3: // nothing shared
		rs.Tables[i] = rs.Tables[i].Clone()
	}
}

// editTable changes a chain of a table; other is one that rules may be taken from.
func editTable(rnd *rand.Rand, t, other *netfilter.Table) {
	i := rnd.IntN(len(t.Chains))
	c := *t.Chains[i]
	c.Rules = slices.Clone(c.Rules)
	any := t.Chains[rnd.IntN(len(t.Chains))]
	if rnd.IntN(4) == 0 {
		any = other.Chains[rnd.IntN(len(other.Chains))]
	}
	switch rnd.IntN(11) {
	case 0: // a chain that nothing need jump to
		c.Name, c.Policy = fmt.Sprintf("N%d", rnd.IntN(1000)), netfilter.Continue
		t.Chains = append(t.Chains, &c)
		return
	case 1:
		if !c.Builtin() || rnd.IntN(8) == 0 {
			t.Chains = slices.Delete(t.Chains, i, i+1)
		}
		return
	case 2: // another place
		j := rnd.IntN(len(t.Chains))
		t.Chains[i], t.Chains[j] = t.Chains[j], t.Chains[i]
		return
	case 3:
		c.Rules = nil
	case 4:
		if len(c.Rules) > 0 {
			n := rnd.IntN(len(c.Rules))
			c.Rules = slices.Delete(c.Rules, n, n+1)
		}
	case 5, 6: // rules of another chain
		if len(any.Rules) > 0 {
			c.Rules = slices.Insert(c.Rules, rnd.IntN(len(c.Rules)+1), any.Rules[rnd.IntN(len(any.Rules))])
		}
	case 7:
		c.Rules = slices.Insert(c.Rules, rnd.IntN(len(c.Rules)+1), &netfilter.Rule{Target: &netfilter.Jump{Chain: any.Name}, Goto: rnd.IntN(4) == 0})
	case 8: // of a built-in chain mostly
		if c.Builtin() {
			c.Policy = netfilter.Accept + netfilter.Drop - c.Policy
		} else if rnd.IntN(4) == 0 {
			c.Policy = netfilter.Drop
		}
	case 9:
		t.Before = []string{[]string{"", "# a comment", "no comment"}[rnd.IntN(3)]}
	case 10: // another rule with the same text
		if len(c.Rules) > 0 {
			n := rnd.IntN(len(c.Rules))
			r := *c.Rules[n]
			r.Counters.Packets++
			c.Rules[n] = &r
		}
	}
	t.Chains[i] = &c
}
