package nfttext_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter/nft/nfttext"
)

// reload is what becomes of a text that nft loads and lists as JSON, which
// another network namespace loads.
type reload struct {
	json   string // "" if the text is refused
	before string // the listing of the text
	after  string // the listing of the JSON, or "refused"
}

func nftReload(t *testing.T, text string) reload {
	dir := t.TempDir()
	cmd := exec.Command("unshare", "-n", "sh", "-c", "nft -f - 2>/dev/null && nft list ruleset && nft -j list ruleset > "+dir+"/json")
	cmd.Stdin = strings.NewReader(text)
	before, err := cmd.Output()
	if err != nil {
		return reload{}
	}
	js, err := os.ReadFile(filepath.Join(dir, "json"))
	require.NoError(t, err)
	after, err := exec.Command("unshare", "-n", "sh", "-c", "nft -j -f "+dir+"/json 2>/dev/null && nft list ruleset").Output()
	if err != nil {
		after = []byte("refused")
	}
	return reload{string(js), string(before), string(after)}
}

var expires = regexp.MustCompile(` expires [0-9a-z]+`)

// TestLiveJSONRead reads JSON listings of the machine's nft. They are read as
// nft reads them; where it refuses its own listing, or loses part of it, as the
// ruleset that was listed.
func TestLiveJSONRead(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	agree, refused := 0, 0
	compare := func(name, text string) {
		x := nftReload(t, text)
		if x.json == "" {
			return
		}
		r, err := nfttext.Parse(x.json, nfttext.ReadOptions{Name: name})
		if err != nil {
			refused++
			if x.after != "refused" {
				t.Errorf("%s: %+v", name, err)
			}
			return
		}
		still := func(s string) string { return expires.ReplaceAllString(s, "") }
		got := still(nfttext.List(r, nfttext.Options{}))
		if got != still(x.after) && got != still(x.before) {
			t.Errorf("%s: %s", name, firstDifference(got, still(x.before)))
			return
		}
		agree++
	}
	root := corpus(t)
	for file, row := range index(t, root) {
		if row["nft106"] != "ok" || row["links_made"] != "0" || agree >= *liveJSON && *liveJSON >= 0 {
			continue
		}
		b, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		compare(file, string(b))
	}
	n := 0
	for _, f := range forms(t) {
		if f.Refused != "" || f.List == "" || n >= *liveJSON && *liveJSON >= 0 {
			continue
		}
		n++
		compare(f.Family+" "+f.Text, f.Ruleset)
	}
	t.Logf("%d listings are read alike, %d refused alike", agree, refused)
}
