package simtest

import (
	"slices"
	"testing"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
)

// Live is a host on which a program under test changes rules as on a running machine: by
// text for iptables-restore --noflush. The zero value is the zero host.Host with IPv4
// tables in their initial state.
type Live struct {
	Host host.Host
	// Rules are the current rules of the host, of the family that text is for; nil means
	// IPv4 without rules. Set it to start with existing rules, or with IPv6.
	Rules *netfilter.Ruleset
	// Options are for reading text: extensions of the user's own, say
	// (parser.Extensions).
	Options []parser.Option
}

// Restore applies text as iptables-restore --noflush does: what it does not name
// stays. The test ends if the tool or the kernel would refuse it, and shows the
// line.
func (l *Live) Restore(tb testing.TB, text string) {
	tb.Helper()
	if err := l.TryRestore(text); err != nil {
		tb.Fatalf("iptables-restore --noflush would refuse this:\n%+v", err)
	}
}

// TryRestore is Restore that returns the error, in which case the rules are as
// before. The error has the type parser.Errors; %+v shows the lines.
func (l *Live) TryRestore(text string) error { return l.apply(text) }

// Replace applies text as iptables-restore does without --noflush: tables that it
// names are emptied first, all others stay. The test ends if the tool or the
// kernel would refuse it.
func (l *Live) Replace(tb testing.TB, text string) {
	tb.Helper()
	if err := l.TryReplace(text); err != nil {
		tb.Fatalf("iptables-restore would refuse this:\n%+v", err)
	}
}

// TryReplace is Replace that returns the error, in which case the rules are as
// before.
func (l *Live) TryReplace(text string) error { return l.apply(text, parser.Flush()) }

func (l *Live) apply(text string, more ...parser.Option) error {
	base := l.Rules
	if base == nil {
		base = &netfilter.Ruleset{}
	}
	opts := append(append(slices.Clip(l.Options), parser.Onto(base)), more...)
	rs, err := parser.ParseString(text, opts...)
	if err != nil {
		return err
	}
	l.Rules = rs
	return nil
}

// Node returns the host with its rules as they are now. Session.Reload takes
// Rules for a session that is to go on.
func (l *Live) Node(tb testing.TB) *simulate.Node {
	tb.Helper()
	n, err := simulate.New(l.Host, l.Rules)
	if err != nil {
		tb.Fatalf("the kernel would refuse this: %v", err)
	}
	return n
}
