package commands

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

func save(rs *netfilter.Ruleset) string {
	return string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
}

// TestParseRules reads several tables one after the other, with counters as -v
// prints them.
func TestParseRules(t *testing.T) {
	rs, err := ParseRules("S", `-P INPUT DROP -c 1 2
-P FORWARD ACCEPT -c 0 0
-P OUTPUT ACCEPT -c 0 0
-N MINE
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "a b" -c 3 4 -j MINE
-P PREROUTING ACCEPT
-P INPUT ACCEPT
-P OUTPUT ACCEPT
-P POSTROUTING ACCEPT
-A POSTROUTING -o eth0 -j MASQUERADE
`, "", nil)
	require.NoError(t, err)
	got := save(rs)
	assert.Contains(t, got, ":INPUT DROP [1:2]")
	assert.Contains(t, got, `[3:4] -A INPUT -p tcp -m tcp --dport 22 -m comment --comment "a b" -j MINE`)
	assert.Contains(t, got, "*nat\n")
	assert.Contains(t, got, "-A POSTROUTING -o eth0 -j MASQUERADE")
	assert.Equal(t, 5, rs.Table("filter").Chain("INPUT").Rules[0].Pos.Line)

	_, err = ParseRules("S", "-A PREROUTING -j MARK --set-mark 1\n", "", nil)
	assert.ErrorContains(t, err, "S:1: the table is not told: PREROUTING are in several")
	_, err = ParseRules("S", "-P INPUT DROP\n-P FORWARD DROP\n-P OUTPUT DROP\n-A INPUT -p tcp --dprt 22\n", "", nil)
	assert.ErrorContains(t, err, "S:4:17:")
}

// TestRun leaves out commands that fail, as a shell goes on behind them.
func TestRun(t *testing.T) {
	l := NewList("fw.sh")
	for i, words := range []string{"-N MINE", "-t nat -A POSTROUTING -j MASQUERADE", "-A INPUT -j NOSUCH", "-w 5 -A INPUT -j MINE", "-D INPUT -s 1.2.3.4 -j DROP", "--table=mangle -A OUTPUT -j MARK --set-mark 1"} {
		require.NoError(t, l.Add(Command{Line: i + 1, Words: strings.Fields(words)}))
	}
	for _, show := range []string{"-L -n", "-nvL", "-S", "-t nat -L", "-Z"} {
		assert.ErrorIs(t, l.Add(Command{Words: strings.Fields(show)}), ErrNoChange, show)
	}
	assert.ErrorContains(t, l.Add(Command{Line: 9, Words: strings.Fields("-t nta -A X -j DROP")}), `fw.sh:9: there is no table "nta"`)
	rs, failed, err := l.Run(nil)
	require.NoError(t, err)
	require.Len(t, failed, 2)
	assert.Equal(t, 3, failed[0].Pos.Line)
	assert.Equal(t, 5, failed[1].Pos.Line)
	assert.Contains(t, save(rs), "-A INPUT -j MINE")
	assert.Contains(t, save(rs), "*mangle")
	assert.True(t, l.Has(Command{Words: strings.Fields("-C INPUT -j MINE")}))
	assert.False(t, l.Has(Command{Words: strings.Fields("-C INPUT -j OTHER")}))
}

func TestFamilyOf(t *testing.T) {
	for text, want := range map[string]netfilter.Family{"-s 10.0.0.0/8": netfilter.IPv4, "-s 2001:db8::/32": netfilter.IPv6, "-p ipv6-icmp": netfilter.IPv6, "-p icmp": netfilter.IPv4} {
		f, known := FamilyOf(text)
		assert.True(t, known, text)
		assert.Equal(t, want, f, text)
	}
	_, known := FamilyOf("-p tcp -j ACCEPT")
	assert.False(t, known)
}

// FuzzParseRules holds that any text gives rules or an error.
func FuzzParseRules(f *testing.F) {
	f.Add("-P INPUT ACCEPT\n-N X\n-A INPUT -j X\n")
	f.Fuzz(func(t *testing.T, text string) {
		if rs, err := ParseRules("fuzz", text, "", nil); err == nil && rs == nil {
			t.Error("neither rules nor an error")
		}
	})
}
