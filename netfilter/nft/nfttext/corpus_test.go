package nfttext_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// TestCorpusListings reads listings of two releases of nft back.
func TestCorpusListings(t *testing.T) {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA is not set")
	}
	root := filepath.Join(data, "corpus-nft", "_canonical")
	files, _ := filepath.Glob(filepath.Join(root, "*", "*"))
	sort.Strings(files)
	ok, bad := map[string]int{}, map[string]int{}
	var out strings.Builder
	for _, f := range files {
		ext := filepath.Ext(f)
		o := nfttext.Options{}
		switch ext {
		case ".106":
		case ".117":
			o.Release = nfttext.Release117
		case ".106s":
			o.Stateless = true
		case ".117s":
			o.Release, o.Stateless = nfttext.Release117, true
		default:
			continue
		}
		b, _ := os.ReadFile(f)
		rel, _ := filepath.Rel(root, f)
		r, err := nfttext.Parse(string(b), nfttext.ReadOptions{Name: rel})
		if err != nil {
			bad[ext]++
			fmt.Fprintf(&out, "%+v\n", err)
			continue
		}
		if got := nfttext.List(r, o); got != string(b) {
			bad[ext]++
			fmt.Fprintf(&out, "%s: %s\n", rel, firstDifference(got, string(b)))
			continue
		}
		ok[ext]++
	}
	t.Logf("alike %v, not %v", ok, bad)
	os.WriteFile("/tmp/nft/corpus.out", []byte(out.String()), 0o644)
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
