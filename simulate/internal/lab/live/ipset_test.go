package live_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
)

// TestSetsOnKernel draws commands, gives them to ipset and to Sets, and compares
// what each line answers and what is saved at the end.
func TestSetsOnKernel(t *testing.T) {
	if err := kernel.Available(); err != nil {
		t.Skip(err)
	}
	node, err := kernel.Open(kernel.Env{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = node.Close() })
	scripts := 15
	if testing.Short() {
		scripts = 3
	}
	lines := 0
	for seed := range uint64(scripts) {
		lines += compareSets(t, node, seed)
	}
	t.Logf("%d scripts, seeds from 0, %d lines", scripts, lines)
}

// compareSets compares one script and returns its number of lines.
func compareSets(t *testing.T, node *kernel.Node, seed uint64) int {
	t.Helper()
	g := newSetGen(seed)
	var lines []string
	for range 150 {
		lines = append(lines, g.command())
	}
	exist := ""
	if g.chance(3) {
		exist = "-exist "
	}
	want, save := ipsetSays(t, node, exist, lines)
	sets := &ipset.Sets{}
	for i, line := range lines {
		if got := setsSay(sets, exist+line); got != want[i] {
			t.Errorf("seed %d, line %d: %s%s: ipset %s, here %s\n%s", seed, i, exist, line, want[i], got, strings.Join(lines[:i], "\n"))
			return i
		}
	}
	got := comparableSave(string(sets.AppendSave(nil)))
	if want := comparableSave(save); !slices.Equal(want, got) {
		t.Errorf("seed %d: saved\n%s\nwant\n%s", seed, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	return len(lines)
}

// ipsetSays returns what ipset says of each line, and what it saves at the end.
func ipsetSays(t *testing.T, node *kernel.Node, exist string, lines []string) (answers []string, save string) {
	t.Helper()
	var script strings.Builder
	script.WriteString("set -f; ipset flush; ipset destroy\n")
	for _, line := range lines {
		fmt.Fprintf(&script, "ipset %s%s 2>&1 || echo failed; echo ----\n", exist, line)
	}
	said, err := node.Run("sh", "-c", script.String())
	require.NoError(t, err)
	for _, answer := range strings.Split(said, "----\n")[:len(lines)] {
		answers = append(answers, verdictOf(answer))
	}
	save, err = node.Run("ipset", "save")
	require.NoError(t, err)
	return answers, save
}

func verdictOf(answer string) string {
	switch {
	case strings.Contains(answer, "is NOT in set"):
		return "no"
	case strings.Contains(answer, "failed"):
		return "refuses"
	case strings.Contains(answer, "is in set"):
		return "yes"
	}
	return "ok"
}

// setsSay does one line and says what verdictOf says.
func setsSay(sets *ipset.Sets, line string) string {
	if err := parser.RestoreSets(sets, "", line); err != nil {
		return "refuses"
	}
	words := strings.Fields(strings.TrimPrefix(line, "-exist "))
	if words[0] != "test" {
		return "ok"
	}
	s := sets.Get(words[1])
	r, err := ipset.ReadRequest(s.Type, s.Family, ipset.Test, words[2])
	if err == nil && len(words) > 4 {
		err = r.SetReference(words[4], words[3] == "before")
	}
	r.NoMatch = words[len(words)-1] == "nomatch"
	found, err2 := sets.Test(s.Name, r)
	switch {
	case err != nil || err2 != nil:
		return "refuses"
	case found:
		return "yes"
	}
	return "no"
}

var (
	layout = regexp.MustCompile(` (hashsize|bucketsize|initval) \S+`)
	// ipset 7.17 prints behind a bitmask the prefix length that it read last.
	maskLength = regexp.MustCompile(`( bitmask [^ /\n]+)/\d+`)
	timeout    = regexp.MustCompile(` timeout \d+`)
)

// comparableSave returns the lines of a save in order, without what depends on the
// layout of the kernel's hash and with timeouts rounded up to hundreds.
func comparableSave(save string) []string {
	save = layout.ReplaceAllString(save, "")
	save = maskLength.ReplaceAllString(save, "$1")
	save = timeout.ReplaceAllStringFunc(save, func(s string) string {
		n, _ := strconv.Atoi(strings.TrimPrefix(s, " timeout "))
		return fmt.Sprintf(" timeout %d", (n+99)/100*100)
	})
	lines := strings.Split(strings.TrimSpace(save), "\n")
	plain := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, " list:set ") })
	if plain < 0 {
		plain = len(lines)
	}
	slices.Sort(lines[:plain])
	return lines
}
