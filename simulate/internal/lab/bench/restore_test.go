package bench

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

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
		// The object that nfacct counts in would have to be made beforehand.
		text := strings.ReplaceAll(c.Rules(), "-m nfacct --nfacct-name ct_state_invalid_dropped_pkts ", "")
		for b.Loop() {
			cmd := exec.Command("unshare", "-n", "iptables-legacy-restore")
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
		}
	})
}
