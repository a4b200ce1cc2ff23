package nfttext_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

var liveJSON = flag.Int("live.json", 10, "how many texts are listed as JSON by the machine's nft; -1 for all")

// nftJSON loads a text in a network namespace of its own and returns what nft -j
// lists.
func nftJSON(text string) (string, error) {
	cmd := exec.Command("unshare", "-n", "sh", "-c", "nft -f - 2>/dev/null && nft -j list ruleset 2>/dev/null")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	return string(out), err
}

// notJSON are files whose JSON can't be had again.
var notJSON = map[string]bool{
	// nft shows an expression's description before.
	"egberts+vim-syntax-nftables/tests__meta-expr.nft": true,
	// nft 1.0.6 leaves out the type that it does not know.
	"1g4-mirror+nftables/tests__shell__testcases__maps__dumps__typeof_maps_concat_update_0.nft": true,
	// Time passes.
	"openwrt+firewall4/tests__05_ipsets__01_declaration.nft": true,
}

// TestLiveJSON compares JSON listings with those of the machine's nft, which
// writes stray bytes for the flags of dormant tables.
func TestLiveJSON(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	n := 0
	var dump strings.Builder
	compare := func(name, text string) {
		want, err := nftJSON(text)
		if err != nil {
			return
		}
		r, err := nfttext.Parse(text, nfttext.ReadOptions{Name: name})
		require.NoError(t, err)
		n++
		got := nfttext.ListJSON(r, nfttext.Options{})
		cut := func(s string) string { return strings.ReplaceAll(s, `}, {"`, "},\n{\"") }
		if got != want && !strings.Contains(text, "dormant") && !notJSON[name] {
			t.Errorf("%s: JSON differs", name)
			fmt.Fprintf(&dump, "%s %s\n", name, firstDifference(cut(got), cut(want)))
		}
	}
	root := corpus(t)
	for file, row := range files(t, root) {
		if row["nft106"] != "ok" || row["links_made"] != "0" || n == *liveJSON {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		compare(file, string(b))
	}
	for _, f := range forms(t) {
		if f.Refused == "" && f.List != "" && n < 2**liveJSON || *liveJSON < 0 {
			compare(f.Family+" "+f.Text, f.Ruleset)
		}
	}
	if *nftDump != "" {
		os.WriteFile(*nftDump, []byte(dump.String()), 0o644)
	}
	t.Logf("%d texts", n)
}
