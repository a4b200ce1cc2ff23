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

// differently are files whose listing by nft can't be had again.
var differently = map[string]string{
	"KaseiHaku+Software/V2Ray__TransparentProxy__nftables__nftablesRuleset.nft": "an empty comment counts as none",
	"openwrt+firewall4/tests__05_ipsets__01_declaration.nft":                    "time passes for elements before they are listed",
}

// takenHere are files that nft refuses for commands that change nothing.
var takenHere = map[string]bool{
	"egberts+vim-syntax-nftables/tests__import.nft": true,
	"egberts+vim-syntax-nftables/tests__export.nft": true,
	"egberts+vim-syntax-nftables/tests__list.nft":   true,
	"egberts+vim-syntax-nftables/tests__get.nft":    true,
}

// ofKernel reports whether the corpus's kernel refused a file for what it was
// built without.
func ofKernel(refusal string) bool {
	return strings.Contains(refusal, "Could not process rule: No such file or directory") ||
		strings.Contains(refusal, "meta obrname")
}

// TestCorpusFiles loads real files and lists them as nft 1.0.6 did; what all
// releases of nft refuse is refused.
func TestCorpusFiles(t *testing.T) {
	root := corpus(t)
	loaded, listed, refused := 0, 0, 0
	for file, row := range files(t, root) {
		b, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		r, err := nfttext.Parse(string(b), nfttext.ReadOptions{Name: file})
		switch {
		case row["nft106"] != "ok" && err != nil:
			refused++
		case row["nft106"] != "ok":
			if row["nft117"] != "ok" && !takenHere[file] && !ofKernel(row["nft106"]) && !ofKernel(row["nft117"]) {
				t.Errorf("%s is taken; nft says %s", file, row["nft106"])
			}
		case err != nil:
			t.Errorf("nft takes it: %+v", err)
		default:
			loaded++
			want, ok := canonical(root, file, row, nfttext.Options{})
			if !ok || differently[file] != "" {
				continue
			}
			if got := nfttext.List(r, nfttext.Options{}); got != want {
				t.Errorf("%s: %s", file, firstDifference(got, want))
				continue
			}
			listed++
		}
	}
	t.Logf("%d loaded, %d listed alike, %d refused", loaded, listed, refused)
}
