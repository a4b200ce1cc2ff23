package masquerade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/coreos/go-iptables/iptables"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/generatortest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

// Both are the same to the program, and to programs that ask for more of the module.
var (
	_ IPTables   = (*iptables.IPTables)(nil)
	_ IPTables   = iptablestest.Tables{}
	_ everything = (*iptables.IPTables)(nil)
	_ everything = structured{}
)

// structured has the module's own types.
type structured = iptablestest.StructuredTables[iptables.Protocol, iptables.Stat]

// everything are all methods of the module.
type everything interface {
	Proto() iptables.Protocol
	Exists(table, chain string, rulespec ...string) (bool, error)
	Insert(table, chain string, pos int, rulespec ...string) error
	Replace(table, chain string, pos int, rulespec ...string) error
	InsertUnique(table, chain string, pos int, rulespec ...string) error
	Append(table, chain string, rulespec ...string) error
	AppendUnique(table, chain string, rulespec ...string) error
	Delete(table, chain string, rulespec ...string) error
	DeleteIfExists(table, chain string, rulespec ...string) error
	DeleteById(table, chain string, id int) error
	ListById(table, chain string, id int) (string, error)
	List(table, chain string) ([]string, error)
	ListWithCounters(table, chain string) ([]string, error)
	ListChains(table string) ([]string, error)
	ChainExists(table, chain string) (bool, error)
	Stats(table, chain string) ([][]string, error)
	ParseStat(stat []string) (iptables.Stat, error)
	StructuredStats(table, chain string) ([]iptables.Stat, error)
	NewChain(table, chain string) error
	ClearChain(table, chain string) error
	RenameChain(table, oldChain, newChain string) error
	DeleteChain(table, chain string) error
	ClearAndDeleteChain(table, chain string) error
	ClearAll() error
	DeleteAll() error
	ChangePolicy(table, chain, target string) error
	HasRandomFully() bool
	GetIptablesVersion() (int, int, int)
}

const machine = "link eth0 192.0.2.7/24\nlink cni0 10.244.1.1/24\nroute default via 192.0.2.1\n"

var pods = netip.MustParsePrefix("10.244.0.0/16")

var flows = simtest.Flows{
	{"a pod to the world", "10.244.1.9", "tcp", "203.0.113.7", 443, "", true},
	{"a pod to another pod", "10.244.1.9", "tcp", "10.244.2.9", 443, "", false},
	{"a pod to the services of the network", "10.244.1.9", "tcp", "192.0.2.53", 53, "", false},
	{"the world to a pod", "192.0.2.9", "tcp", "10.244.1.9", 80, "", false},
}

var config = Config{Pods: pods, Not: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}

func TestFlows(t *testing.T) {
	h := iptablestest.New(simtest.Host(t, machine))
	ipt := h.Tables(netfilter.IPv4)
	require.NoError(t, Sync(ipt, Config{Pods: pods}))
	require.NoError(t, Sync(ipt, config))
	flows.Run(t, h.Node(t))

	require.NoError(t, Remove(ipt))
	require.NoError(t, Remove(ipt))
	simtest.Flows{{"nobody is masqueraded", "10.244.1.9", "tcp", "203.0.113.7", 443, "", false}}.Run(t, h.Node(t))
}

// TestMain lets the test's own binary pose as iptables, on the host that is kept
// in a file, as the command examples/fakeiptables does.
func TestMain(m *testing.M) {
	if file := os.Getenv("POSE_ON"); file != "" {
		os.Exit(pose(file))
	}
	os.Exit(m.Run())
}

func pose(file string) int {
	text, _ := os.ReadFile(file)
	h, err := iptablestest.Parse(string(text))
	if err != nil {
		panic(err)
	}
	stdin := []byte(nil)
	if filepath.Base(os.Args[0]) != "iptables" {
		stdin, _ = io.ReadAll(os.Stdin)
	}
	stdout, stderr, status := h.Exec(context.Background(), os.Args[0], os.Args[1:], stdin)
	os.Stdout.Write(stdout)
	os.Stderr.Write(stderr)
	if text, err = h.AppendText(nil); err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		panic(err)
	}
	return status
}

// TestRealModule has go-iptables itself run the commands.
func TestRealModule(t *testing.T) {
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	tool, file := filepath.Join(dir, "iptables"), filepath.Join(dir, "host.txtar")
	if err := os.Symlink(self, tool); err != nil {
		t.Skip("no symbolic links: ", err)
	}
	if _, err := os.Stat(tool); errors.Is(err, fs.ErrPermission) {
		t.Skip("the user may not run the binary of the test by its path: ", err)
	}
	require.NoError(t, os.WriteFile(file, []byte("-- host --\n"+machine), 0o600))
	t.Setenv("POSE_ON", file)
	ipt, err := iptables.New(iptables.Path(tool))
	require.NoError(t, err)

	require.NoError(t, Sync(ipt, Config{Pods: pods}))
	require.NoError(t, Sync(ipt, config))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	h, err := iptablestest.Parse(string(text))
	require.NoError(t, err)
	flows.Run(t, h.Node(t))

	err = ipt.NewChain("nat", chain)
	var refused *iptables.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, 1, refused.ExitStatus())
	assert.ErrorContains(t, err, "Chain already exists")
	fake := structured{Tables: h.Tables(netfilter.IPv4)}
	rows, err := fake.Stats("nat", chain)
	require.NoError(t, err)
	same, err := ipt.Stats("nat", chain)
	require.NoError(t, err)
	assert.Equal(t, same, rows)
	got, err := fake.StructuredStats("nat", "POSTROUTING")
	require.NoError(t, err)
	want, err := ipt.StructuredStats("nat", "POSTROUTING")
	require.NoError(t, err)
	require.NotEmpty(t, want)
	assert.Equal(t, want, got)
	assert.Equal(t, ipt.Proto(), fake.Proto())
	require.NoError(t, Remove(ipt))
}

