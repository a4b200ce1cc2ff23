package parser_test

import (
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

// corpusFile is a real ruleset and what the tools said of it.
type corpusFile struct {
	path   string
	family netfilter.Family
	load   string // "ok" or the words of iptables-legacy-restore
}

// read returns the text. To what iptables -S printed the table is added.
func (f *corpusFile) read(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, f.path))
	require.NoError(t, err)
	if strings.HasSuffix(f.path, ".S.rules") && f.load == "ok" {
		table, _, _ := strings.Cut(strings.SplitAfterN(f.saved(t, dir), "*", 2)[1], "\n")
		return "*" + table + "\n" + string(text) + "COMMIT\n"
	}
	return string(text)
}

// saved returns what iptables-save printed once the text was loaded.
func (f *corpusFile) saved(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "_canonical", f.path))
	require.NoError(t, err)
	return string(text)
}

func corpus(t *testing.T) (dir string, files []corpusFile) {
	t.Helper()
	dir = recorded(t, "corpus")
	index, err := os.ReadFile(filepath.Join(dir, "INDEX.tsv"))
	require.NoError(t, err)
	rows := strings.Split(strings.TrimSpace(string(index)), "\n")
	column := func(name string) int { return slices.Index(strings.Split(rows[0], "\t"), name) }
	for _, row := range rows[1:] {
		f := strings.Split(row, "\t")
		c := corpusFile{path: f[column("file")], load: f[column("legacy_load")]}
		if f[column("family")] == "6" {
			c.family = netfilter.IPv6
		}
		files = append(files, c)
	}
	return dir, files
}

// TestCorpus parses real rulesets and saves them as the tool did.
func TestCorpus(t *testing.T) {
	dir, files := corpus(t)
	var equal, skipped int
	lacking := map[string]int{}
	for _, f := range files {
		if f.load != "ok" {
			continue
		}
		text := f.read(t, dir)
		want := f.saved(t, dir)
		if missing := missingExtensions(f.family, text); len(missing) > 0 {
			skipped++
			for _, m := range missing {
				lacking[m]++
			}
			continue
		}
		rs, err := parser.ParseString(text, parser.Family(f.family), parser.DiscardCounters())
		if err != nil {
			t.Errorf("%s: %.600v", f.path, err)
			continue
		}
		if diff := cmp.Diff(tables(want), tables(rs.String())); diff != "" {
			t.Errorf("%s (-tool +parser):\n%.2000s", f.path, diff)
			continue
		}
		equal++
	}
	t.Logf("%d files are saved as by the tool; %d skipped for extensions without definition: %v", equal, skipped, lacking)
}

// tables cuts a saved text into its tables, comments left out.
func tables(text string) map[string][]string {
	out := map[string][]string{}
	name := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "*"):
			name = line
		}
		out[name] = append(out[name], line)
	}
	return out
}

// TestSavedTextComesBack parses what iptables-save printed of real rulesets and
// wants it back to the byte, comments included. Extensions that are not known
// are no excuse.
func TestSavedTextComesBack(t *testing.T) {
	dir, files := corpus(t)
	n, odd := 0, 0
	for _, f := range files {
		if f.load != "ok" {
			continue
		}
		text := f.saved(t, dir)
		rs, err := parser.ParseString(text, parser.Family(f.family))
		if err != nil {
			if len(missingExtensions(f.family, text)) > 0 {
				odd++
				continue
			}
			t.Errorf("%s: %.600v", f.path, err)
			continue
		}
		if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(rs.String(), "\n")); diff != "" {
			t.Errorf("%s (-saved +again):\n%.2000s", f.path, diff)
			continue
		}
		n++
	}
	t.Logf("%d texts came back unchanged, %d need targets without definition", n, odd)
}

// TestCorpusRefused wants texts refused that the tool refuses. Those that fail
// for lack of something outside the text, such as a set, do not count.
func TestCorpusRefused(t *testing.T) {
	dir, files := corpus(t)
	refused, outside := 0, 0
	for _, f := range files {
		if f.load == "ok" {
			continue
		}
		text := f.read(t, dir)
		_, err := parser.ParseString(text, parser.Family(f.family), parser.Strict(), parser.DiscardCounters())
		switch {
		case err != nil:
			refused++
		default:
			outside++
			t.Logf("%s: accepted, the tool said %s", f.path, f.load)
		}
	}
	t.Logf("%d of %d texts are refused as by the tool", refused, refused+outside)
}
