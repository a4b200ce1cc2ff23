package nfttext_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

var handle = regexp.MustCompile(`, "handle": [0-9]+`)

func unzipped(t testing.TB, name string) string {
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	b, err := io.ReadAll(z)
	require.NoError(t, err)
	return string(b)
}

// otherText are listings whose text says something else than their JSON.
var otherText = map[string]string{
	"FoobarOy+foomuuri/test__70-macro__golden.txt.nft":                                                              "a set of one range becomes the range",
	"thelegy+nixos-nftables-firewall/dev__modules__tests__portRules.nix.L49.nft":                                    "a set of one range becomes the range",
	"moby+moby/daemon__libnetwork__internal__nftables__testdata__TestMapElementDeleteCancelsCreate.golden.nft":      "the type of a map's data is not given as typeof",
	"moby+moby/daemon__libnetwork__internal__nftables__testdata__TestMapElementDeleteFuncRollback__init.golden.nft": "the type of a map's data is not given as typeof",
}

// TestCorpusJSON reads JSON listings of nft 1.1.7, and prints them from the text
// that it lists of the same ruleset.
func TestCorpusJSON(t *testing.T) {
	root := corpus(t)
	rows := index(t, root)
	o := nfttext.Options{Release: nfttext.Release117}
	files, err := filepath.Glob(filepath.Join(root, "_canonical", "*", "*.117.json.gz"))
	require.NoError(t, err)
	read, printed := 0, 0
	for _, f := range files {
		rel, _ := filepath.Rel(filepath.Join(root, "_canonical"), strings.TrimSuffix(f, ".117.json.gz"))
		text, ok := canonical(root, rel, rows[rel], o)
		require.True(t, ok, rel)
		js := unzipped(t, f)
		r, err := nfttext.Parse(js, nfttext.ReadOptions{Name: rel})
		if err != nil {
			t.Errorf("READ %s: %+v", rel, err)
		} else if got := nfttext.List(r, o); got != text && otherText[rel] == "" {
			t.Errorf("READ %s: %s", rel, firstDifference(got, text))
		} else {
			read++
		}
		if r, err = nfttext.Parse(text, nfttext.ReadOptions{Name: rel}); err != nil {
			t.Errorf("%s: %+v", rel, err)
			continue
		}
		cut := func(s string) string { return handle.ReplaceAllString(strings.ReplaceAll(s, `}, {"`, "},\n{\""), "") }
		if got := nfttext.ListJSON(r, o); cut(got) != cut(js) && !strings.HasPrefix(otherText[rel], "a set") {
			t.Errorf("PRINT %s: %s", rel, firstDifference(cut(got), cut(js)))
			continue
		}
		printed++
	}
	t.Logf("%d of %d listings are read, %d printed alike", read, len(files), printed)
}