// trial takes the rules from one config to another. Calls go through spoil, which
// plants mistakes.
func trial(spoil func(IPTables) IPTables) *generatortest.Trial[*Config] {
	return &generatortest.Trial[*Config]{
		Host:  machine,
		Start: func() *Config { return nil },
		Change: func(c *generatortest.Choices, now *Config) (*Config, string) {
			if now != nil && c.In(4) {
				return nil, "removed"
			}
			next := &Config{Pods: generatortest.One(c, pods, netip.MustParsePrefix("10.244.1.0/24"))}
			for _, n := range []string{"192.0.2.0/24", "203.0.113.0/24", "10.0.0.0/8"} {
				if c.In(2) {
					next.Not = append(next.Not, netip.MustParsePrefix(n))
				}
			}
			return next, fmt.Sprintf("%+v", *next)
		},
		Generator: func() generatortest.Generator[*Config] {
			return func(h *iptablestest.Host, c *Config) error {
				var ipt IPTables = h.Tables(netfilter.IPv4)
				if spoil != nil {
					ipt = spoil(ipt)
				}
				if c == nil {
					return Remove(ipt)
				}
				return Sync(ipt, *c)
			}
		},
		Packet: func(c *generatortest.Choices, _ *Config) string {
			from := generatortest.One(c, "cni0: tcp 10.244.1.9", "eth0: tcp 10.244.2.9", "eth0: tcp 198.51.100.9")
			return fmt.Sprintf("%s:4000 > %s:80", from, generatortest.One(c, "203.0.113.7", "192.0.2.53", "10.244.1.5", "10.244.2.5", "10.1.1.1"))
		},
		Model: func(c *Config, p generatortest.Packet) simtest.Want {
			covers := func(n netip.Prefix) bool { return n.Contains(p.Dst()) }
			if c == nil || !c.Pods.Contains(p.Src()) || covers(c.Pods) || slices.ContainsFunc(c.Not, covers) {
				return simtest.All(simtest.Forwarded(), simtest.NotMasqueraded())
			}
			return simtest.All(simtest.Forwarded(), simtest.Masqueraded())
		},
		Check: func(h *iptablestest.Host, c *Config) error {
			stdout, _, _ := h.Exec(context.Background(), "iptables-save", []string{"-t", "nat"}, nil)
			if jumps := bytes.Count(stdout, []byte("-j POD-MASQ")); jumps > 1 || c == nil && bytes.Contains(stdout, []byte(chain)) {
				return fmt.Errorf("left behind:\n%s", stdout)
			}
			return nil
		},
	}
}

func TestStates(t *testing.T) { trial(nil).Run(t, 1, 10) }

func FuzzMasquerade(f *testing.F) { trial(nil).Fuzz(f) }

// What can go wrong in the calls.
type (
	neverClears  struct{ IPTables }
	jumpsAgain   struct{ IPTables }
	keepsItsJump struct{ IPTables }
	forgetsSome  struct{ IPTables }
)

func (n neverClears) ClearChain(table, chain string) error {
	if there, err := n.ChainExists(table, chain); there || err != nil {
		return err
	}
	return n.NewChain(table, chain)
}

func (j jumpsAgain) AppendUnique(table, chain string, rule ...string) error {
	return j.Append(table, chain, rule...)
}

func (k keepsItsJump) DeleteIfExists(string, string, ...string) error { return nil }

func (f forgetsSome) Append(table, chain string, rule ...string) error {
	if slices.Contains(rule, "203.0.113.0/24") {
		return nil
	}
	return f.IPTables.Append(table, chain, rule...)
}

var mistakes = map[string]func(IPTables) IPTables{
	"old rules stay":       func(t IPTables) IPTables { return neverClears{t} },
	"jumps come again":     func(t IPTables) IPTables { return jumpsAgain{t} },
	"the jump stays":       func(t IPTables) IPTables { return keepsItsJump{t} },
	"an exception is lost": func(t IPTables) IPTables { return forgetsSome{t} },
}

func TestMistakesAreFound(t *testing.T) {
	for name, spoil := range mistakes {
		t.Run(name, func(t *testing.T) {
			var f *generatortest.Failure
			for seed := uint64(0); f == nil && seed < 30; seed++ {
				errors.As(trial(spoil).Try(generatortest.Sequence(seed)), &f)
			}
			require.NotNil(t, f, "not found")
		})
	}
}
