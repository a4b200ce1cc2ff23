package parser_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// commandRow is a command line, the status that iptables exits with, and the
// reason where that is not 0. The rows are carried out one after the other;
// TestCommandsLive asks the machine's own tool.
type commandRow struct {
	line   string
	status int
	reason error
}

var commandRows = []commandRow{
	{"-A NOPE -j ACCEPT", 1, netfilter.ErrNoSuchChain},
	{"-A INPUT -j NOPE", 2, nil},
	{"-A INPUT -g NOPE", 2, netfilter.ErrNoSuchChain},
	{"-A INPUT -j OUTPUT", 1, parser.ErrBuiltinChain},
	{"-N web", 0, nil},
	{"-N web", 1, parser.ErrChainExists},
	{"-E nope x", 1, netfilter.ErrNoSuchChain},
	{"-E web INPUT", 1, parser.ErrChainExists},
	{"-E INPUT foo", 1, parser.ErrBuiltinChain},
	{"-X INPUT", 1, parser.ErrBuiltinChain},
	{"-X nope", 1, netfilter.ErrNoSuchChain},
	{"-A INPUT -j web", 0, nil},
	{"-X web", 1, parser.ErrChainInUse},
	{"-X", 1, parser.ErrChainInUse},
	{"-A web -j web", 1, netfilter.ErrLoop},
	{"-A web -s 10.0.0.0/8 -j ACCEPT", 0, nil},
	{"-F INPUT", 0, nil},
	{"-X web", 1, parser.ErrChainNotEmpty},
	{"-D INPUT 3", 1, parser.ErrRuleNumber},
	{"-D INPUT -s 1.1.1.1", 1, parser.ErrNoSuchRule},
	{"-C INPUT -s 1.1.1.1", 1, parser.ErrNoSuchRule},
	{"-C web -s 10.0.0.0/8 -j ACCEPT", 0, nil},
	{"-I INPUT 5", 1, parser.ErrRuleNumber},
	{"-I INPUT -s 2.2.2.2", 0, nil},
	{"-I INPUT 1 -s 3.3.3.3,4.4.4.4 -c 5 6", 0, nil},
	{"-R INPUT 4 -s 1.1.1.1", 1, parser.ErrRuleNumber},
	{"-R INPUT 2 -s 1.1.1.1", 0, nil},
	{"-R INPUT 1 -s 1.1.1.1,2.2.2.2", 2, nil},
	{"-Z INPUT 4", 1, parser.ErrRuleNumber},
	{"-Z INPUT 3", 0, nil},
	{"-P web DROP", 1, parser.ErrNotBuiltin},
	{"-P INPUT REJECT", 1, parser.ErrBadPolicy},
	{"-P NOPE DROP", 1, netfilter.ErrNoSuchChain},
	{"-P INPUT DROP", 0, nil},
	{"-t nat -P OUTPUT DROP", 2, nil},
	{"-t nosuch -L", 3, netfilter.ErrNoSuchTable},
	{"-L NOPE", 1, netfilter.ErrNoSuchChain},
	{"-S NOPE", 1, netfilter.ErrNoSuchChain},
	{"-F NOPE", 1, netfilter.ErrNoSuchChain},
	{"-Z NOPE", 1, netfilter.ErrNoSuchChain},
	{"", 2, nil},
	{"-6 -L -n", 2, nil},
	{"-4 -L -n", 0, nil},
	{"-w 5 -L -n", 0, nil},
	{"-w -L -n", 0, nil},
	{"-w x -L", 2, nil},
	{"-W -L", 2, nil},
	{"-W 5 -L -n", 2, nil},
	{"-w -W 5 -L -n", 0, nil},
	{"-A INPUT -m nosuch", 2, nil},
	{"-A INPUT -j DNAT --to-destination 1.1.1.1", 1, nil},
	{"-t nat -A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 1.1.1.1", 0, nil},
	{"-A INPUT -o eth0", 2, nil},
	{"-N 'a b'", 2, nil},
	{"-N ACCEPT", 2, nil},
	{"-A INPUT -C", 2, nil},
	{"-t raw -S", 0, nil},
	{"-S INPUT 4", 0, nil},
	{"-A ! INPUT", 2, nil},
	{"! -t nat -L", 2, nil},
	{"-t mangle -C INPUT", 1, parser.ErrNoSuchRule},
	{"-I INPUT 0", 2, nil},
	{"-D INPUT x", 2, nil},
	{"-A web -p tcp -j REJECT --reject-with tcp-reset", 0, nil},
	{"-A web -j REJECT --reject-with tcp-reset", 1, nil},
	{"-A web -m comment --comment 'two \"words\" and \\'", 0, nil},
	{"-V", 0, nil},
	{"-h", 0, nil},
	{"-t filter -t security -L -n", 0, nil},
	{"-L web -Z -n", 0, nil},
}

