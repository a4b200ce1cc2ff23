package simtest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// names reports whether a step is that of a rule, named by its comment or place.
// The trace calls a rule that does nothing but return "return:2", as it does the
// end of a chain; it may be named "rule:2" as well.
func names(rule string, s *simulate.Step) bool {
	if rule == "" || s == nil {
		return false
	}
	place := s.Place()
	return place == rule || s.Rule != nil && (s.Rule.Comment() == rule || strings.Replace(place, ":return:", ":rule:", 1) == rule)
}

// exists reports whether a session has a rule, policy or end of a chain that can
// be named so. Of rules in other forms than iptables' that is not known.
func exists(rule string, s *simulate.Session) bool {
	known := false
	for _, rs := range s.Rulesets() {
		known = true
		if hasPlace(rs, rule) {
			return true
		}
		for _, r := range rs.Rules() {
			if r.Comment() == rule && rule != "" {
				return true
			}
		}
	}
	return !known
}

// hasPlace reports whether a ruleset has a place, as a trace names it:
// "table:CHAIN:rule:number". The number of a policy, and of the end of a chain, is
// one more than that of the last rule.
func hasPlace(rs *netfilter.Ruleset, place string) bool {
	for _, t := range rs.Tables {
		for _, c := range t.Chains {
			rest, ok := strings.CutPrefix(place, t.Name+":"+c.Name+":")
			if !ok {
				continue
			}
			kind, number, _ := strings.Cut(rest, ":")
			n, err := strconv.Atoi(number)
			switch {
			case err != nil || n < 1 || n > len(c.Rules)+1:
			case n == len(c.Rules)+1 && (kind == "return" || kind == "policy" && c.Builtin()), kind == "rule" && n <= len(c.Rules):
				return true
			case kind == "return" && string(c.Rules[n-1].AppendSave(nil, rs.Family, c.Name)) == "-A "+c.Name+" -j RETURN":
				return true
			}
		}
	}
	return false
}

func noSuchRule(rule string) string {
	return fmt.Sprintf("there is no rule %q: its comment or its place is needed, as the trace has it", rule)
}
