package casefile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/packetpath/packetpath/simulate/simtest/casefile"
)

// file is a case file. Its indented lines are written by "go test -update".
const file = `Pods may ask for names, and for nothing else.
-- host --
link eth0 192.168.0.5/24
link cni0 10.244.1.1/24
route default via 192.168.0.1
-- rules --
*filter
:FORWARD DROP
-A FORWARD -i cni0 -p udp --dport 53 -j ACCEPT
COMMIT
-- packets --
cni0: udp 10.244.1.9:5000 > 9.9.9.9:53
	forwarded eth0: udp 10.244.1.9:5000 > 9.9.9.9:53 ttl 63 (filter:FORWARD:rule:1)
cni0: tcp 10.244.1.9:5000 > 9.9.9.9:80
	dropped (filter:FORWARD:policy:2)
`

// A test runs all files of a folder with one call; this one writes a file to run.
func Example() {
	test := func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "pods.txtar"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		casefile.Run(t, filepath.Join(dir, "*.txtar"))
	}
	fmt.Println(passes(test))
	// Output: true
}

// passes runs a test and reports whether it passes. What "go test -v" shows of it
// is kept out of the example's output.
func passes(test func(*testing.T)) bool {
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	os.Stdout = os.Stderr
	return testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "Test", F: test}})
}
