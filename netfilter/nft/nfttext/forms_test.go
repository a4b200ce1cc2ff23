package nfttext_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// form is a declaration as it was given to nft 1.0.6 and what became of it.
type form struct {
	Name, Family, Chain, Text, Ruleset, List, Refused, Warning string
}

// forms reads the recorded declarations; the test is skipped without them.
func forms(t testing.TB) []form {
	data := os.Getenv("PACKETPATH_DATA")
	if data == "" {
		t.Skip("PACKETPATH_DATA is not set")
	}
	f, err := os.Open(filepath.Join(data, "kernel-cases-nft", "forms.jsonl.gz"))
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	var out []form
	for s.Scan() {
		var x form
		require.NoError(t, json.Unmarshal(s.Bytes(), &x))
		out = append(out, x)
	}
	return out
}

// TestForms compares with what nft made of single declarations.
func TestForms(t *testing.T) {
	agree := 0
	for _, f := range forms(t) {
		r, err := nfttext.Parse(f.Ruleset, nfttext.ReadOptions{})
		switch {
		case f.Refused != "" && err != nil:
			agree++
		case f.Refused != "":
			t.Logf("TAKEN %s %s %q: %s // %s", f.Family, f.Chain, f.Text, f.Refused, strings.TrimSpace(nfttext.List(r, nfttext.Options{})))
		case err != nil:
			t.Logf("REFUSED %s %s %q: %v", f.Family, f.Chain, f.Text, err)
		default:
			if got := nfttext.List(r, nfttext.Options{}); got != f.List {
				t.Logf("DIFFER %s %s %q: %s", f.Family, f.Chain, f.Text, firstDifference(got, f.List))
				continue
			}
			agree++
		}
	}
	t.Logf("%d agree", agree)
}
