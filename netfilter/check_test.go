package netfilter_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/target"
)

// rulesetOf puts rules into chain FORWARD of table filter.
func rulesetOf(rules ...*netfilter.Rule) *netfilter.Ruleset {
	t := netfilter.NewTable("filter")
	t.Chain("FORWARD").Rules = rules
	return &netfilter.Ruleset{Tables: []*netfilter.Table{t}}
}

func from(prefix string) *netfilter.Rule {
	return &netfilter.Rule{Header: netfilter.Header{Src: netfilter.PrefixMask(netip.MustParsePrefix(prefix))}}
}

// TestCheckOfHandmadeRulesets refuses what a reader of text could not make.
func TestCheckOfHandmadeRulesets(t *testing.T) {
	require.NoError(t, rulesetOf(from("10.0.0.0/8"), &netfilter.Rule{}).Check())

	rs := rulesetOf()
	rs.Tables = append(rs.Tables, netfilter.NewTable("filter"))
	require.EqualError(t, rs.Check(), "table filter, chain -: the table is there twice")

	rs = &netfilter.Ruleset{Tables: []*netfilter.Table{{Name: "filter"}}}
	require.EqualError(t, rs.Check(), "table filter, chain -: the table lacks its built-in chains INPUT FORWARD OUTPUT: NewTable makes them")

	rs = rulesetOf()
	rs.Tables[0].Chains = append(rs.Tables[0].Chains, &netfilter.Chain{Name: "web"}, &netfilter.Chain{Name: "web"})
	require.EqualError(t, rs.Check(), "table filter, chain web: there is another chain of this name")

	require.EqualError(t, rulesetOf(from("2001:db8::/32")).Check(),
		"table filter, chain FORWARD, rule 1: address 2001:db8::/32 is not for IPv4")

	rs = rulesetOf(&netfilter.Rule{Target: &netfilter.Jump{Chain: "web"}})
	require.ErrorIs(t, rs.Check(), netfilter.ErrNoSuchChain)
	rs.Tables[0].Chains = append(rs.Tables[0].Chains, &netfilter.Chain{Name: "web", Rules: []*netfilter.Rule{{Target: &netfilter.Jump{Chain: "web"}, Goto: true}}})
	require.ErrorIs(t, rs.Check(), netfilter.ErrLoop)
}

// TestCheckNamesHoles finds what is nil, of all kinds that a program may forget.
func TestCheckNamesHoles(t *testing.T) {
	require.EqualError(t, (&netfilter.Ruleset{Tables: []*netfilter.Table{nil}}).Check(), "table 1 is nil")
	require.EqualError(t, (&netfilter.Ruleset{Family: 2}).Check(), "family 2: there are only IPv4 and IPv6")
	rs := rulesetOf()
	rs.Tables[0].Chains = append(rs.Tables[0].Chains, nil)
	require.EqualError(t, rs.Check(), "table filter, chain -: chain 4 is nil")
	const place = "table filter, chain FORWARD, rule "
	require.EqualError(t, rulesetOf(&netfilter.Rule{}, nil).Check(), place+"2: the rule is nil")
	require.EqualError(t, rulesetOf(&netfilter.Rule{Matches: []netfilter.Match{nil}}).Check(), place+"1: match 1 is nil")
	require.EqualError(t, rulesetOf(&netfilter.Rule{Matches: []netfilter.Match{(*match.TCP)(nil)}}).Check(), place+"1: match 1 is nil")
	require.EqualError(t, rulesetOf(&netfilter.Rule{Target: (*netfilter.Jump)(nil)}).Check(),
		place+"1: the target is a nil pointer: a rule without target has the nil interface")
}

// TestCheckFollowsDeepAndWideChains in linear time and without the goroutine's
// stack: every chain jumps twice to the next.
func TestCheckFollowsDeepAndWideChains(t *testing.T) {
	const depth = 20000
	chains := make([]*netfilter.Chain, depth)
	for i := range chains {
		chains[i] = &netfilter.Chain{Name: netfilter.Pos{Line: i + 1}.String()}
	}
	for i, c := range chains[:depth-1] {
		next := &netfilter.Rule{Target: &netfilter.Jump{Chain: chains[i+1].Name}}
		again := *next
		c.Rules = []*netfilter.Rule{next, &again}
	}
	rs := rulesetOf(&netfilter.Rule{Target: &netfilter.Jump{Chain: chains[0].Name}})
	rs.Tables[0].Chains = append(rs.Tables[0].Chains, chains...)
	require.NoError(t, rs.Check())

	chains[depth-1].Rules = []*netfilter.Rule{{Target: &netfilter.Jump{Chain: chains[0].Name}}}
	require.ErrorIs(t, rs.Check(), netfilter.ErrLoop)
}

// TestZeroValues holds what the zero values of extensions are worth.
func TestZeroValues(t *testing.T) {
	r := &netfilter.Rule{Target: &target.Reject{}}
	require.NoError(t, rulesetOf(r).Check())
	require.Equal(t, "-j REJECT --reject-with icmp-port-unreachable", r.String())
	r = &netfilter.Rule{Target: &target.Reject{Family: netfilter.IPv6}}
	rs := rulesetOf(r)
	rs.Family = netfilter.IPv6
	require.NoError(t, rs.Check())
	require.Equal(t, "-j REJECT --reject-with icmp6-port-unreachable", r.String())
	require.ErrorContains(t, rulesetOf(&netfilter.Rule{Matches: []netfilter.Match{&match.HashLimit{Burst: 5}}}).Check(), "hashlimit")
}
