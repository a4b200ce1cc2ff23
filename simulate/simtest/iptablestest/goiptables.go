package iptablestest

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// Tables has the methods of IPTables of github.com/coreos/go-iptables that
// change and show rules, with the same results, so that a program which takes
// them as an interface can be given a host in memory:
//
//	type tables interface { AppendUnique(table, chain string, rulespec ...string) error }
//	var _ tables = host.Tables(netfilter.IPv4)
//
// Make one with [Host.Tables]; the commands of the zero value fail with status 127. The
// errors are of type [*ExitError], which has the methods of that module's Error. A program
// that asks for the type Error itself needs the module with the command
// examples/fakeiptables (iptables.Path). [StructuredTables] adds the methods whose types
// are the module's own.
type Tables struct {
	host   *Host
	family netfilter.Family
}

// Tables returns the tables of one family.
func (h *Host) Tables(f netfilter.Family) Tables { return Tables{h, f} }

// ExitError is a command that failed.
type ExitError struct{ Command Command }

// Error returns the command with its status and message.
func (e *ExitError) Error() string {
	return fmt.Sprintf("running %q: exit status %v: %v", append([]string{e.Command.Name}, e.Command.Args...), e.Command.Status, e.Command.Stderr)
}

// ExitStatus returns the exit status.
func (e *ExitError) ExitStatus() int { return e.Command.Status }

// IsNotExist reports whether a chain or rule, or something else that the command
// names, does not exist.
func (e *ExitError) IsNotExist() bool {
	for _, s := range []string{"does a matching rule exist in that chain?", "No chain/target/match by that name", "No such file or directory", "does not exist"} {
		if strings.Contains(e.Command.Stderr, s) {
			return true
		}
	}
	return false
}

func (t Tables) tool(suffix string) string {
	if t.family == netfilter.IPv6 {
		return "ip6tables" + suffix
	}
	return "iptables" + suffix
}

func (t Tables) run(args ...string) (string, error) {
	args = append(args, "--wait")
	if t.host == nil {
		return "", &ExitError{Command{Name: t.tool(""), Args: args, Stderr: "there is no host: Host.Tables makes tables\n", Status: 127}}
	}
	stdout, stderr, status := t.host.Exec(context.Background(), t.tool(""), args, nil)
	if status == 0 {
		return string(stdout), nil
	}
	return "", &ExitError{Command{Name: t.tool(""), Args: args, Stdout: string(stdout), Stderr: string(stderr), Status: status}}
}

func (t Tables) do(args ...string) error {
	_, err := t.run(args...)
	return err
}

// on puts table, command and chain ahead of other arguments.
func on(table, command, chain string, rest ...string) []string {
	return append([]string{"-t", table, command, chain}, rest...)
}

// exists runs a command that fails with status 1 where something does not exist.
func (t Tables) exists(args ...string) (bool, error) {
	err := t.do(args...)
	if e, ok := err.(*ExitError); ok && e.ExitStatus() == 1 {
		return false, nil
	}
	return err == nil, err
}

// Exists reports whether a rule is in a chain.
func (t Tables) Exists(table, chain string, rulespec ...string) (bool, error) {
	return t.exists(on(table, "-C", chain, rulespec...)...)
}

// Insert puts a rule ahead of rule pos.
func (t Tables) Insert(table, chain string, pos int, rulespec ...string) error {
	return t.do(on(table, "-I", chain, append([]string{strconv.Itoa(pos)}, rulespec...)...)...)
}

// Replace puts a rule in the place of rule pos.
func (t Tables) Replace(table, chain string, pos int, rulespec ...string) error {
	return t.do(on(table, "-R", chain, append([]string{strconv.Itoa(pos)}, rulespec...)...)...)
}

// InsertUnique inserts a rule unless it is in the chain.
func (t Tables) InsertUnique(table, chain string, pos int, rulespec ...string) error {
	if there, err := t.Exists(table, chain, rulespec...); there || err != nil {
		return err
	}
	return t.Insert(table, chain, pos, rulespec...)
}

// Append puts a rule at the end of a chain.
func (t Tables) Append(table, chain string, rulespec ...string) error {
	return t.do(on(table, "-A", chain, rulespec...)...)
}

// AppendUnique appends a rule unless it is in the chain.
func (t Tables) AppendUnique(table, chain string, rulespec ...string) error {
	if there, err := t.Exists(table, chain, rulespec...); there || err != nil {
		return err
	}
	return t.Append(table, chain, rulespec...)
}

// Delete removes a rule.
func (t Tables) Delete(table, chain string, rulespec ...string) error {
	return t.do(on(table, "-D", chain, rulespec...)...)
}

