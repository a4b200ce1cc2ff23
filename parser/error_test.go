package parser_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// TestErrorTexts shows what is said of faults, and where.
func TestErrorTexts(t *testing.T) {
	for text, want := range map[string]string{
		"*filter\r\n-A INPUT -j DORP\r\nCOMMIT\r\n": `f:2:13: there is no chain and no target "DORP"; did you mean "DROP"?`,
		"hello\nworld\n":                              "f:1:1: the line is outside a table; a table begins with a line such as *filter and ends with COMMIT",
		"*filter\n-A INPUT\n":                         "f:2:9: the text ends within table filter, which began in line 1; it is cut off, or the line COMMIT is missing",
		"*filter\n*nat\nCOMMIT\n":                     "f:2:1: table nat begins, but table filter has no COMMIT yet",
		"*fliter\n-A X\nCOMMIT\n":                     `f:1:2: no such table: "fliter"; did you mean "filter"?`,
		"*\nCOMMIT\n":                                 "f:1:1: the name of the table is missing",
		filter(":A"):                                  `f:2:2: chain A has no policy; write "-" for a chain that is not built in`,
		filter(":INPUT REJECT"):                       `f:2:8: bad policy "REJECT": need ACCEPT or DROP`,
		filter(":A DROP"):                             `f:2:4: chain "A" is not built in: only built-in chains have a policy, write - instead`,
		filter(":A -\n:A -"):                          `f:3:2: chain "A" exists already`,
		filter("-A INPTU"):                            `f:2:4: no such chain: "INPTU"; did you mean "INPUT"?`,
		filter("-N LOG\n-A LOG"):                      `f:2:4: chain "LOG": there is a target of this name`,
		filter("-A INPUT -j LOGDROP"):                 `f:2:13: there is no chain and no target "LOGDROP"; declare a chain with :LOGDROP - above this line`,
		filter("-A INPUT -s ! 1.1.1.1"):               `f:2:13: "!" stands after the option; "!" must stand before the option, not after it: ! -s 1.1.1.1`,
		filter("-A INPUT -s 1.1.1.1,2.2.2.x"):         `f:2:21: host name "2.2.2.x" is not looked up: give its address, or tell it with the option Hosts`,
		filter("-A INPUT -s ::1"):                     `f:2:13: ::1 is no IPv4 address; if these are rules of ip6tables, read them with Family(netfilter.IPv6)`,
		filter("-A INPUT -s 1.1.1.1/33"):              `f:2:21: bad mask "33": need a length of 0-32 or a mask in the form of an address`,
		filter("-A INPUT --dport 80"):                 `f:2:10: unknown option "--dport"; it needs a protocol before it, such as -p tcp`,
		filter("-A INPUT --set-mark 80"):              `f:2:10: unknown option "--set-mark"; it is an option of -j CONNMARK, -j MARK, which must stand before it`,
		filter("-A INPUT --s 1.1.1.1"):                `f:2:10: option "--s" is ambiguous: it may be --source or --src or --set-counters`,
		filter("-A INPUT -j ACCEPT 80"):               `f:2:20: unexpected word "80"`,
		filter("-A INPUT !-i eth0"):                   `f:2:10: unexpected word "!-i"; "!" must be a word of its own before the option: ! -i eth0`,
		filter("-A INPUT -o eth0"):                    `f:2:4: -o is not possible in INPUT: no outgoing interface is known there`,
		filter("-F INPUT -j ACCEPT"):                  `f:2:1: option -j is not possible with -F`,
		filter("-A INPUT -m mark"):                    `f:2:13: mark: option --mark must be given`,
		filter("-A INPUT -m mark --mark 1 --mark 2"):  `f:2:27: mark: option --mark can only be used once`,
		filter("-A INPUT -m mark --mark 1/z"):         `f:2:27: mark: mask: bad value "z": need a number from 0 to 4294967295`,
		filter("-A INPUT\n-D INPUT 2"):                `f:3:4: chain INPUT has no rule 2: there is 1 rule`,
		filter(":A -\n-A A -j A\n-A INPUT -j A"):      `f:3:1: table filter, chain A, rule 1: loop: the jump to A comes back here`,
		filter("-A INPUT -g DROP"):                    `f:2:13: -g needs a chain: no such chain: "DROP"`,
		filter("[5] -A INPUT"):                        `f:2:1: counters before a rule look like [0:0]: ":" is missing`,
		filter("-A INPUT -m icmp6 --icmpv6-type 1"):   `f:2:13: match icmp6 is not for IPv4; if these are rules of ip6tables, read them with Family(netfilter.IPv6)`,
		"*nat\n-A OUTPUT -j DROP\nCOMMIT\n":           `f:2:14: DROP is not possible in table nat; drop in table filter`,
		filter("-t filter -A INPUT"):                  `f:2:1: the table is given by the line *TABLE, -t is not possible here`,
		filter("-A INPUT -i \"eth\x01\x7f\" -x \xff"): `f:2:24: unexpected word "\xff"`,
	} {
		_, err := parser.Parse("f", strings.NewReader(text))
		if err == nil {
			t.Errorf("%q is accepted", text)
			continue
		}
		if err.Error() != want {
			t.Errorf("%q\n got %s\nwant %s", text, err, want)
		}
		for _, e := range faults(err) {
			requireInside(t, text, e)
		}
	}
}

