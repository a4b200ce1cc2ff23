package nfttext_test

import (
	"encoding/csv"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// corpus returns the folder of real rulesets; the test is skipped without it.
func corpus(t testing.TB) string {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA is not set")
	}
	return filepath.Join(data, "corpus-nft")
}

// index returns the rows of the corpus's index by file, each by column.
func index(t testing.TB, root string) map[string]map[string]string {
	f, err := os.Open(filepath.Join(root, "INDEX.tsv"))
	require.NoError(t, err)
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	require.NoError(t, err)
	out := make(map[string]map[string]string)
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, name := range rows[0] {
			if i < len(row) {
				m[name] = row[i]
			}
		}
		out[m["file"]] = m
	}
	return out
}

// files yields the files of the corpus with their rows in INDEX.tsv, by name.
func files(t testing.TB, root string) iter.Seq2[string, map[string]string] {
	rows := index(t, root)
	return func(yield func(string, map[string]string) bool) {
		for _, file := range slices.Sorted(maps.Keys(rows)) {
			if !yield(file, rows[file]) {
				return
			}
		}
	}
}

// listings are the forms of listings in the corpus, by the end of their names.
var listings = map[string]nfttext.Options{
	".106":  {},
	".106s": {Stateless: true},
	".117":  {Release: nfttext.Release117},
	".117s": {Release: nfttext.Release117, Stateless: true},
}

// notAgain are listings that are not printed again as they were.
var notAgain = map[string]string{
	"KaseiHaku+Software/V2Ray__TransparentProxy__nftables__nftablesRuleset.nft.117":      "an empty comment counts as none",
	"1g4-mirror+nftables/tests__shell__testcases__optimizations__dumps__bitmask.nft.106": "nft 1.0.6 turns the order of such elements round each time",
	"1g4-mirror+nftables/tests__shell__testcases__sets__dumps__0055tcpflags_0.nft.106":   "nft 1.0.6 turns the order of such elements round each time",
}

// TestCorpusListings reads listings of two releases of nft and prints them
// again. Those that nft itself does not print alike when it reads them are left
// out.
func TestCorpusListings(t *testing.T) {
	root := corpus(t)
	rows := index(t, root)
	files, err := filepath.Glob(filepath.Join(root, "_canonical", "*", "*"))
	require.NoError(t, err)
	alike := 0
	for _, f := range files {
		ext := filepath.Ext(f)
		o, ok := listings[ext]
		rel, _ := filepath.Rel(filepath.Join(root, "_canonical"), f)
		if !ok || notAgain[rel] != "" {
			continue
		}
		column := "reload" + strings.TrimSuffix(ext[1:], "s")
		if again := rows[strings.TrimSuffix(rel, ext)][column]; again != "" && again != "same" && again != "-" {
			continue
		}
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		if strings.Contains(string(b), "[invalid type]") {
			continue // nft does not read this itself
		}
		r, err := nfttext.Parse(string(b), nfttext.ReadOptions{Name: rel})
		if err != nil {
			t.Errorf("%+v", err)
			continue
		}
		if got := nfttext.List(r, o); got != string(b) {
			t.Errorf("%s: %s", rel, firstDifference(got, string(b)))
			continue
		}
		alike++
	}
	t.Logf("%d listings are printed as they were read", alike)
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) {
			return fmt.Sprintf("line %d: got %q, want the end", i+1, g[i])
		}
		if g[i] != w[i] {
			return fmt.Sprintf("line %d:\n    got  %s\n    want %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("the end is missing: %q", w[len(g):])
}
