package parser_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// requireAsChecked requires that a text applied to a ruleset that was checked has the
// result that it has for any, which is returned.
func requireAsChecked(tb testing.TB, text string, base *netfilter.Checked, opts ...parser.Option) (*netfilter.Ruleset, error) {
	tb.Helper()
	rs, err := parser.ParseString(text, append(opts, parser.Onto(base.Ruleset()))...)
	checked, wrong := parser.ParseString(text, append(opts, parser.OntoChecked(base))...)
	require.Equal(tb, fmt.Sprint(err), fmt.Sprint(wrong), "%q", text)
	if err == nil {
		require.Empty(tb, cmp.Diff(counted(rs), counted(checked)), "%q onto %s", text, counted(base.Ruleset()))
		require.Equal(tb, rs.Tables, checked.Tables, "%q", text)
	}
	return rs, err
}

func counted(rs *netfilter.Ruleset) string {
	return string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
}

// TestOntoChecked applies drawn texts, each to the result of those before it.
func TestOntoChecked(t *testing.T) {
	const start = "*filter\n:INPUT DROP [3:4]\n:a - [0:0]\n:b - [0:0]\n:c - [0:0]\n:d - [0:0]\n[1:2] -A INPUT -j a\n-A a -j b\n-A b -p tcp -j DROP\n-A c -s 10.0.0.1 -g d\nCOMMIT\n*nat\n:a - [0:0]\n-A OUTPUT -j a\nCOMMIT\n"
	accepted, refused := 0, 0
	for seed := range uint64(200) {
		d := textDrawer{rand.New(rand.NewPCG(seed, 0))}
		base, err := parser.ParseString(start)
		require.NoError(t, err)
		known, err := netfilter.NewChecked(base)
		require.NoError(t, err)
		for range 20 {
			rs, err := requireAsChecked(t, d.text(), known, d.option())
			if err != nil {
				refused++
				continue
			}
			accepted++
			known, err = known.Update(rs)
			require.NoError(t, err)
		}
	}
	require.Greater(t, accepted, 1000)
	require.Greater(t, refused, 1000)
}

// textDrawer draws texts that name few chains.
type textDrawer struct{ *rand.Rand }

func (d textDrawer) one(from ...string) string { return from[d.IntN(len(from))] }

func (d textDrawer) chain() string { return d.one("a", "b", "c", "d", "e", "INPUT", "FORWARD") }

func (d textDrawer) option() parser.Option {
	if d.IntN(6) == 0 {
		return parser.Flush()
	}
	return nil
}

func (d textDrawer) text() string {
	var b strings.Builder
	for range 1 + d.IntN(2) {
		b.WriteString("*" + d.one("filter", "filter", "filter", "nat", "raw") + "\n")
		for range d.IntN(4) {
			b.WriteString(d.line() + "\n")
		}
		b.WriteString("COMMIT\n")
	}
	return b.String()
}

func (d textDrawer) line() string {
	switch d.IntN(14) {
	case 0, 1:
		return ":" + d.one("a", "b", "c", "d", "e") + " - [0:0]"
	case 2:
		return ":" + d.one("INPUT", "FORWARD", "a") + d.one(" DROP [5:6]", " ACCEPT [0:0]", " - [0:0]")
	case 3:
		return "-X " + d.one("a", "b", "c", "d", "e", "")
	case 4:
		return "-F " + d.one("a", "b", "c", "d", "INPUT", "")
	case 5:
		return "-N " + d.chain()
	case 6:
		return "-E " + d.chain() + " " + d.chain()
	case 7:
		return "-D " + d.chain() + " " + d.one("1", "1", "2", "-j a", "-j b", "-p tcp -j DROP")
	case 8:
		return "-Z " + d.one(d.chain(), "", "INPUT 1")
	case 9:
		return "-R " + d.chain() + " 1 -j " + d.one("ACCEPT", "a", "d")
	case 10:
		return "-P " + d.one("INPUT", "FORWARD", "a") + " ACCEPT"
	}
	return d.one("", "[7:8] ") + d.one("-A ", "-I ") + d.chain() + " " + d.one("", "-s 10.0.0.1 ", "-p tcp --dport 80 ", "-p udp ") + "-j " + d.one("ACCEPT", "DROP", "RETURN", "a", "b", "c", "d", "e", "REJECT")
}

// TestOntoCheckedEmpty applies a text to nothing.
func TestOntoCheckedEmpty(t *testing.T) {
	for _, base := range []*netfilter.Checked{nil, {}} {
		rs, err := parser.ParseString(filter("-A INPUT"), parser.OntoChecked(base))
		require.NoError(t, err)
		require.Len(t, rs.Tables, 1)
	}
}

// TestOntoCheckedShares holds that chains which a text does not name are those of the base.
func TestOntoCheckedShares(t *testing.T) {
	base, err := parser.ParseString(filter(":a - [0:0]\n:b - [0:0]\n-A a -j b"))
	require.NoError(t, err)
	known, err := netfilter.NewChecked(base)
	require.NoError(t, err)
	rs, err := parser.ParseString(filter("-A b -j DROP"), parser.OntoChecked(known))
	require.NoError(t, err)
	require.Same(t, base.Table("filter").Chain("a"), rs.Table("filter").Chain("a"))
	require.Empty(t, base.Table("filter").Chain("b").Rules)
}