// arguments cuts a line at blanks outside single quotes, as a shell does.
func arguments(line string) []string {
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
			continue
		}
		args = append(args, strings.Fields(part)...)
	}
	return args
}

// TestCommands carries commands out, and refuses what the tool refuses, with
// its exit status and a reason that can be told apart.
func TestCommands(t *testing.T) {
	rs := &netfilter.Ruleset{}
	for _, row := range commandRows {
		before := rs.String()
		after, _, err := parser.ApplyCommand(rs, arguments(row.line), parser.Strict())
		require.Equal(t, row.status, parser.ExitStatus(err), "%s: %v", row.line, err)
		if row.reason != nil {
			require.ErrorIs(t, err, row.reason, row.line)
		}
		require.Equal(t, before, rs.String(), "%s changed its base", row.line)
		rs = after
	}
	require.Empty(t, cmp.Diff(`*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
[5:6] -A INPUT -s 4.4.4.4/32
[0:0] -A INPUT -s 1.1.1.1/32
[0:0] -A INPUT -s 2.2.2.2/32
[0:0] -A web -s 10.0.0.0/8 -j ACCEPT
[0:0] -A web -p tcp -j REJECT --reject-with tcp-reset
[0:0] -A web -m comment --comment "two \"words\" and \\"
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
[0:0] -A OUTPUT -p tcp -m tcp --dport 80 -j DNAT --to-destination 1.1.1.1
COMMIT
*raw
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
*security
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`, string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true}))))
}

// TestCommandsLive asks the machine's own tool for the same statuses and the
// same rules.
func TestCommandsLive(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to make a network namespace")
	}
	if version, err := exec.Command("iptables-legacy", "--version").CombinedOutput(); err != nil || !strings.Contains(string(version), "v1.8.9 ") {
		t.Skipf("the answers are those of iptables-legacy 1.8.9: %s %v", version, err)
	}
	var script, want strings.Builder
	rs := &netfilter.Ruleset{}
	for _, row := range commandRows {
		fmt.Fprintf(&script, "iptables-legacy %s >/dev/null 2>&1; echo $? '%s'\n", row.line, strings.ReplaceAll(row.line, "'", `'"'"'`))
		fmt.Fprintln(&want, row.status, row.line)
		rs, _, _ = parser.ApplyCommand(rs, arguments(row.line), parser.Strict())
	}
	script.WriteString("iptables-legacy-save -c")
	cmd := exec.Command("unshare", "-n", "bash")
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("cannot make a network namespace: %v %s", err, out)
	}
	got, saved, _ := strings.Cut(string(out), "# Generated")
	require.Empty(t, cmp.Diff(strings.Split(want.String(), "\n"), strings.Split(got, "\n")))
	require.Empty(t, cmp.Diff(tables("# "+saved), tables(string(rs.AppendSave(nil, netfilter.SaveOptions{Counters: true})))))
}

// TestCommandDescribed tells what a command line asks for.
func TestCommandDescribed(t *testing.T) {
	for line, want := range map[string]parser.Command{
		"-t nat -L POSTROUTING -nvx --line-numbers -Z": {Table: "nat", Letters: "LZ", Chain: "POSTROUTING", Numeric: true, Verbose: true, Exact: true, LineNumbers: true},
		"-L":           {Table: "filter", Letters: "L"},
		"-D INPUT 2":   {Table: "filter", Letters: "D", Chain: "INPUT", Rule: 2},
		"-S INPUT -Z":  {Table: "filter", Letters: "SZ", Chain: "INPUT"},
		"-A INPUT -h":  {Table: "filter", Letters: "h"},
		"--version -x": {Table: "filter", Letters: "V"},
	} {
		rs, c, err := parser.ApplyCommand(mustParse(t, filter("-A INPUT\n-A INPUT")), arguments(line))
		require.NoError(t, err, line)
		require.NotNil(t, rs)
		require.Empty(t, cmp.Diff(want, *c, cmp.AllowUnexported(parser.Command{}), cmp.FilterPath(func(p cmp.Path) bool {
			return p.Last().String() == ".wait" || p.Last().String() == ".interval"
		}, cmp.Ignore())), line)
	}
}

// TestCommandErrorsShowTheirPlace in the command line.
func TestCommandErrorsShowTheirPlace(t *testing.T) {
	_, _, err := parser.ApplyCommand(nil, []string{"-A", "INPUT", "-m", "comment", "--comment", "a b", "-s", "1.2.3.4.5"})
	var e *parser.Error
	require.True(t, errors.As(err, &e))
	require.Equal(t, "    -A INPUT -m comment --comment \"a b\" -s 1.2.3.4.5\n    "+strings.Repeat(" ", 39)+"^~~~~~~~~", e.Snippet())
}
