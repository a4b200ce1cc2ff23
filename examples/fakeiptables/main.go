// Fakeiptables replaces iptables, ip6tables, their -save and -restore commands,
// and ipset, for scripts and programs that find these tools on their PATH. It
// needs neither root nor Linux: the rules are kept in a file.
//
//	fakeiptables install bin
//	export PATH=$PWD/bin:$PATH FAKEIPTABLES=$PWD/host.txtar
//	./firewall.sh
//	fakeiptables ask 'eth0: tcp 192.0.2.9:4000 > 192.0.2.7:22 syn'
//
// The file is a case file (package casefile): its section "host" describes the
// links of the host, and packets with their expected results can follow the
// rules. Commands that run at the same time wait for each other.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}

const usage = `usage: fakeiptables install DIR    make links for all the tools in a folder
       fakeiptables ask PACKET...  say where packets go on the host
       iptables ...                and other tools, by the links

The host is kept in the file that $FAKEIPTABLES names; it need not exist.
`

// statusBadInput is the exit status where no tool was run.
const statusBadInput = 2

// run is main without the process around it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	name := filepath.Base(args[0])
	if slices.Contains(iptablestest.Tools(), strings.Replace(name, "-legacy", "", 1)) {
		status, err := tool(name, args[1:], stdin, stdout, stderr)
		if err != nil {
			fmt.Fprintf(stderr, "fakeiptables: %v\n", err)
			return statusBadInput
		}
		return status
	}
	var err error
	switch {
	case len(args) == 3 && args[1] == "install":
		err = install(args[2])
	case len(args) > 2 && args[1] == "ask":
		err = ask(args[2:], stdout)
	default:
		fmt.Fprint(stderr, usage)
		return statusBadInput
	}
	if err != nil {
		fmt.Fprintf(stderr, "fakeiptables: %v\n", err)
		return statusBadInput
	}
	return 0
}

// tool runs one of the tools on the host in the file.
func tool(name string, args []string, stdin io.Reader, stdout, stderr io.Writer) (status int, err error) {
	var input []byte
	if strings.HasSuffix(name, "-restore") || name == "ipset" && restores(args) {
		if input, err = io.ReadAll(stdin); err != nil {
			return 0, err
		}
	}
	f, err := openState()
	if err != nil {
		return 0, err
	}
	defer f.close()
	out, problem, status := f.host.Exec(context.Background(), name, args, input)
	if err := f.save(); err != nil {
		return 0, err
	}
	if _, err := stdout.Write(out); err != nil {
		return 0, err
	}
	_, err = stderr.Write(problem)
	return status, err
}

// restores reports whether ipset reads standard input.
func restores(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "restore" || a == "-R" || a == "--restore" })
}

// install makes links to this program, by the names of the tools.
func install(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range iptablestest.Tools() {
		for _, name := range []string{name, strings.Replace(name, "tables", "tables-legacy", 1)} {
			link := filepath.Join(dir, name)
			if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
				return err
			}
			if err := os.Symlink(self, link); err != nil {
				return err
			}
		}
	}
	return nil
}
