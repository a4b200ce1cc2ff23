package nfttext_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// nftLoads loads texts one after the other with the machine's nft, in a network
// namespace of its own, and returns the listing, or "refused" if nft refuses one.
func nftLoads(t testing.TB, texts ...string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can make network namespaces")
	}
	if _, err := exec.LookPath("nft"); err != nil {
		t.Skip("nft is not installed")
	}
	script := ""
	for _, text := range texts {
		flags := ""
		if strings.HasPrefix(text, "{") {
			flags = "-j"
		}
		script += "nft " + flags + " -f - >/dev/null <<'END' || exit 9\n" + text + "\nEND\n"
	}
	out, err := exec.Command("unshare", "-n", "sh", "-c", script+"nft list ruleset").Output()
	if err != nil {
		return "refused"
	}
	return string(out)
}

// TestLiveTables compares the tables with what the machine's nft makes of their
// rules.
func TestLiveTables(t *testing.T) {
	for _, r := range rows(t) {
		got := nftLoads(t, r.text())
		if got != "refused" {
			got = listed(got)
		}
		if got != r.want {
			t.Errorf("%s: %q: nft lists %s", r.place, r.rule, strings.TrimSpace(got))
		}
	}
}
