package parser_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// TestRestoreCases holds the parser to what the tool was seen to do.
func TestRestoreCases(t *testing.T) {
	for i, c := range restoreCases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			got := refused
			rs, err := parser.ParseString(c.text, c.options(t)...)
			if err == nil {
				got = essence(string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true})))
			}
			if got != c.want {
				t.Errorf("%.300q %s counters %v\n got %.300q %v\nwant %.300q", c.text, c.family, c.counters, got, err, c.want)
			}
			for _, e := range faults(err) {
				requireInside(t, c.text, e)
			}
		})
	}
}

func (c *restoreCase) options(t *testing.T) []parser.Option {
	t.Helper()
	opts := []parser.Option{parser.Family(c.family), parser.Strict()}
	if !c.counters {
		opts = append(opts, parser.DiscardCounters())
	}
	if c.onto != "" {
		base, err := parser.ParseString(c.onto)
		require.NoError(t, err)
		opts = append(opts, parser.Onto(base))
	}
	return opts
}

var (
	emptyChain    = regexp.MustCompile(`^:(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) ACCEPT \[0:0\]$`)
	zeroCounters  = regexp.MustCompile(`^\[0:0\] `)
	zeroCounters2 = regexp.MustCompile(`^(:.*) \[0:0\]$`)
)

// essence leaves out of a saved text what an empty table prints, and zero
// counters. The line of table filter goes without saying.
func essence(saved string) string {
	var out []string
	table := ""
	for line := range strings.Lines(saved) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "*"):
			table = line
		case line == "COMMIT" || strings.HasPrefix(line, "#") || emptyChain.MatchString(line):
		default:
			if table != "*filter" && table != "" {
				out = append(out, table)
			}
			table = ""
			line = zeroCounters.ReplaceAllString(line, "")
			out = append(out, zeroCounters2.ReplaceAllString(line, "$1"))
		}
	}
	return strings.Join(out, "\n")
}

// TestRestoreCasesLive asks the machine's own tool for the same answers.
func TestRestoreCasesLive(t *testing.T) {
	answers := askTool(t, restoreCases)
	for i, c := range restoreCases {
		if answers[i] != c.want {
			t.Errorf("%.300q %s counters %v\ntool %.300q\nwant %.300q", c.text, c.family, c.counters, answers[i], c.want)
		}
	}
}

// emptyTables sets the tables that cases use to what they are at first.
const emptyTables = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`

// askTool restores the texts one by one in a network namespace of its own and
// returns the essence of what is saved then.
func askTool(t *testing.T, cases []restoreCase) []string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make a network namespace")
	}
	for _, tool := range []string{"unshare", "iptables-legacy-restore", "ip6tables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("needs the tool %s: %v", tool, err)
		}
	}
	version, err := exec.Command("iptables-legacy-restore", "--version").CombinedOutput()
	if err != nil || !strings.Contains(string(version), "v1.8.9 ") {
		t.Skipf("the answers are those of iptables 1.8.9, not of %s", version)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("empty", emptyTables)
	var script strings.Builder
	for i, c := range cases {
		write(fmt.Sprint(i), c.text)
		options := ""
		if c.counters {
			options = "--counters"
		}
		base := "empty"
		if c.onto != "" {
			base, options = fmt.Sprint(i, ".base"), options+" --noflush"
			write(base, c.onto)
		}
		fmt.Fprintf(&script, "%[1]s-legacy-restore <empty; %[1]s-legacy-restore --counters <%[4]s; if %[1]s-legacy-restore %[2]s <%[3]d >/dev/null 2>&1; then %[1]s-legacy-save -c >%[3]d.saved; fi\n",
			c.family.Tool(), options, i, base)
	}
	cmd := exec.Command("unshare", "-n", "sh")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(script.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("cannot make a network namespace: %v %s", err, out)
	}
	answers := make([]string, len(cases))
	for i := range answers {
		answers[i] = refused
		if saved, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i, ".saved"))); err == nil {
			answers[i] = essence(string(saved))
		}
	}
	return answers
}
