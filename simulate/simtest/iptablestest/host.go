package iptablestest

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/archive"
)

// Host is a host in memory. Make one with [New]; the zero value is New(host.Host{}).
// It may be used by any number of goroutines; commands run one after the other.
type Host struct {
	node host.Host
	opts []parser.Option
	file []archive.Section // that the host was read from; nil for New

	mu     sync.Mutex
	tables [2]*netfilter.Ruleset // by family; newest table first, as in /proc/net/ip_tables_names
	sets   *ipset.Sets
	now    time.Time
	log    []Command
}

// Command is a command that was run on a host.
type Command struct {
	Name   string // of the tool, without its folder
	Args   []string
	Stdin  string // as far as the tool read it
	Stdout string
	Stderr string
	Status int // exit status
}

// String returns the command as it would be typed, and what came of it if it
// failed.
func (c Command) String() string {
	words := []string{c.Name}
	for _, a := range c.Args {
		words = append(words, shellWord(a))
	}
	s := strings.Join(words, " ")
	if c.Status == 0 {
		return s
	}
	return fmt.Sprintf("%s: exit status %d: %s", s, c.Status, strings.TrimSpace(c.Stderr))
}

// shellWord quotes what a shell would not leave as it is.
func shellWord(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !strings.ContainsRune("-_./:,+@%=", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// epoch is when a host's clock begins: what "iptables-save" prints is the same
// in every run.
var epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// New returns a host that is described by h and has no rules. Sets of h are
// there from the beginning; New panics if [ipset.NewSets] refuses them, as it
// refuses no sets that were read from text. The options are for reading rules:
// extensions of the user's own, say ([parser.Extensions]).
func New(h host.Host, opts ...parser.Option) *Host {
	f := &Host{node: h, opts: slices.Clone(opts)}
	sets, err := ipset.NewSets(h.Sets)
	if err != nil {
		panic(fmt.Sprintf("iptablestest: sets of the host: %v", err))
	}
	f.begin(sets)
	return f
}

// begin gives the host its initial state.
func (h *Host) begin(sets *ipset.Sets) {
	h.now = epoch
	for i := range h.tables {
		h.tables[i] = &netfilter.Ruleset{Family: netfilter.Family(i)}
	}
	h.setSets(sets)
}

// lock locks the host for use and returns the function that unlocks it.
func (h *Host) lock() (unlock func()) {
	h.mu.Lock()
	if h.sets == nil { // the zero value
		h.begin(&ipset.Sets{})
	}
	return h.mu.Unlock
}

func (h *Host) setSets(sets *ipset.Sets) {
	h.sets = sets
	h.sets.Begin(h.now)
}

// Exec runs a command and returns what it prints and its exit status. The name
// may have a folder ahead of it and be that of the legacy variant:
// "/usr/sbin/iptables-legacy-save". Commands that this package does not know,
// the nft variants among them, exit with 127, as a shell does. If the context is
// done, nothing is run and the status is -1; nil is context.Background().
func (h *Host) Exec(ctx context.Context, name string, args []string, stdin []byte) (stdout, stderr []byte, status int) {
	if ctx != nil && ctx.Err() != nil {
		return nil, []byte(ctx.Err().Error() + "\n"), -1
	}
	defer h.lock()()
	c := call{host: h, name: path.Base(name), args: args, stdin: string(stdin)}
	c.run()
	h.log = append(h.log, Command{Name: c.name, Args: slices.Clone(args), Stdin: c.stdin,
		Stdout: c.stdout.String(), Stderr: c.stderr.String(), Status: c.status})
	return []byte(c.stdout.String()), []byte(c.stderr.String()), c.status
}

// Run runs a command that must succeed, and returns what it prints; the test
// ends if it fails.
func (h *Host) Run(tb testing.TB, name string, args ...string) string {
	tb.Helper()
	return h.Feed(tb, "", name, args...)
}

// Feed is Run for commands that read standard input.
func (h *Host) Feed(tb testing.TB, stdin, name string, args ...string) string {
	tb.Helper()
	stdout, stderr, status := h.Exec(context.Background(), name, args, []byte(stdin))
	if status != 0 {
		c := Command{Name: name, Args: args, Stderr: string(stderr), Status: status}
		tb.Fatal(c.String())
	}
	return string(stdout)
}

// Restore runs iptables-restore --noflush, or ip6tables-restore, with a text. The
// error is an [*ExitError].
func (h *Host) Restore(f netfilter.Family, text string) error {
	c := Command{Name: h.Tables(f).tool("-restore"), Args: []string{"--noflush"}, Stdin: text}
	stdout, stderr, status := h.Exec(context.Background(), c.Name, c.Args, []byte(text))
	if status == 0 {
		return nil
	}
	c.Stdout, c.Stderr, c.Status = string(stdout), string(stderr), status
	return &ExitError{c}
}

// Commands returns the commands that were run so far, in order.
func (h *Host) Commands() []Command {
	defer h.lock()()
	return slices.Clone(h.log)
}

// Advance moves the clock of the host forward; elements of sets time out.
func (h *Host) Advance(d time.Duration) {
	defer h.lock()()
	h.now = h.now.Add(d)
	h.sets.At(h.now)
}

// elapsed is how long the host has been there.
func (h *Host) elapsed() time.Duration { return h.now.Sub(epoch) }

// Rules returns the rules of one family as they are now. They are a copy; those of
// a family that is neither IPv4 nor IPv6 are empty.
func (h *Host) Rules(f netfilter.Family) *netfilter.Ruleset {
	defer h.lock()()
	if int(f) >= len(h.tables) {
		return &netfilter.Ruleset{Family: f}
	}
	return h.tables[f].Clone()
}

// Host returns the description of the host with its sets as they are now: what
// is left of timeouts begins to count when a session begins.
func (h *Host) Host() host.Host {
	defer h.lock()()
	d := h.node
	sets, err := parser.ParseSetsString(string(h.sets.AppendSave(nil)))
	if err != nil {
		panic(fmt.Sprintf("iptablestest: sets that were saved cannot be read: %v", err))
	}
	d.Sets = sets
	return d
}

// Node returns the host with its rules and sets as they are now. The test ends
// if they are wrong, which only rules of extensions that the kernel does not
// know can be. Session.Reload takes [Host.Rules] for a session that is to go on.
func (h *Host) Node(tb testing.TB) *simulate.Node {
	tb.Helper()
	n, err := simulate.New(h.Host(), h.Rules(netfilter.IPv4), h.Rules(netfilter.IPv6))
	if err != nil {
		tb.Fatalf("the kernel would refuse this: %v", err)
	}
	return n
}
