package fib

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// rule is a compiled Rule.
type rule struct {
	*Rule
	mask     uint32
	iif, oif int // 0 any, -1 a link that does not exist
	table    *table
	target   int   // index of the rule to go on with, or len(rules)
	suppress int   // -1 for none
	group    int64 // -1 for none
}

// defaultRules are those of a new network namespace (fib_default_rules_init,
// fib6_rules_net_init). IPv6 has no table default.
func defaultRules(v6 bool) []Rule {
	rules := []Rule{{Priority: 0, Table: TableLocal, IPv6: v6}, {Priority: 32766, Table: TableMain, IPv6: v6}}
	if !v6 {
		rules = append(rules, Rule{Priority: 32767, Table: TableDefault})
	}
	return rules
}

func rulesOf(rules []Rule, v6 bool) []Rule {
	var out []Rule
	for _, r := range rules {
		if r.IPv6 == v6 {
			out = append(out, r)
		}
	}
	if out == nil {
		return defaultRules(v6)
	}
	slices.SortStableFunc(out, func(a, b Rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return out
}

// customRules reports whether the IPv4 rules differ from the default.
func customRules(rules []Rule) bool {
	return !slices.Equal(rulesOf(rules, false), defaultRules(false))
}

func (f *FIB) addRules() error {
	var err4, err6 error
	f.rules4, err4 = f.compileRules(rulesOf(f.cfg.Rules, false))
	f.rules6, err6 = f.compileRules(rulesOf(f.cfg.Rules, true))
	f.dissect4 = slices.ContainsFunc(f.rules4, f.needsPorts)
	f.dissect6 = slices.ContainsFunc(f.rules6, f.needsPorts)
	return errors.Join(err4, err6)
}

func (f *FIB) compileRules(list []Rule) ([]rule, error) {
	rules := make([]rule, 0, len(list))
	var errs []error
	for i := range list {
		r, err := f.compileRule(&list[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("rule %d: %w", list[i].Priority, err))
		}
		if r.Action == ActionGoto {
			r.target = slices.IndexFunc(list, func(t Rule) bool { return t.Priority == r.Goto })
		}
		rules = append(rules, r)
	}
	return rules, errors.Join(errs...)
}

func (f *FIB) compileRule(src *Rule) (rule, error) {
	r := rule{Rule: src, mask: src.FwMask, suppress: -1, group: -1, target: none, table: f.tables[src.Table]}
	if src.FwMask == 0 && src.FwMark != 0 {
		r.mask = ^uint32(0)
	}
	r.iif, r.oif = f.linkNamed(src.IIF), f.linkNamed(src.OIF)
	if src.SuppressPrefixLength != nil {
		r.suppress = *src.SuppressPrefixLength
	}
	if src.SuppressGroup != nil {
		r.group = int64(*src.SuppressGroup)
	}
	switch {
	case src.From.IsValid() && is4(src.From.Addr()) == src.IPv6:
		return r, fmt.Errorf("source %v is of the other family", src.From)
	case src.To.IsValid() && is4(src.To.Addr()) == src.IPv6:
		return r, fmt.Errorf("destination %v is of the other family", src.To)
	case src.SrcPort.refused(1, 65534):
		return r, fmt.Errorf("source ports %d-%d: need two of 1 to 65534, the larger last", src.SrcPort.Min, src.SrcPort.Max)
	case src.DstPort.refused(1, 65534):
		return r, fmt.Errorf("destination ports %d-%d: need two of 1 to 65534, the larger last", src.DstPort.Min, src.DstPort.Max)
	case src.UID.refused(0, 1<<32-2):
		return r, fmt.Errorf("users %d-%d: need two of 0 to 4294967294, the larger last", src.UID.Min, src.UID.Max)
	case src.TOS&3 != 0:
		return r, fmt.Errorf("tos %#x: the two lowest bits are for ECN and must be 0", src.TOS)
	case !src.IPv6 && src.TOS&^tosBits4 != 0:
		return r, fmt.Errorf("tos %#x: IPv4 rules know the bits %#x only", src.TOS, tosBits4)
	case src.Realm != 0 && src.IPv6:
		return r, errors.New("IPv6 rules have no realms")
	case src.Action > ActionNop:
		return r, fmt.Errorf("unknown action %d", src.Action)
	case src.Action == ActionGoto && src.Goto <= src.Priority:
		return r, fmt.Errorf("goto %d leads backwards", src.Goto)
	}
	return r, nil
}

// needsPorts reports whether the kernel must look into arriving packets for the
// sake of a rule. Rules for packets of the host itself ("iif lo") do not count,
// so that without others no arriving packet has ports
// (include/net/fib_rules.h, fib_rule_requires_fldissect).
func (f *FIB) needsPorts(r rule) bool {
	return r.iif != f.lo.Index && (r.IPProto != 0 || r.SrcPort != nil || r.DstPort != nil)
}

func (f *FIB) linkNamed(name string) int {
	if name == "" {
		return 0
	}
	for _, l := range f.order {
		if l.Name == name {
			return l.Index
		}
	}
	return -1
}

// matches follows net/core/fib_rules.c, fib_rule_match.
func (r *rule) matches(fl *flowKey) bool {
	return r.selects(fl) != r.Not
}

func (r *rule) selects(fl *flowKey) bool {
	return (r.iif == 0 || r.iif == fl.iif) &&
		(r.oif == 0 || r.oif == fl.oif) &&
		(r.FwMark^fl.mark)&r.mask == 0 &&
		(r.UID == nil || r.UID.has(fl.uid)) &&
		r.selectsAddrs(fl) && r.selectsTOS(fl) &&
		(r.IPProto == 0 || r.IPProto == fl.proto) &&
		(r.SrcPort == nil || r.SrcPort.has(uint32(fl.sport))) &&
		(r.DstPort == nil || r.DstPort.has(uint32(fl.dport)))
}

// selectsAddrs: without a source address an IPv6 rule with "from" does not
// match, while IPv4 compares 0.0.0.0 (fib6_rule_match, fib4_rule_match).
func (r *rule) selectsAddrs(fl *flowKey) bool {
	if r.To.IsValid() && fl.dstKey.common(keyOf(r.To.Addr())) < r.To.Bits() {
		return false
	}
	if !r.From.IsValid() || r.From.Bits() == 0 {
		return true
	}
	return (fl.v4 || fl.hasSrc) && fl.srcKey.common(keyOf(r.From.Addr())) >= r.From.Bits()
}

// tosBits4 are the TOS bits IPv4 routing compares (IPTOS_RT_MASK).
const tosBits4 = 0x1c

func (r *rule) selectsTOS(fl *flowKey) bool {
	if fl.v4 {
		return r.TOS == 0 || r.TOS == fl.tos&tosBits4
	}
	return r.TOS&^3 == 0 || r.TOS&^3 == fl.tos&^3
}

func (r *Range) has(v uint32) bool { return r.Min <= v && v <= r.Max }

// refused reports whether the kernel takes no such range for a rule
// (net/core/fib_rules.c, nla_get_kuid_range, fib_rule_port_range_valid).
func (r *Range) refused(least, most uint32) bool {
	return r != nil && (r.Min < least || r.Max > most || r.Min > r.Max)
}
