package host

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/cond"
)

// PolicyRule is a rule that chooses a routing table ("ip rule"). Conditions left
// at their zero value match everything.
type PolicyRule struct {
	Priority       uint32
	Family         netfilter.Family
	Not            bool
	From, To       netip.Prefix
	FwMark, FwMask uint32 // FwMask 0 means all bits if FwMark is not 0
	In, Out        string
	TOS            uint8 // in the bits 0x1c for IPv4, 0xfc for IPv6
	IPProto        uint8 // protocol number; 0 matches every protocol
	// SrcPort, DstPort and UID, the user ID of the sending socket, are ranges that must not
	// be inverted. Received packets have UID 0.
	SrcPort, DstPort, UID cond.Range
	// Action is "" or "lookup", blackhole, unreachable, prohibit, goto or nop,
	// which does nothing.
	Action string
	Table  uint32 // to look up; 0 means main
	Goto   uint32 // priority of a rule to go on with; if there is none, the next
	// SuppressPrefixLength ignores results with a prefix this short; nil
	// ignores none.
	SuppressPrefixLength *int
	// SuppressGroup ignores results that leave by a link of this group.
	SuppressGroup cond.Number
	// Realm is what -m realm compares where the route has none: the realm of the
	// destination in the lower 16 bits, that of the source in the upper ones. IPv4
	// only.
	Realm uint32
}

// ParsePolicyRule reads a rule as "ip rule add" takes it and "ip rule" shows
// it: "fwmark 0x1/0xff lookup 100", "from 10.1.0.5 table 7 priority 90", "100:
// from all to 10.0.0.0/8 blackhole". It is for IPv4 unless an address shows
// otherwise or the first word is -6.
func ParsePolicyRule(text string) (PolicyRule, error) {
	r, err := parsePolicyRule(strings.Fields(text))
	if err != nil {
		return PolicyRule{}, fmt.Errorf("policy rule %q: %w", text, err)
	}
	return r, nil
}

// DefaultPolicyRules returns the rules that the kernel begins with, of both
// families.
func DefaultPolicyRules() []PolicyRule {
	return []PolicyRule{{Table: 255}, {Priority: 32766, Table: 254}, {Priority: 32767, Table: 253},
		{Family: netfilter.IPv6, Table: 255}, {Family: netfilter.IPv6, Priority: 32766, Table: 254}}
}

// AddPolicyRule adds a rule as "ip rule add" does: to the kernel's default rules
// if the host has none yet, and without a priority ahead of all but the first
// rule of its family.
func (h *Host) AddPolicyRule(r PolicyRule) {
	if h.Rules == nil {
		h.Rules = DefaultPolicyRules()
	}
	if r.Priority == 0 {
		r.Priority = freePriority(h.Rules, r.Family)
	}
	h.Rules = append(h.Rules, r)
}

// MustPolicyRules returns the rules of a host to which these were added in this
// order, as AddPolicyRule does. It panics on a bad text: it is meant for
// literals.
func MustPolicyRules(texts ...string) []PolicyRule {
	var h Host
	for _, r := range mustAll(texts, ParsePolicyRule) {
		h.AddPolicyRule(r)
	}
	return h.Rules
}

// freePriority returns one less than that of the second rule of a family
// (net/core/fib_rules.c, fib_default_rule_pref).
func freePriority(rules []PolicyRule, f netfilter.Family) uint32 {
	own := slices.DeleteFunc(slices.Clone(rules), func(r PolicyRule) bool { return r.Family != f })
	slices.SortStableFunc(own, func(a, b PolicyRule) int { return cmp.Compare(a.Priority, b.Priority) })
	if len(own) < 2 || own[1].Priority == 0 {
		return 0
	}
	return own[1].Priority - 1
}
