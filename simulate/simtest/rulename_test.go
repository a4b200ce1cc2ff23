package simtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest"
)

// TestNamesOfRules holds that a rule with target RETURN goes by both of its
// names, and that names which no rule has are errors.
func TestNamesOfRules(t *testing.T) {
	node := simtest.Load(t, host.Host{}, "*filter\n:FORWARD DROP [0:0]\n:C - [0:0]\n-A FORWARD -j C\n-A C -p tcp -j ACCEPT\n"+
		"-A C -j RETURN\nCOMMIT\n")
	const packet = "eth0: udp 10.0.0.1:1 > 10.0.0.2:2"
	const none = `there is no rule "`
	for _, tt := range []struct {
		want simtest.Want
		said string
	}{
		{simtest.Meeting("filter:C:rule:2"), ""},
		{simtest.Meeting("filter:C:return:2"), ""},
		{simtest.Missing("filter:C:rule:2"), "it matched"},
		{simtest.Missing("filter:C:return:2"), "it matched"},
		{simtest.Missing("filter:C:rule:1"), ""},
		{simtest.Missing("filter:FORWARD:policy:2"), "it matched"},
		{simtest.Missing("filter:INPUT:policy:1"), ""},
		{simtest.By("filter:FORWARD:policy:2"), ""},
		{simtest.By("filter:FORWARD:rule:1"), "decided by filter:FORWARD:policy:2"},
		{simtest.Missing("filter:C:rule:3"), none},
		{simtest.Missing("filter:C:policy:3"), none},
		{simtest.Missing("filter:D:rule:1"), none},
		{simtest.Missing("bakc"), none},
		{simtest.Missing(""), none},
		{simtest.Meeting("bakc"), none},
		{simtest.By("bakc"), none},
	} {
		got := said(func(tb testing.TB) { simtest.Check(tb, node, packet, tt.want) })
		if tt.said == "" {
			assert.Empty(t, got, tt.want)
		} else {
			assert.Contains(t, got, tt.said, tt.want)
		}
	}
}
