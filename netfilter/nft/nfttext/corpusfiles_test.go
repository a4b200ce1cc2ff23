package nfttext_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// canonical returns what nft of a release lists of a file; false if the corpus
// does not have it.
func canonical(root, file string, row map[string]string, o nfttext.Options) (string, bool) {
	has := map[string]bool{}
	for _, w := range strings.Split(row["canonical"], ",") {
		has[w] = true
	}
	name := filepath.Join(root, "_canonical", file)
	switch {
	case o.Release == nfttext.Release106 && has["106"]:
		name += ".106"
	case o.Release == nfttext.Release106 && !has["106=117"]:
		return "", false
	case has["=file"]:
		name = filepath.Join(root, file)
	case has["117"]:
		name += ".117"
	default:
		return "", false
	}
	b, err := os.ReadFile(name)
	return string(b), err == nil
}

// TestCorpusFiles loads real files and lists them as nft 1.0.6 did; what it
// refused is refused.
func TestCorpusFiles(t *testing.T) {
	root := corpus(t)
	loaded, listed, refused, taken := 0, 0, 0, 0
	for file, row := range index(t, root) {
		b, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		r, err := nfttext.Parse(string(b), nfttext.ReadOptions{Name: file})
		switch {
		case row["nft106"] != "ok" && err != nil:
			refused++
		case row["nft106"] != "ok":
			taken++
			if row["nft117"] != "ok" {
				t.Logf("TAKEN %s: %s // %s", file, row["nft106"], row["nft117"])
			}
		case err != nil:
			t.Logf("REFUSED %+v", err)
		default:
			loaded++
			want, ok := canonical(root, file, row, nfttext.Options{})
			if !ok {
				continue
			}
			if got := nfttext.List(r, nfttext.Options{}); got != want {
				t.Logf("DIFFER %s: %s", file, firstDifference(got, want))
				continue
			}
			listed++
		}
	}
	t.Logf("%d loaded, %d listed alike; %d refused, %d taken that nft refuses", loaded, listed, refused, taken)
}
