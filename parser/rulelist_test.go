package parser

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

// workOf returns how many rules and blocks were looked at or moved while a text
// of n commands was read.
func workOf(t *testing.T, chainName string, text string) int {
	t.Helper()
	r, err := newReader("", text, nil)
	require.NoError(t, err)
	work := 0
	for r.source.next() {
		if strings.HasPrefix(r.source.line, "COMMIT") {
			c := r.table.lookup(chainName)
			if c.list != nil {
				work = c.list.work
			} else {
				work = len(c.Rules) * len(c.Rules)
			}
		}
		if err := r.readLine(r.source.visible()); err != nil {
			t.Fatalf("%v in %s", err, r.source.line)
		}
	}
	return work
}

// lines repeats a line with a number in it.
func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255))
	}
	return b.String()
}

// TestEditsGrowWithTheText holds the work for n commands to n times that of one,
// but for a factor that grows with the number of blocks.
func TestEditsGrowWithTheText(t *testing.T) {
	table := func(body string) string { return "*filter\n" + body + "COMMIT\n" }
	for name, text := range map[string]func(n int) string{
		"insert at the head":   func(n int) string { return table(lines(n, "-I INPUT -s %s")) },
		"insert in the middle": func(n int) string { return table(lines(100, "-A INPUT -s %s") + lines(n, "-I INPUT 50 -s %s")) },
		"delete the first":     func(n int) string { return table(lines(n+1, "-A INPUT -s %s") + strings.Repeat("-D INPUT 1\n", n)) },
		"delete what is named": func(n int) string {
			return table(lines(n, "-A INPUT -s %s -j ACCEPT") + lines(n, "-D INPUT -s %s -j ACCEPT"))
		},
		"delete one of many the same": func(n int) string {
			return table(strings.Repeat("-A INPUT -s 10.0.0.1\n", n) + strings.Repeat("-D INPUT -s 10.0.0.1\n", n))
		},
		"check with comments": func(n int) string {
			return table(lines(n, "-A INPUT -m comment --comment %s") + lines(n, "-C INPUT -m comment --comment %s"))
		},
	} {
		const small, factor = 2000, 8
		few, many := workOf(t, "INPUT", text(small)), workOf(t, "INPUT", text(small*factor))
		if many > 3*factor*few || many > small*factor*2*blockSize {
			t.Errorf("%s: work grows from %d to %d when there is %d times as much text", name, few, many, factor)
		}
	}
}

// TestListsDoAsSlices edits a long chain at random and compares it with a slice.
func TestListsDoAsSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		var text strings.Builder
		var want []string
		text.WriteString("*filter\n")
		rule := func() string { return fmt.Sprintf("-s 10.0.0.%d/32", rng.IntN(40)) }
		for range 1500 {
			at, op := rng.IntN(len(want)+1), rng.IntN(10)
			switch {
			case op < 3:
				want = append(want, rule())
				fmt.Fprintf(&text, "-A INPUT %s\n", want[len(want)-1])
			case op < 6:
				r := rule()
				want = append(want[:at], append([]string{r}, want[at:]...)...)
				fmt.Fprintf(&text, "-I INPUT %d %s\n", at+1, r)
			case len(want) == 0:
			case op == 6:
				at = min(at, len(want)-1)
				want[at] = rule()
				fmt.Fprintf(&text, "-R INPUT %d %s\n", at+1, want[at])
			case op == 7:
				at = min(at, len(want)-1)
				want = append(want[:at], want[at+1:]...)
				fmt.Fprintf(&text, "-D INPUT %d\n", at+1)
			default:
				r := want[rng.IntN(len(want))]
				for i := range want {
					if want[i] == r {
						want = append(want[:i], want[i+1:]...)
						break
					}
				}
				fmt.Fprintf(&text, "-D INPUT %s\n", r)
			}
		}
		text.WriteString("COMMIT\n")
		rs, err := ParseString(text.String())
		require.NoError(t, err)
		var got []string
		for _, r := range rs.Table("filter").Chain("INPUT").Rules {
			got = append(got, r.String())
		}
		require.Equal(t, want, got)
	}
}