// DeleteIfExists removes a rule if it is in the chain.
func (t Tables) DeleteIfExists(table, chain string, rulespec ...string) error {
	if there, err := t.Exists(table, chain, rulespec...); !there || err != nil {
		return err
	}
	return t.Delete(table, chain, rulespec...)
}

// DeleteById removes the rule of a number.
func (t Tables) DeleteById(table, chain string, id int) error {
	return t.do(on(table, "-D", chain, strconv.Itoa(id))...)
}

func (t Tables) list(args ...string) ([]string, error) {
	out, err := t.run(args...)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\n"), "\n"), nil
}

// ListById returns the rule of a number, "" if there is none.
func (t Tables) ListById(table, chain string, id int) (string, error) {
	lines, err := t.list(on(table, "-S", chain, strconv.Itoa(id))...)
	if err != nil {
		return "", err
	}
	return lines[0], nil
}

// List returns a chain and its rules as -S prints them.
func (t Tables) List(table, chain string) ([]string, error) { return t.list(on(table, "-S", chain)...) }

// ListWithCounters is List with counters.
func (t Tables) ListWithCounters(table, chain string) ([]string, error) {
	return t.list("-t", table, "-v", "-S", chain)
}

// ListChains returns the names of a table's chains.
func (t Tables) ListChains(table string) ([]string, error) {
	lines, err := t.list("-t", table, "-S")
	var chains []string
	for _, l := range lines {
		words := strings.Fields(l)
		if words[0] != "-P" && words[0] != "-N" {
			break
		}
		chains = append(chains, words[1])
	}
	return chains, err
}

// ChainExists reports whether a chain exists.
func (t Tables) ChainExists(table, chain string) (bool, error) {
	return t.exists(on(table, "-S", chain, "1")...)
}

// Stats returns the rules of a chain as rows of ten: packets, bytes, target,
// protocol, fragments, links in and out, source, destination and the rest.
func (t Tables) Stats(table, chain string) ([][]string, error) {
	lines, err := t.list("-t", table, "-L", chain, "-n", "-v", "-x")
	if err != nil {
		return nil, err
	}
	rows := [][]string{}
	for _, l := range lines[min(2, len(lines)):] {
		f := strings.Fields(l)
		if len(f) > 3 && strings.ContainsAny(f[3], "-!") { // the rule has no target
			f = append(f[:2], append([]string{""}, f[2:]...)...)
		}
		f[7], f[8] = withPrefix(f[7]), withPrefix(f[8])
		rows = append(rows, append(f[:9:9], strings.Join(f[9:], " ")))
	}
	return rows, nil
}

// withPrefix adds the length of its prefix to a plain address.
func withPrefix(s string) string {
	ip := net.ParseIP(strings.TrimPrefix(s, "!"))
	switch {
	case ip == nil:
		return s
	case ip.To4() != nil:
		return s + "/32"
	}
	return s + "/128"
}

// NewChain makes a chain; it is an error if there is one.
func (t Tables) NewChain(table, chain string) error { return t.do(on(table, "-N", chain)...) }

// ClearChain makes a chain, or empties it if there is one.
func (t Tables) ClearChain(table, chain string) error {
	if made, err := t.exists(on(table, "-N", chain)...); made || err != nil {
		return err
	}
	return t.do(on(table, "-F", chain)...)
}

// RenameChain gives a chain another name.
func (t Tables) RenameChain(table, oldChain, newChain string) error {
	return t.do(on(table, "-E", oldChain, newChain)...)
}

// DeleteChain removes an empty chain that nothing refers to.
func (t Tables) DeleteChain(table, chain string) error { return t.do(on(table, "-X", chain)...) }

// ClearAndDeleteChain empties and removes a chain if there is one.
func (t Tables) ClearAndDeleteChain(table, chain string) error {
	if there, err := t.ChainExists(table, chain); !there || err != nil {
		return err
	}
	if err := t.do(on(table, "-F", chain)...); err != nil {
		return err
	}
	return t.DeleteChain(table, chain)
}

// ClearAll empties all chains of table filter.
func (t Tables) ClearAll() error { return t.do("-F") }

// DeleteAll removes all chains of table filter that are not built in.
func (t Tables) DeleteAll() error { return t.do("-X") }

// ChangePolicy sets the policy of a built-in chain.
func (t Tables) ChangePolicy(table, chain, target string) error {
	return t.do(on(table, "-P", chain, target)...)
}

// HasRandomFully reports true.
func (t Tables) HasRandomFully() bool { return true }

// GetIptablesVersion returns 1, 8, 9.
func (t Tables) GetIptablesVersion() (major, minor, patch int) { return 1, 8, 9 }
