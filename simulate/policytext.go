package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

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

// PolicyRules returns the rules of a host on which these were added to the
// kernel's default ones, in this order; those without priority get the one
// ahead of all but the first, as "ip rule add" does. It panics on a bad text: it
// is meant for literals.
func PolicyRules(texts ...string) []PolicyRule {
	rules := []PolicyRule{{Table: 255}, {Priority: 32766, Table: 254}, {Priority: 32767, Table: 253},
		{Family: netfilter.IPv6, Table: 255}, {Family: netfilter.IPv6, Priority: 32766, Table: 254}}
	for _, t := range texts {
		r, err := ParsePolicyRule(t)
		if err != nil {
			panic(err)
		}
		if r.Priority == 0 {
			r.Priority = freePriority(rules, r.Family)
		}
		rules = append(rules, r)
	}
	return rules
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

func parsePolicyRule(words []string) (r PolicyRule, err error) {
	if len(words) > 0 && words[0] == "-6" {
		r.Family, words = netfilter.IPv6, words[1:]
	}
	if len(words) > 0 && strings.HasSuffix(words[0], ":") {
		if r.Priority, err = parseUint32(strings.TrimSuffix(words[0], ":")); err != nil {
			return r, fmt.Errorf("priority: %w", err)
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return r, errors.New("empty")
	}
	for len(words) > 0 {
		switch words[0] {
		case "not":
			r.Not, words = true, words[1:]
			continue
		case "blackhole", "unreachable", "prohibit":
			r.Action, words = words[0], words[1:]
			continue
		}
		if len(words) < 2 {
			return r, fmt.Errorf("%q needs a value", words[0])
		}
		if err := r.setWord(words[0], words[1]); err != nil {
			return r, fmt.Errorf("%s: %w", words[0], err)
		}
		words = words[2:]
	}
	return r, nil
}

func (r *PolicyRule) setWord(key, value string) (err error) {
	switch key {
	case "from":
		err = r.setPrefix(&r.From, value)
	case "to":
		err = r.setPrefix(&r.To, value)
	case "fwmark":
		mark, mask, masked := strings.Cut(value, "/")
		if r.FwMark, err = parseUint32(mark); err == nil && masked {
			r.FwMask, err = parseUint32(mask)
		}
	case "iif", "dev":
		r.In = value
	case "oif":
		r.Out = value
	case "tos", "dsfield":
		var n uint64
		n, err = strconv.ParseUint(value, 0, 8)
		r.TOS = uint8(n)
	case "priority", "pref", "preference", "order":
		r.Priority, err = parseUint32(value)
	case "table", "lookup":
		r.Table, err = parseTable(value)
	case "suppress_prefixlength":
		var n int
		n, err = strconv.Atoi(value)
		r.SuppressPrefixLength = &n
	default:
		err = errors.New("unknown word")
	}
	return err
}

func (r *PolicyRule) setPrefix(to *netip.Prefix, value string) (err error) {
	if value == "all" {
		return nil
	}
	if *to, err = parseDestination(value, netip.Addr{}); err == nil && to.Addr().Is6() {
		r.Family = netfilter.IPv6
	}
	return err
}
