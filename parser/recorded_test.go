package parser_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// recorded returns a path below the recorded answers of real tools.
func recorded(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("PACKETPATH_DATA")
	if dir == "" {
		t.Skip("PACKETPATH_DATA does not name the recorded answers of the real tools")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// grammarCase is a text and what iptables-legacy-restore did with it.
type grammarCase struct {
	Name    string
	Family  int
	Options string `json:"restore_opts"`
	Pre     *string
	Blob    string
	Legacy  struct {
		RC   int
		Err  string
		Save map[string][]string
	}
}

// printedOtherwise are cases that are saved in another way on purpose.
var printedOtherwise = []string{"opt: ! -i +", "opt: ! dport :"}

func TestGrammarCases(t *testing.T) {
	f, err := os.Open(recorded(t, "kernel-cases", "grammar.jsonl"))
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c grammarCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		t.Run(c.Name, func(t *testing.T) { c.run(t) })
	}
	require.NoError(t, lines.Err())
}

func (c *grammarCase) run(t *testing.T) {
	if slices.Contains(printedOtherwise, c.Name) {
		t.Skip("1.8.9 saves the rule, which never matches, as one that matches: here it comes back as it is")
	}
	if strings.HasSuffix(c.Blob, " bytes)") {
		t.Skip("the text was not recorded in full")
	}
	family := netfilter.IPv4
	if c.Family == 6 {
		family = netfilter.IPv6
	}
	if missing := missingExtensions(family, c.Blob); len(missing) > 0 && c.Legacy.RC == 0 {
		t.Skipf("no definition of %s", strings.Join(missing, ", "))
	}
	opts := []parser.Option{parser.Family(family), parser.Strict()}
	if !strings.Contains(c.Options, "-c") {
		opts = append(opts, parser.DiscardCounters())
	}
	before := &netfilter.Ruleset{Family: family}
	if c.Pre != nil {
		var err error
		before, err = parser.ParseString(commands(*c.Pre), parser.Family(family))
		require.NoError(t, err)
	}
	rs, err := parser.ParseString(c.Blob, opts...)
	if strings.Contains(c.Options, "-n") {
		known, refusal := netfilter.NewChecked(before)
		require.NoError(t, refusal)
		rs, err = requireAsChecked(t, c.Blob, known, opts...)
	}
	if (err == nil) != (c.Legacy.RC == 0) {
		t.Fatalf("%q\ngot error %v\ntool said %d %s", c.Blob, err, c.Legacy.RC, c.Legacy.Err)
	}
	if err != nil || strings.Contains(c.Options, "-t") || c.keepsPolicies() {
		return
	}
	for name, want := range c.Legacy.Save {
		if diff := cmp.Diff(want, saved(rs, name, strings.Contains(c.Options, "-c"))); diff != "" {
			t.Errorf("%q\ntable %s (-tool +parser):\n%s", c.Blob, name, diff)
		}
	}
}

// keepsPolicies reports whether the tool's answer depends on policies that were
// there before a load that flushes.
func (c *grammarCase) keepsPolicies() bool {
	return c.Pre != nil && !strings.Contains(c.Options, "-n")
}

// commands turns shell commands into a text for restore.
func commands(shell string) string {
	text := "*filter\n"
	for c := range strings.SplitSeq(shell, ";") {
		if args, ok := strings.CutPrefix(strings.TrimSpace(c), "iptables-legacy "); ok {
			text += args + "\n"
		}
	}
	return text + "COMMIT\n"
}

// saved returns the lines of a table without comments.
func saved(rs *netfilter.Ruleset, name string, counters bool) []string {
	table := rs.Table(name)
	if table == nil {
		table = netfilter.NewTable(name)
	}
	one := netfilter.Ruleset{Family: rs.Family, Tables: []*netfilter.Table{table}}
	lines := strings.Split(strings.TrimSuffix(string(one.AppendSave(nil, netfilter.SaveOptions{Counters: counters})), "\n"), "\n")
	return slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "#") })
}

// missingExtensions returns the names of extensions in a text that have no
// definition yet. The text is one that the tool takes.
func missingExtensions(family netfilter.Family, text string) []string {
	var missing []string
	note := func(e *parser.Error) {
		for _, s := range []string{"unknown match", "unknown target", "there is no chain and no target"} {
			if strings.HasPrefix(e.Err.Error(), s) {
				missing = append(missing, e.Word)
			}
		}
	}
	_, err := parser.ParseString(text, parser.Family(family), parser.Warnings(note))
	var errs parser.Errors
	if errors.As(err, &errs) {
		for _, e := range errs {
			note(e)
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}
