package eval

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/enginetest"
	"github.com/packetpath/packetpath/netfilter/nft"
)

func verdictExpr(c nft.VerdictCode, chain string) []nft.Expr {
	return []nft.Expr{&nft.SetVerdict{Verdict: nft.Verdict{Code: c, Chain: chain}}}
}

func words(s enginetest.Step) string {
	switch s.Info.Kind() {
	case netfilter.InfoPolicy:
		return fmt.Sprintf("%s policy %s", s.Info.Chain(), s.Verdict)
	case netfilter.InfoReturn:
		return s.Info.Chain() + " end"
	}
	return fmt.Sprintf("%s %d %s", s.Info.Chain(), s.Info.Number(), s.Verdict)
}

func TestWalk(t *testing.T) {
	count := []nft.Expr{&nft.Counter{}}
	for _, c := range []struct {
		name  string
		base  [][]nft.Expr
		user  [][]nft.Expr
		steps []string
	}{
		{"jump returns at the end", [][]nft.Expr{verdictExpr(nft.Jump, "u"), count}, [][]nft.Expr{count},
			[]string{"c 1 CONTINUE", "u 1 CONTINUE", "u end", "c 2 CONTINUE", "c end", "c policy ACCEPT"}},
		{"goto does not", [][]nft.Expr{verdictExpr(nft.Goto, "u"), count}, [][]nft.Expr{count},
			[]string{"c 1 CONTINUE", "u 1 CONTINUE", "u end", "c policy ACCEPT"}},
		{"return in a base chain is the policy", [][]nft.Expr{verdictExpr(nft.Return, ""), count}, nil,
			[]string{"c 1 RETURN", "c policy ACCEPT"}},
		{"accept in a called chain ends the base chain", [][]nft.Expr{verdictExpr(nft.Jump, "u"), count}, [][]nft.Expr{verdictExpr(nft.Accept, "")},
			[]string{"c 1 CONTINUE", "u 1 ACCEPT"}},
		{"a rule that breaks leaves no step", [][]nft.Expr{{&nft.CT{Key: nft.CTMark, Dest: r0}}, verdictExpr(nft.Drop, "")}, nil,
			[]string{"c 2 DROP"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := chainOf(c.base...)
			u := &nft.Chain{Name: "u"}
			for _, exprs := range c.user {
				u.Rules = append(u.Rules, &nft.Rule{Exprs: exprs})
			}
			table.Chains = append(table.Chains, u)
			_, events := newBench(t, table, build(t, syn)).run()
			var got []string
			for _, e := range events {
				got = append(got, words(e))
			}
			require.Equal(t, c.steps, got)
		})
	}
}

func TestSessionsDoNotShareCounters(t *testing.T) {
	b := newBench(t, chainOf([]nft.Expr{&nft.Quota{Bytes: 40}, drop}), build(t, syn))
	first, _ := b.run()
	clone := b.state.Clone()
	second, _ := b.run()
	require.Equal(t, netfilter.Drop, first)
	require.Equal(t, netfilter.Accept, second)
	b.state = clone
	again, _ := b.run()
	require.Equal(t, netfilter.Accept, again, "the copy has seen the first packet")
}

func TestRefusals(t *testing.T) {
	for want, table := range map[string]*nft.Table{
		`no chain "x" in this table`: chainOf(verdictExpr(nft.Jump, "x")),
		`no set "s" in this table`:   chainOf([]nft.Expr{&nft.Lookup{Set: nft.SetRef{Name: "s"}, Source: r0}}),
		`a rate above 0 is needed`:   chainOf([]nft.Expr{&nft.Limit{}}),
	} {
		require.ErrorContains(t, New(&nft.Ruleset{Tables: []*nft.Table{table}}).Check(), want)
	}
}