// TestErrorsAreBounded reports a hundred faults and counts the rest.
func TestErrorsAreBounded(t *testing.T) {
	_, err := parser.Parse("f", strings.NewReader(filter(strings.Repeat("-A INPUT -j\n", 150))))
	errs := faults(err)
	require.Len(t, errs, 101)
	require.EqualError(t, errs[99], `f:101:10: option "-j" needs a value`)
	require.EqualError(t, errs[100], "f: and 50 more errors")
	require.Equal(t, "", errs[100].Snippet())
	require.Len(t, strings.Split(err.Error(), "\n"), 101)
}

// TestLongLine reads a text that is one line and shows the place of its faults.
func TestLongLine(t *testing.T) {
	_, err := parser.ParseString("*filter\n-A INPUT " + strings.Repeat("é", 1<<22))
	errs := faults(err)
	require.Len(t, errs, 101)
	require.Equal(t, "    …"+strings.Repeat("é", 100)+"…\n"+strings.Repeat(" ", 65)+"^"+strings.Repeat("~", 39), errs[50].Snippet())
}

// TestKernelRefusals come with the places of the rules, in the order of the
// text, and can be told apart.
func TestKernelRefusals(t *testing.T) {
	_, err := parser.Parse("f", strings.NewReader(filter("-A INPUT -m tcp --dport 1\n-A INPUT\n-A INPUT -j DNAT --to-destination 1.1.1.1")+
		"*nat\n-A OUTPUT --nosuch\n-A OUTPUT -m tcp --dport 1\nCOMMIT\n"))
	errs := faults(err)
	require.Len(t, errs, 3, "%v", err)
	require.Equal(t, []int{2, 4, 7}, []int{errs[0].Pos.Line, errs[1].Pos.Line, errs[2].Pos.Line})
	var rule *netfilter.RuleError
	require.ErrorAs(t, err, &rule)
	require.Equal(t, 1, rule.Rule)

	base := mustParse(t, filter(":A -\n-A INPUT -j A"))
	_, err = parser.Parse("g", strings.NewReader(filter("-A A -j A")), parser.Onto(base))
	require.ErrorIs(t, err, netfilter.ErrLoop)
	require.True(t, strings.HasPrefix(err.Error(), "g:2:1:"), err)
	_, err = parser.Parse("g", strings.NewReader(filter(":B -\n-A A -j B\n-A B -j A")), parser.Onto(base))
	require.ErrorIs(t, err, netfilter.ErrLoop)
}

// TestFollowUpFaultsAreNotReported keeps to the cause of a row of faults.
func TestFollowUpFaultsAreNotReported(t *testing.T) {
	_, err := parser.ParseString(filter(":A DROP [0:0]\n-A A -s x\n-R A 1 -s 1.1.1.1\n-D A 1\n-I A 2\n-A INPUT -j A\n-X A"))
	require.Len(t, faults(err), 2, "%v", err)
}

func TestErrorFields(t *testing.T) {
	_, err := parser.Parse("f", strings.NewReader(filter("-A INPUT -m mark ! --mark 0x1/q")))
	var e *parser.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, netfilter.Pos{File: "f", Line: 2, Col: 31}, e.Pos)
	require.Equal(t, []string{"mark", "--mark", "0x1/q", "-A INPUT -m mark ! --mark 0x1/q"}, []string{e.Extension, e.Option, e.Word, e.Line})
	require.Equal(t, "f:2:31: mark: mask: bad value \"q\": need a number from 0 to 4294967295", fmt.Sprint(e))
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("-m comment --comment abcdefghij ", 20)
	for text, want := range map[string]string{
		"-A INPUT\t-j\tNOPE":         "-A INPUT -j NOPE\n            ^~~~",
		"-A INPUT -i \"\x01é\" -j N": "-A INPUT -i \"\\x01é\" -j N\n                       ^",
		"-A INPUT " + long + "-j N " + long: "…" + (long + "-j N " + long)[len(long)-57:len(long)+43] + "…\n" +
			strings.Repeat(" ", 61) + "^",
		"-A INPUT -s": "-A INPUT -s\n         ^~",
	} {
		_, err := parser.ParseString(filter(text))
		var e *parser.Error
		if !errors.As(err, &e) {
			t.Fatalf("%q is accepted", text)
		}
		require.Equal(t, want, strings.ReplaceAll(strings.TrimPrefix(e.Snippet(), "    "), "\n    ", "\n"))
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		filter(":A -\n-E A LOG\n-A INPUT -j LOG"):      `4:13: the chain LOG is meant here, not the target of this name`,
		filter(`-A INPUT -i "a b"`):                    `2:13: interface "a b": no interface can have such a name`,
		filter("-A INPUT -m geoip --x -s 1,2"):         `2:13: unknown match "geoip"`,
		filter("-A INPUT -j X --x -s 1.1.1.1,2.2.2.2"): `2:13: unknown target "X"`,
	} {
		var got []string
		mustParse(t, text, parser.Warnings(func(e *parser.Error) { got = append(got, e.Error()) }))
		require.Equal(t, []string{want}, got)
	}
	var got string
	mustParse(t, filter("-A INPUT -p ah"), parser.Family(netfilter.IPv6), parser.Warnings(func(e *parser.Error) { got = e.Error() }))
	require.Equal(t, "2:13: -p ah never matches: it is an extension header, not a protocol", got)
}
