package banlist

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/packetpath/packetpath/simulate/simtest"
	"github.com/packetpath/packetpath/simulate/simtest/generatortest"
	"github.com/packetpath/packetpath/simulate/simtest/iptablestest"
)

const machine = "link eth0 192.0.2.7/24; link docker0 172.17.0.1/16"

func addr(last int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(last)}) }

func TestFlows(t *testing.T) {
	h := iptablestest.New(simtest.Host(t, machine))
	h.Run(t, "iptables", "-A", "INPUT", "-j", "ACCEPT") // somebody else's
	l := New(h.Exec)
	require.NoError(t, l.Sync(t.Context(), []netip.Addr{addr(66), addr(67)}))
	require.NoError(t, l.Sync(t.Context(), []netip.Addr{addr(67)}))
	simtest.Flows{
		{"banned, to the host", "192.0.2.67", "tcp", "192.0.2.7", 22, "DROP", false},
		{"banned, to a container", "192.0.2.67", "udp", "172.17.0.2", 53, "DROP", false},
		{"pardoned", "192.0.2.66", "tcp", "192.0.2.7", 22, "", false},
		{"never banned", "192.0.2.65", "tcp", "172.17.0.2", 22, "", false},
	}.Run(t, h.Node(t))
	assert.Equal(t, 1, strings.Count(h.Run(t, "iptables", "-S", "FORWARD"), "banned"), "once is enough")
}

// TestFailure has a command fail.
func TestFailure(t *testing.T) {
	h := iptablestest.New(simtest.Host(t, machine))
	h.Run(t, "ipset", "create", "banned", "hash:net") // somebody else's
	err := New(h.Exec).Sync(t.Context(), nil)
	assert.EqualError(t, err, "ipset [-exist create banned hash:ip]: exit status 1: ipset v7.17: Set cannot be created: set with the same name already exists\n")
}

// trial takes lists from one to another. Commands go through spoil, which plants
// mistakes: it changes their arguments, or has them not run at all.
func trial(spoil func(args []string) ([]string, bool)) *generatortest.Trial[[]netip.Addr] {
	return &generatortest.Trial[[]netip.Addr]{
		Host:  machine,
		Start: func() []netip.Addr { return nil },
		Change: func(c *generatortest.Choices, banned []netip.Addr) ([]netip.Addr, string) {
			a := addr(60 + c.Below(8))
			if i := slices.Index(banned, a); i >= 0 {
				return slices.Delete(slices.Clone(banned), i, i+1), fmt.Sprint(a, " is pardoned")
			}
			return append(slices.Clone(banned), a), fmt.Sprint(a, " is banned")
		},
		Generator: func() generatortest.Generator[[]netip.Addr] {
			var l *List
			return func(h *iptablestest.Host, banned []netip.Addr) error {
				if l == nil {
					l = New(spoiled(h.Exec, spoil))
				}
				return l.Sync(context.Background(), banned)
			}
		},
		Packet: func(c *generatortest.Choices, _ []netip.Addr) string {
			return fmt.Sprintf("eth0: %s %s:4000 > %s:80", generatortest.One(c, "tcp", "udp"), addr(60+c.Below(8)), generatortest.One(c, "192.0.2.7", "172.17.0.2"))
		},
		Model: func(banned []netip.Addr, p generatortest.Packet) simtest.Want {
			if slices.Contains(banned, p.Src()) {
				return simtest.Dropped()
			}
			return simtest.Passed()
		},
		Check: func(h *iptablestest.Host, banned []netip.Addr) error {
			stdout, _, _ := h.Exec(context.Background(), "ipset", []string{"save", "banned"}, nil)
			if n := strings.Count(string(stdout), "add "); n != len(banned) {
				return fmt.Errorf("%d addresses are in the set, not %d", n, len(banned))
			}
			return nil
		},
	}
}

func spoiled(run Runner, spoil func([]string) ([]string, bool)) Runner {
	if spoil == nil {
		return run
	}
	return func(ctx context.Context, name string, args []string, stdin []byte) (stdout, stderr []byte, status int) {
		args, runs := spoil(slices.Clone(args))
		if !runs {
			return nil, nil, 0
		}
		return run(ctx, name, args, stdin)
	}
}

func TestStates(t *testing.T) { trial(nil).Run(t, 1, 10) }

func FuzzList(f *testing.F) { trial(nil).Fuzz(f) }

// mistakes are what can go wrong in the commands.
var mistakes = map[string]func(args []string) ([]string, bool){
	"nobody is pardoned":            func(a []string) ([]string, bool) { return a, !slices.Contains(a, "del") },
	"forwarding is forgotten":       func(a []string) ([]string, bool) { return a, !slices.Contains(a, "FORWARD") },
	"the destination is looked up":  replace("src", "dst"),
	"banned packets are let in":     replace("DROP", "ACCEPT"),
	"one address cannot be banned":  func(a []string) ([]string, bool) { return a, !slices.Contains(a, "192.0.2.63") },
	"what is there is banned again": replace("-exist", "-quiet"),
}

func replace(word, by string) func([]string) ([]string, bool) {
	return func(args []string) ([]string, bool) {
		for i := range args {
			if args[i] == word {
				args[i] = by
			}
		}
		return args, true
	}
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
