package nfttext_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// TestLines finds the rules in a listing, those of chains without a name included.
func TestLines(t *testing.T) {
	rs, err := nfttext.Parse(`
table inet filter {
	set hosts {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 }
	}
	chain input {
		ip saddr @hosts jump {
			tcp dport 22 counter accept
		}
		ip saddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop comment "the rest"
	}
}
`, nfttext.ReadOptions{})
	require.NoError(t, err)
	var all strings.Builder
	var rules []string
	for _, l := range nfttext.Lines(rs, nfttext.Options{}) {
		all.WriteString(l.Text)
		if l.Rule != nil {
			rules = append(rules, l.Text)
		}
	}
	assert.Equal(t, nfttext.List(rs, nfttext.Options{}), all.String())
	require.Len(t, rules, 3)
	assert.Equal(t, "\t\tip saddr @hosts jump {\n", rules[0])
	assert.Equal(t, "\t\t\ttcp dport 22 counter packets 0 bytes 0 accept\n", rules[1])
	assert.Contains(t, rules[2], "\t\tip saddr { 10.0.0.0/8, ")
	assert.Empty(t, nfttext.Lines(nil, nfttext.Options{}))
}

// TestConditionText returns the part of a rule to which each of its expressions belongs.
func TestConditionText(t *testing.T) {
	for _, tt := range []struct {
		rule string
		want []string
	}{
		{"tcp dport 22 counter accept", []string{"meta l4proto tcp", "meta l4proto tcp", "tcp dport 22", "tcp dport 22", "counter packets 0 bytes 0", "accept"}},
		{"tcp dport 10-20", []string{"meta l4proto tcp", "meta l4proto tcp", "tcp dport 10-20", "tcp dport 10-20", "tcp dport 10-20"}},
		{"ct state established", []string{"ct state established", "ct state established", "ct state established"}},
		{"dnat to tcp dport map { 80 : 10.0.0.1 }", []string{"meta l4proto tcp", "meta l4proto tcp",
			"dnat to tcp dport map { 80 : 10.0.0.1 }", "dnat to tcp dport map { 80 : 10.0.0.1 }", "dnat to tcp dport map { 80 : 10.0.0.1 }"}},
	} {
		rs, err := nfttext.Parse("table ip t {\n chain c {\n type nat hook prerouting priority 0\n "+tt.rule+"\n}\n}\n", nfttext.ReadOptions{})
		require.NoError(t, err)
		rule := rs.Tables[0].Chains[0].Rules[0]
		var got []string
		for i := range rule.Exprs {
			got = append(got, nfttext.ConditionText(rs, rs.Tables[0], rule, i, nfttext.Options{}))
		}
		assert.Equal(t, tt.want, got, tt.rule)
		assert.Equal(t, tt.want[len(tt.want)-1], nfttext.ConditionText(rs, rs.Tables[0], rule, len(rule.Exprs), nfttext.Options{}))
	}
	assert.Empty(t, nfttext.ConditionText(nil, nil, nil, 0, nfttext.Options{}))
}
