package iptablestest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// TestCases runs the sessions in testdata on a host in memory. What they hold is
// what the live tools answered (TestLiveCases). A session is lines of commands,
//
//	$ iptables -N web
//
// each followed by indented lines: "< " is standard input, "| " is printed, "! "
// is a message, "= " the exit status if it is not 0.
func TestCases(t *testing.T) {
	for _, c := range readCases(t) {
		t.Run(c.name, func(t *testing.T) {
			h := iptablestest.New(host.Host{})
			got := c.play(func(i invocation) outcome {
				stdout, stderr, status := h.Exec(context.Background(), i.name, i.args, []byte(i.stdin))
				return outcome{status, string(stdout), string(stderr)}
			})
			require.Empty(t, cmp.Diff(c.text, got))
		})
	}
}

// sessionCase is a session of commands.
type sessionCase struct{ name, path, text string }

func readCases(t *testing.T) (cases []sessionCase) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.session")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, p := range paths {
		text, err := os.ReadFile(p)
		require.NoError(t, err)
		cases = append(cases, sessionCase{strings.TrimSuffix(filepath.Base(p), ".session"), p, string(text)})
	}
	return cases
}

// play runs the commands and returns the session as it went.
func (c sessionCase) play(run func(invocation) outcome) string {
	var b strings.Builder
	lines := strings.Split(strings.TrimSuffix(c.text, "\n"), "\n")
	for n, line := range lines {
		switch {
		case strings.HasPrefix(line, "$ "):
			b.WriteString(line + "\n")
			i := invocation{stdin: stdinBelow(lines[n+1:])}
			words := splitCommand(line[2:])
			i.name, i.args = words[0], words[1:]
			writeLines(&b, "< ", i.stdin)
			o := comparable(run(i))
			writeLines(&b, "| ", o.Stdout)
			writeLines(&b, "! ", o.Stderr)
			if o.Status != 0 {
				fmt.Fprintf(&b, "\t= %d\n", o.Status)
			}
		case !strings.HasPrefix(line, "\t"):
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

func stdinBelow(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		text, ok := strings.CutPrefix(l, "\t< ")
		if !ok {
			break
		}
		b.WriteString(text + "\n")
	}
	return b.String()
}

// splitCommand cuts a command into words; single quotes hold blanks together.
func splitCommand(s string) (words []string) {
	for i, part := range strings.Split(s, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func writeLines(b *strings.Builder, mark, text string) {
	for line := range strings.Lines(text) {
		b.WriteString("\t" + mark + strings.TrimRight(line, "\n") + "\n")
	}
}
