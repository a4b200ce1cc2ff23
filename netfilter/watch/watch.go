// Package watch has the types by which rulesets of other kinds than iptables tell an engine
// of the rules that a packet evaluates, such as the rules of nftables: for explanations of
// why a rule did not match, and for counts of how often rules matched.
package watch

import "github.com/packetpath/packetpath/netfilter"

// Rule is a rule of a netfilter.HookProvider.
type Rule interface {
	netfilter.StepInfo
	// Ordinal returns the number of the rule among all rules of the provider, from
	// 0, in the order of its listing.
	Ordinal() int
	// Conditions returns the number of conditions of the rule.
	Conditions() int
	// SoleVerdict returns the verdict of a rule that has no other effect: Accept, Drop, or
	// Continue for one that only counts or logs. It is false for a rule that changes
	// the packet, or whose verdict depends on the packet or on other rules.
	SoleVerdict() (netfilter.Verdict, bool)
}

// Visit is the evaluation of a rule.
type Visit struct {
	Rule Rule
	Type netfilter.HookType // of the hook function
	Miss Miss               // why the rule did not match; nil if it did
}

// Miss says why a rule did not match. It is valid until the method returns to
// which it was passed.
type Miss interface {
	// Condition returns the condition that did not hold, as the ruleset prints it.
	Condition() string
	// Observed returns what the packet has instead; "" if that is not known.
	Observed() string
	// Held returns the number of earlier conditions of the rule, which held.
	Held() int
}

// Engine is a netfilter.Engine that can be told of rules.
type Engine interface {
	// Watcher returns what is to be told of the rules that the packet evaluates in the
	// hook function that runs; nil if nobody asks for them.
	Watcher() Watcher
}

// For returns what is to be told of the rules that the packet of the context evaluates in
// the hook function that runs; nil if nobody asks for them.
func For(c *netfilter.Context) Watcher {
	if e, ok := c.Engine.(Engine); ok {
		return e.Watcher()
	}
	return nil
}

// Watcher is told of the rules that hook functions evaluate.
type Watcher interface {
	// Evaluated is called for every rule that is evaluated, in order: for one that
	// matched before the rules of the chain to which it leads.
	Evaluated(v Visit)
}

// Lister is a netfilter.HookProvider that lists its rules, so that evaluations of them can be
// counted.
type Lister interface {
	netfilter.HookProvider
	// RuleLines returns the ruleset as its tool lists it, without state. A line where a
	// rule begins has that rule; the rules are in the order of their ordinals.
	RuleLines() []Line
}

// Line is a line of a listing.
type Line struct {
	Text string // with its line end
	Rule Rule   // that begins in this line; nil for none
}
