package iptablestest_test

import (
	"bytes"
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"

	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

var (
	toolSeed     = flag.Uint64("tools.seed", 1, "of the first sequence of commands for the live tools")
	toolCommands = flag.Int("tools.commands", 600, "how many commands to run on the live tools")
)

// TestLiveTools runs drawn sequences of commands on the machine's tools, each in
// a network namespace of its own, and on a host in memory. Exit statuses, what
// is printed and what is saved in the end must be equal.
func TestLiveTools(t *testing.T) {
	live := openLive(t)
	seed := *toolSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	const length = 40
	failures := 0
	for done := 0; done < *toolCommands && failures < 20; done += length {
		live.renew(t)
		d := drawer{rand.New(rand.NewPCG(seed, 0))}
		host := iptablestest.New(host.Host{})
		var history []string
		for range length {
			i := d.next()
			history = append(history, i.String())
			if diff := live.compare(host, i) + live.compareTables(host); diff != "" {
				failures++
				t.Errorf("seed %d, command %d: %s\n(-tool +host):\n%s", seed, len(history), i, diff)
				break
			}
		}
		for _, save := range []string{"iptables-save", "ip6tables-save"} {
			if diff := live.compare(host, invocation{name: save, args: []string{"-c"}}); diff != "" {
				t.Errorf("seed %d: what is saved differs (-tool +host):\n%s\nafter:\n%s", seed, diff, strings.Join(history, "\n"))
			}
		}
		seed++
	}
}

// liveTools runs the machine's tools in a namespace of the test's own thread.
type liveTools struct{ lock string }

func openLive(t *testing.T) *liveTools {
	t.Helper()
	for _, tool := range []string{"iptables-legacy", "ip6tables-legacy", "ipset"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("the machine's tools are not installed: ", err)
		}
	}
	if os.Getuid() != 0 {
		t.Skip("network namespaces need root")
	}
	runtime.LockOSThread() // for good: the thread ends with the test
	return &liveTools{lock: filepath.Join(t.TempDir(), "xtables.lock")}
}

// renew enters a namespace where nobody has touched anything.
func (l *liveTools) renew(t *testing.T) {
	t.Helper()
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		t.Skip("network namespaces are not possible: ", err)
	}
}

func (l *liveTools) run(i invocation) outcome {
	name := i.name
	if name != "ipset" {
		name = strings.Replace(name, "tables", "tables-legacy", 1)
	}
	cmd := exec.Command(name, i.args...)
	cmd.Env = append(os.Environ(), "XTABLES_LOCKFILE="+l.lock)
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(i.stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return outcome{Status: -1, Stderr: err.Error()}
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// compare runs a command on both and returns what differs.
func (l *liveTools) compare(h *iptablestest.Host, i invocation) string {
	want := l.run(i)
	stdout, stderr, status := h.Exec(context.Background(), i.name, i.args, []byte(i.stdin))
	return cmp.Diff(comparable(want), comparable(outcome{status, string(stdout), string(stderr)}))
}

// compareTables returns how the tables that there are, and their order, differ.
func (l *liveTools) compareTables(h *iptablestest.Host) string {
	diff := ""
	for f, file := range []string{"ip_tables_names", "ip6_tables_names"} {
		b, _ := os.ReadFile("/proc/thread-self/net/" + file)
		var names []string
		for _, t := range h.Rules(netfilter.Family(f)).Tables {
			names = append(names, t.Name)
		}
		diff += cmp.Diff(strings.Fields(string(b)), names, cmpopts.EquateEmpty())
	}
	return diff
}

var toolsUpdate = flag.Bool("tools.update", false, "write what the live tools answer into the sessions")

// TestLiveCases runs the sessions in testdata on the live tools.
func TestLiveCases(t *testing.T) {
	live := openLive(t)
	for _, c := range readCases(t) {
		live.renew(t)
		got := c.play(live.run)
		if *toolsUpdate {
			require.NoError(t, os.WriteFile(c.path, []byte(got), 0o644))
			continue
		}
		if diff := cmp.Diff(c.text, got); diff != "" {
			t.Errorf("%s (-recorded +tools):\n%s", c.name, diff)
		}
	}
}
