package bench

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// withoutAccounts removes what refers to an object of nfacct, which would have to be made
// beforehand.
func withoutAccounts(rules string) string {
	return strings.ReplaceAll(rules, "-m nfacct --nfacct-name ct_state_invalid_dropped_pkts ", "")
}

// BenchmarkRestore has iptables-restore load the rules that BenchmarkLoad reads, into
// a network namespace of its own, for comparison. It needs root.
func BenchmarkRestore(b *testing.B) {
	for _, tool := range []string{"unshare", "iptables-legacy-restore"} {
		if _, err := exec.LookPath(tool); err != nil || os.Geteuid() != 0 {
			b.Skip("needs root, unshare and iptables-legacy-restore")
		}
	}
	c := Cluster{Services: 10000}
	b.Run(c.String(), func(b *testing.B) {
		text := withoutAccounts(c.Rules())
		fastest := leastRun()
		for fastest.loop(b) {
			cmd := exec.Command("unshare", "-n", "iptables-legacy-restore")
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
		}
	})
}
