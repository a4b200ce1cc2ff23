package iptablestest_test

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

var toolRows = flag.Int("tools.rows", 20, "one of how many rows of testdata/ext TestLiveRows asks the live tools; 1 is all")

// extRow is a row of testdata/ext about text.
type extRow struct {
	name, table, chain string
	words              []string
	sets               []string // commands of ipset
}

func (r extRow) String() string {
	return r.name + " -t " + r.table + " " + strings.Join(r.words, " ")
}

// TestLiveRows has the live tools append and list the rules of testdata/ext, which
// have every extension with every option, and refuse what is wrong there. Where the
// words of a refusal are not those of the tool, testdata/ownwords.txt names the row.
func TestLiveRows(t *testing.T) {
	live := openLive(t)
	known := strings.Split(string(readFile(t, ownWords)), "\n")
	part := *toolSeed
	if part == 0 {
		part = uint64(time.Now().UnixNano())
	}
	part %= uint64(*toolRows)
	var own []string
	var h *iptablestest.Host
	var sets []string
	for _, r := range extRows(t) {
		if unlike.MatchString(r.String()) {
			continue
		}
		if sum := fnv.New32(); *toolRows > 1 {
			fmt.Fprint(sum, r)
			if uint64(sum.Sum32())%uint64(*toolRows) != part {
				continue
			}
		}
		if h == nil || !slices.Equal(sets, r.sets) {
			live.renew(t)
			h, sets = iptablestest.New(host.Host{}), r.sets
			for _, s := range sets {
				live.compare(h, invocation{name: "ipset", args: strings.Fields(s)})
			}
		}
		if diff, ownWords := live.compareRow(h, r); diff != "" {
			t.Errorf("%s (-tool +host):\n%s", r, diff)
		} else if ownWords {
			own = append(own, r.String())
		}
	}
	if *toolsUpdate && *toolRows == 1 {
		require.NoError(t, os.WriteFile(ownWords, []byte(strings.Join(own, "\n")), 0o644))
		return
	}
	for _, r := range own {
		require.Contains(t, known, r, "the words are no longer the tool's")
	}
}

// unlike are rows that the tools show or refuse otherwise than a host in memory.
var unlike = regexp.MustCompile(strings.Join([]string{
	`-m cgroup .*--path.*--cgroup|-m cgroup .*--cgroup.*--path`,               // refused in the end; the tool has overwritten one with the other
	`-m hashlimit .*(--hashlimit-rate-|--hashlimit-srcmask (33|255)|1048577)`, // the tool shows numbers that are not yet those it loads
	`-m nfacct`,                           // a host in memory has every object
	`-m rateest`,                          // shown as it is saved
	`--algo abcdefghijklmnop`,             // refused in the end; the tool has cut the name
	`--datestop 1970|--datestart 1970-00`, // what mktime of the C library says of them
	`--queue-balance 0:65535`,             // the number of queues is 0 in 16 bits
	`SNPT --src-pfx ::/0`,                 // not saved either
}, "|"))

const ownWords = "testdata/ownwords.txt"

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

// compareRow appends the rule and lists it, and returns what differs, and whether all
// that does are the words of a refusal.
func (l *liveTools) compareRow(h *iptablestest.Host, r extRow) (diff string, words bool) {
	do := func(args ...string) (want, got outcome) {
		i := invocation{name: r.name, args: append([]string{"-t", r.table}, args...)}
		stdout, stderr, status := h.Exec(context.Background(), i.name, i.args, nil)
		return comparable(l.run(i)), comparable(outcome{status, string(stdout), string(stderr)})
	}
	if !strings.Contains("INPUT OUTPUT FORWARD PREROUTING POSTROUTING", r.chain) {
		do("-N", r.chain)
	}
	want, got := do(append([]string{"-v", "-A", r.chain}, r.words...)...)
	if words = want.Stderr != got.Stderr; words && want.Status == got.Status {
		want.Stderr = got.Stderr
	}
	diff = cmp.Diff(want, got)
	if want.Status != 0 || got.Status != 0 {
		return diff, words
	}
	for _, list := range []string{"-nvL", "-vS"} {
		want, got := do(list, r.chain)
		diff += cmp.Diff(want, got)
	}
	do("-F", r.chain)
	return diff, words
}

// extRows reads the rows about text. What the machine refuses for want of something that
// they name, and what other releases do, is left out.
func extRows(t *testing.T) (rows []extRow) {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/ext/*/*.t")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		section := extRow{}
		for line := range strings.Lines(string(readFile(t, f))) {
			line = strings.TrimSpace(line)
			if words := strings.Fields(line); strings.HasPrefix(line, "@ipset ") {
				section.sets = append(slices.Clone(section.sets), strings.TrimPrefix(line, "@ipset "))
				continue
			} else if strings.HasPrefix(line, "@") {
				if words[0] != "@with" {
					section = extRow{name: words[0][1:], table: words[1], chain: words[2]}
				}
				continue
			}
			spec, answer, _ := strings.Cut(line, " ; ")
			_, answer, _ = strings.Cut(answer, "; ")
			if r := section; answer == "OK" || strings.HasPrefix(answer, "FAIL") {
				r.words = extWords(spec)
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// extWords cuts options into words; double quotes hold blanks together.
func extWords(s string) (words []string) {
	var b strings.Builder
	inside, quoted := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == '"':
			quoted, inside = !quoted, true
		case c == ' ' && !quoted:
			if inside {
				words = append(words, b.String())
			}
			b.Reset()
			inside = false
		default:
			inside = true
			b.WriteByte(c)
		}
	}
	if inside {
		words = append(words, b.String())
	}
	return words
}
