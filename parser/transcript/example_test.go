package transcript_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/packetpath/packetpath/parser/transcript"
)

// A copy of a terminal contains prompts and commands beside their output.
func ExampleClean() {
	segments, _, err := transcript.Clean("terminal.txt", []byte(`root@node:~# iptables-save
*filter
COMMIT
root@node:~# ip route
default via 192.0.2.1 dev eth0
`))
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range segments {
		fmt.Printf("%s: %q\n", s.Command, strings.TrimSpace(s.Text))
	}
	// Output:
	// iptables-save: "*filter\nCOMMIT"
	// ip route: "default via 192.0.2.1 dev eth0"
}
