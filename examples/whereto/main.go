// Whereto says where a packet would go on a host, given its iptables-save
// dumps.
//
//	whereto -rules node.rules -host addr.json -host route.json \
//		'eth0: tcp 192.168.199.132:50995 > 192.168.199.119:32741 syn'
//
// The first line is the answer with the rule that decided; the path follows.
// The exit status is 0 if the packet gets through, 1 if it does not, and 2 for
// bad input.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stdout)))
}

// Exit statuses.
const (
	statusPassed = iota
	statusDropped
	statusBadInput
)

// run is main without the process around it.
func run(args []string, stdout, stderr io.Writer, colour bool) int {
	o, err := readOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return statusPassed
	}
	if err == nil {
		var status int
		if status, err = o.answer(stdout, colour); err == nil {
			return status
		}
	}
	fmt.Fprintf(stderr, "whereto: %+v\n", err)
	return statusBadInput
}

// isTerminal reports whether colours make sense.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}
