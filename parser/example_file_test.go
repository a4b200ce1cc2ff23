package parser_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/packetpath/packetpath/parser"
)

// savedFile is what iptables-save printed, with a mistake.
const savedFile = `*filter
:INPUT DROP [0:0]
-A INPUT -p tcp -m tcp --dport htpt -j ACCEPT
COMMIT
`

// ParseFile reads what iptables-save printed; an error shows file, line and
// column.
func ExampleParseFile() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "node.rules")
	if err := os.WriteFile(path, []byte(savedFile), 0o600); err != nil {
		log.Fatal(err)
	}
	_, err = parser.ParseFile(path)
	fmt.Println(err.Error()[len(dir)+1:])
	// Output: node.rules:3:32: tcp: invalid port or service "htpt" for tcp: need 0-65535 or a service name; did you mean "http"?
}
