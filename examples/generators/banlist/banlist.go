// Package banlist keeps a list of banned addresses by running commands of
// iptables and ipset, as most programs that change rules do.
package banlist

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
)

// Runner runs a command; it has the form of iptablestest.Host.Exec.
type Runner func(ctx context.Context, name string, args []string, stdin []byte) (stdout, stderr []byte, status int)

// List is a list of banned addresses. Make one with New.
type List struct {
	run    Runner
	banned []netip.Addr
}

// New returns a list that changes rules by commands. Nothing is run yet.
func New(run Runner) *List { return &List{run: run} }

// set is the name of the set with the addresses.
const set = "banned"

// Sync bans these addresses and no others. Packets from them are dropped before
// all other rules; their existing connections are interrupted.
func (l *List) Sync(ctx context.Context, addrs []netip.Addr) error {
	if err := l.must(ctx, "ipset", "-exist", "create", set, "hash:ip"); err != nil {
		return err
	}
	for _, chain := range []string{"INPUT", "FORWARD"} {
		rule := []string{chain, "-m", "set", "--match-set", set, "src", "-j", "DROP"}
		if _, _, status := l.run(ctx, "iptables", append([]string{"-w", "-C"}, rule...), nil); status == 0 {
			continue
		}
		if err := l.must(ctx, "iptables", append([]string{"-w", "-I"}, rule...)...); err != nil {
			return err
		}
	}
	for _, a := range l.banned {
		if !slices.Contains(addrs, a) {
			if err := l.must(ctx, "ipset", "-exist", "del", set, a.String()); err != nil {
				return err
			}
		}
	}
	for _, a := range addrs {
		if err := l.must(ctx, "ipset", "-exist", "add", set, a.String()); err != nil {
			return err
		}
	}
	l.banned = slices.Clone(addrs)
	return nil
}

// must runs a command that must succeed.
func (l *List) must(ctx context.Context, name string, args ...string) error {
	if _, stderr, status := l.run(ctx, name, args, nil); status != 0 {
		return fmt.Errorf("%s %v: exit status %d: %s", name, args, status, stderr)
	}
	return nil
}