// TestOntoSharesWhatItLeavesAlone and changes nothing of its base, whatever the
// text does.
func TestOntoSharesWhatItLeavesAlone(t *testing.T) {
	var b strings.Builder
	b.WriteString("*filter\n:A - [0:0]\n:B - [0:0]\n:C - [0:0]\n[1:2] -A INPUT -j A\n[3:4] -A A -s 1.1.1.1 -j B\n[5:6] -A C -s 2.2.2.2\n")
	for i := range 3 * longChain {
		fmt.Fprintf(&b, "[7:8] -A B -s 10.0.0.%d\n", i)
	}
	b.WriteString("COMMIT\n*nat\n-A OUTPUT\nCOMMIT\n")
	base, err := ParseString(b.String())
	require.NoError(t, err)
	printed := string(base.AppendSave(nil, netfilter.SaveOptions{Counters: true}))
	for _, text := range []string{
		"-A C -s 3.3.3.3", ":C - [0:0]", "-F C", "-D C 1", "-I C -s 4.4.4.4", "-R C 1 -s 5.5.5.5", "-Z C", "-E C D", "-F\n-X", "-P INPUT DROP",
		":INPUT DROP [5:6]", "-Z", "-E A Z\n-E Z A2\n-N A\n-A INPUT -j A", "-E B Q\n-D A -s 1.1.1.1 -j Q", "-D B -s 10.0.0.7", "-I B 3 -s 9.9.9.9", "-D B 2\n-Z B", "-F A\n-F B\n-X B",
	} {
		rs, err := ParseString("*filter\n"+text+"\nCOMMIT\n# after\n", Onto(base))
		require.NoError(t, err, text)
		require.Equal(t, printed, string(base.AppendSave(nil, netfilter.SaveOptions{Counters: true})), text)
		require.NoError(t, rs.Check(), text)
		require.Same(t, base.Tables[1].Chain("OUTPUT"), rs.Tables[1].Chain("OUTPUT"), text)
		clone, err := ParseString("*filter\n"+text+"\nCOMMIT\n# after\n", Onto(base.Clone()))
		require.NoError(t, err, text)
		require.Equal(t, clone.String(), rs.String(), text)
	}
	rs, err := ParseString("*filter\n-A C -s 3.3.3.3\nCOMMIT\n", Onto(base))
	require.NoError(t, err)
	for _, name := range []string{"A", "B", "INPUT"} {
		require.Same(t, base.Tables[0].Chain(name), rs.Tables[0].Chain(name))
	}
	require.NotSame(t, base.Tables[0].Chain("C"), rs.Tables[0].Chain("C"))
	require.Same(t, base.Tables[0].Chain("C").Rules[0], rs.Tables[0].Chain("C").Rules[0])
}

// TestRenamedChainsAreFollowed by the jumps of base and of the text.
func TestRenamedChainsAreFollowed(t *testing.T) {
	base, err := ParseString("*filter\n:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A INPUT -j B\nCOMMIT\n")
	require.NoError(t, err)
	rs, err := ParseString("*filter\n-E A C\n-E B A\n-A INPUT -j A\n-A INPUT -j C\n-E C B\n-D INPUT -j B\n-C INPUT -j A\nCOMMIT\n", Onto(base))
	require.NoError(t, err)
	var got []string
	for _, r := range rs.Table("filter").Chain("INPUT").Rules {
		got = append(got, r.String())
	}
	require.Equal(t, []string{"-j A", "-j A", "-j B"}, got)
}

// TestOntoRefusesHoles says what is nil of a ruleset made by hand.
func TestOntoRefusesHoles(t *testing.T) {
	for want, base := range map[string]*netfilter.Ruleset{
		"table 1 of the ruleset of Onto is nil":                          {Tables: []*netfilter.Table{nil}},
		"chain 1 of table filter in the ruleset of Onto is nil":          {Tables: []*netfilter.Table{{Name: "filter", Chains: []*netfilter.Chain{nil}}}},
		"rule 1 of chain INPUT in the ruleset of Onto is nil":            {Tables: []*netfilter.Table{{Name: "filter", Chains: []*netfilter.Chain{{Name: "INPUT", Rules: []*netfilter.Rule{nil}}}}}},
		"the ruleset of Onto has family 9: there are only IPv4 and IPv6": {Family: 9},
	} {
		_, err := ParseString("*filter\nCOMMIT\n", Onto(base))
		require.EqualError(t, err, want)
		_, _, err = ApplyCommand(base, []string{"-F"})
		require.EqualError(t, err, want)
	}
	_, err := Parse("x", nil)
	require.Error(t, err)
	_, err = ParseString("*filter\nCOMMIT\n", nil, Family(9))
	require.EqualError(t, err, "family 9: there are only IPv4 and IPv6")
	damaged := netfilter.NewTable("filter")
	for range 2 * longChain {
		damaged.Chain("INPUT").Rules = append(damaged.Chain("INPUT").Rules, &netfilter.Rule{Matches: []netfilter.Match{nil}})
	}
	_, err = ParseString("*filter\n-D INPUT -p tcp\nCOMMIT\n", Onto(&netfilter.Ruleset{Tables: []*netfilter.Table{damaged}}))
	require.Error(t, err)
}
