package netfilter_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

func ExampleRuleset_Rules() {
	t := netfilter.NewTable("filter")
	t.Chain("INPUT").Rules = []*netfilter.Rule{{Header: netfilter.Header{In: "lo"}}, {Header: netfilter.Header{In: "eth0"}}}
	rs := &netfilter.Ruleset{Tables: []*netfilter.Table{t}}
	for at, r := range rs.Rules() {
		fmt.Println(at, r)
	}
	// Output:
	// table filter, chain INPUT, rule 1 -i lo
	// table filter, chain INPUT, rule 2 -i eth0
}

func TestRulesStepOverNil(t *testing.T) {
	rs := &netfilter.Ruleset{Tables: []*netfilter.Table{nil, {Name: "nat", Chains: []*netfilter.Chain{nil,
		{Name: "a", Rules: []*netfilter.Rule{nil, {}, {}}}}}}}
	var got []int
	for at := range rs.Rules() {
		got = append(got, at.Number)
	}
	assert.Equal(t, []int{2, 3}, got)
	for range rs.Rules() {
		break
	}
}

func TestNamesAsText(t *testing.T) {
	for v := netfilter.Continue; v <= netfilter.Return; v++ {
		text, err := v.MarshalText()
		require.NoError(t, err)
		var again netfilter.Verdict
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, v, again)
	}
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		text, err := h.MarshalText()
		require.NoError(t, err)
		var again netfilter.Hook
		require.NoError(t, again.UnmarshalText(text))
		assert.Equal(t, h, again)
	}
	_, err := netfilter.Verdict(6).MarshalText()
	require.EqualError(t, err, "there is no verdict 6")
	_, err = netfilter.Hook(5).MarshalText()
	require.EqualError(t, err, "there is no hook 5")
	var h netfilter.Hook
	require.EqualError(t, h.UnmarshalText([]byte("input")), `unknown hook "input"`)
}
