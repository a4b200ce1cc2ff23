package simtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/netfilter/match"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/netfilter/target"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// TestCmpWorksOutOfTheBox holds that cmp.Diff takes a value of every public type
// without an option.
func TestCmpWorksOutOfTheBox(t *testing.T) {
	rules, err := parser.ParseString("*nat\n-A PREROUTING -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.1.1.1:8080\nCOMMIT\n")
	require.NoError(t, err)
	dev, p, err := parser.ParsePacket("eth0: tcp 10.0.0.1:1 > 10.0.0.2:80")
	require.NoError(t, err)
	_, _, bad := parser.ParsePacket("nonsense")
	node, err := simulate.New(host.Host{}, rules)
	require.NoError(t, err)
	s := node.NewSession()
	r := s.Receive(dev, p)
	values := []any{rules, rules.Tables[0], rules.Tables[0].Chains[0].Rules[0], rules.Tables[0].Chains[0].Rules[0].Header, p, bad,
		node, s, r, *r, r.Steps[0], r.Fate, r.Explain(), simulate.Assumption{Rule: rules.Tables[0].Chains[0].Rules[0]},
		host.Host{Links: []host.Link{{Addrs: host.MustAddresses("10.0.0.1/8")}}, Routes: host.MustRoutes("default via 10.0.0.2"),
			Rules: []host.PolicyRule{{}}, Sets: []*ipset.Set{{}}},
		simulate.Outcome[string]{Least: r.Probability(), Most: r.Probability()}, simulate.BranchError{}, host.Nexthop{}, simulate.Miss{}, simulate.Visit{},
		netfilter.Conn{}, netfilter.Tuple{}, netfilter.NATRange{}, packet.Spec{}, netfilter.CheckContext{},
		netfilter.RuleError{}, packet.Transform{}, packet.Transport{}, netfilter.Unknown{}, netfilter.UnknownError{}, packet.Socket{},
		ipset.Set{}, ipset.Sets{}, ipset.Element{}}
	for _, d := range append(match.Definitions(), target.Definitions()...) {
		values = append(values, d.New())
	}
	for _, v := range values {
		t.Run(fmt.Sprintf("%T", v), func(t *testing.T) {
			assert.NotPanics(t, func() { assert.Empty(t, cmp.Diff(v, v)) })
		})
	}
}
