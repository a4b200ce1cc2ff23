package rules

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
)

// restoreAll feeds texts one by one to the restore tool of $1 and prints the
// tables nat and filter that they lead to, without comments.
const restoreAll = `tool=$1; shift
for text in "$@"; do "$tool-restore" --noflush <"$text" || exit 1; done
for table in nat filter; do "$tool-save" -t "$table" | grep -v '^#'; done`

// TestLiveRestore has the machine's own iptables load random clusters, change by
// change, in a network namespace of its own: it must end up with the rules that
// the tests judge.
func TestLiveRestore(t *testing.T) {
	needRestore(t)
	for seed := range uint64(6) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			tr := newTrial(drawn(seed, trialBytes), New)
			texts := make([][]string, len(families))
			for range 6 {
				for range firstChanges {
					change(tr.cluster, &tr.choices)
				}
				require.NoError(t, tr.update())
				for i, text := range tr.texts {
					if text != "" {
						texts[i] = append(texts[i], text)
					}
				}
			}
			for i, f := range families {
				want := ""
				for _, table := range []string{"nat", "filter"} {
					rs := &netfilter.Ruleset{Family: f, Tables: []*netfilter.Table{tr.rules[i].Table(table)}}
					want += string(rs.AppendSave(nil, netfilter.SaveOptions{}))
				}
				assert.Equal(t, want, restore(t, f, texts[i]))
			}
		})
	}
}

// needRestore skips the test where rules cannot be loaded.
func needRestore(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("loading rules needs root, to make a network namespace")
	}
	for _, tool := range []string{"unshare", "iptables-legacy-restore", "ip6tables-legacy-restore", "iptables-legacy-save", "ip6tables-legacy-save"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("loading rules needs the tool %s: %v", tool, err)
		}
	}
	if out, err := exec.Command("unshare", "-n", "iptables-legacy-save", "-t", "nat").CombinedOutput(); err != nil {
		t.Skipf("loading rules needs a kernel with legacy iptables: %v: %s", err, out)
	}
}

// restore loads texts into a fresh namespace and returns the rules there.
func restore(t *testing.T, f netfilter.Family, texts []string) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-n", "sh", "-c", restoreAll, "sh", strings.Replace(f.Tool(), "tables", "tables-legacy", 1)}
	for i, text := range texts {
		path := filepath.Join(dir, fmt.Sprintf("%02d.rules", i))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		args = append(args, path)
	}
	cmd := exec.Command("unshare", args...)
	// The lock of iptables is one file for the machine; the namespace's own is
	// enough here.
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE=/proc/self/ns/net")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	return string(out)
}
