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

// newerForms are parts of declarations that newer releases of nft or kernels
// with more modules take.
var newerForms = []string{"ct original proto-dst", "ct mark set ip dscp", "tcp option maxseg kind", "icmpv6 parameter-problem",
	"rt2 addr", "fib saddr check", "last", "queue", "ct timeout", "priority srcnat;", // newer releases of nft
	"nosuch", "secmark x", "flowtable f", "ibrname"} // other kernels

func newer(f form) bool {
	for _, s := range newerForms {
		if strings.Contains(f.Text, s) {
			return true
		}
	}
	return false
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
			if newer(f) {
				continue
			}
			t.Errorf("TAKEN %s %s %q: %s // %s", f.Family, f.Chain, f.Text, f.Refused, strings.TrimSpace(nfttext.List(r, nfttext.Options{})))
		case f.List == "":
			// nft crashed.
		case err != nil:
			t.Errorf("REFUSED %s %s %q: %v", f.Family, f.Chain, f.Text, err)
		default:
			if got := nfttext.List(r, nfttext.Options{}); got != f.List {
				t.Errorf("DIFFER %s %s %q: %s", f.Family, f.Chain, f.Text, firstDifference(got, f.List))
				continue
			}
			agree++
		}
	}
	t.Logf("%d agree", agree)
}
