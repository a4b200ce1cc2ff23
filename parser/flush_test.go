package parser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
)

// TestFlush restores a text without --noflush onto a host that has tables.
func TestFlush(t *testing.T) {
	base, err := parser.ParseString("*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n" +
		"*filter\n:INPUT DROP [5:6]\n:FORWARD ACCEPT [7:8]\n:old - [0:0]\n-A INPUT -j old\nCOMMIT\n")
	require.NoError(t, err)
	was := base.String()
	rs, err := parser.ParseString("*filter\n:FORWARD DROP [1:2]\n:new - [0:0]\n-A FORWARD -j new\nCOMMIT\n", parser.Onto(base), parser.Flush())
	require.NoError(t, err)
	assert.Equal(t, "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n"+
		"*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [1:2]\n:OUTPUT ACCEPT [0:0]\n:new - [0:0]\n-A FORWARD -j new\nCOMMIT\n", rs.String())
	assert.Equal(t, was, base.String(), "the base has changed")

	_, err = parser.ParseString("*filter\n:new - [0:0]\n:new - [0:0]\nCOMMIT\n", parser.Onto(base), parser.Flush())
	assert.ErrorIs(t, err, parser.ErrChainExists)
}

// TestSets reads rules where it is known which sets there are.
func TestSets(t *testing.T) {
	list, err := parser.ParseSetsString("create four hash:ip\ncreate six hash:ip family inet6\n")
	require.NoError(t, err)
	sets, err := ipset.NewSets(list)
	require.NoError(t, err)
	for name, refused := range map[string]string{
		"four": "", "six": "set six holds IPv6 addresses", "none": "set none: no such set",
	} {
		_, _, err := parser.ApplyCommand(nil, []string{"-D", "INPUT", "-m", "set", "--match-set", name, "src"}, parser.Sets(sets))
		if refused == "" {
			assert.ErrorIs(t, err, parser.ErrNoSuchRule)
			continue
		}
		assert.ErrorContains(t, err, refused)
		assert.Equal(t, 2, parser.ExitStatus(err))
	}
	_, err = parser.ParseString("*filter\n-A INPUT -j SET --add-set none src\nCOMMIT\n", parser.Family(netfilter.IPv4), parser.Sets(sets))
	assert.ErrorIs(t, err, ipset.ErrNoSuchSet)
}
