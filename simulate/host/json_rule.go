package host

import (
	"fmt"
	"strings"
)

// ruleForm is that of an entry of "ip -json rule".
var ruleForm = jsonForm{
	words: map[string]string{"priority": "priority", "tos": "tos", "iif": "iif", "oif": "oif", "ipproto": "ipproto", "sport": "sport",
		"dport": "dport", "table": "lookup", "suppress_prefixlen": "suppress_prefixlength", "suppress_ifgroup": "suppress_ifgroup",
		"protocol": "proto", "goto": "goto", "action": "type", "flow_to": "realms"},
	pairs: map[string]pair{"src": {"from", "/", "srclen"}, "dst": {"to", "/", "dstlen"}, "fwmark": {"fwmark", "/", "fwmask"},
		"uid_start": {"uidrange", "-", "uid_end"}, "sport_start": {"sport", "-", "sport_end"},
		"dport_start": {"dport", "-", "dport_end"}, "flow_from": {"realms", "/", "flow_to"}},
	flags:   map[string]string{"not": "not", "nop": "nop", "l3mdev": "l3mdev", "masquerade": "masquerade", "nat_gateway": "nat"},
	ignored: map[string]bool{"iif_detached": true, "oif_detached": true, "unresolved": true},
}

// ruleWords returns an entry as the words that "ip rule" prints for it.
func ruleWords(o jsonObject) ([]string, error) {
	return ruleForm.translate(o)
}

// addRules adds the rules of one output.
func (h *Host) addRules(list [][]string) error {
	v6 := rulesAreIPv6(list)
	for i, words := range list {
		if v6 {
			words = append([]string{"-6"}, words...)
		}
		r, err := parsePolicyRule(words)
		if err != nil {
			return fmt.Errorf("rule %d (%s): %w", i+1, strings.Join(words, " "), err)
		}
		h.Rules = append(h.Rules, r)
	}
	return nil
}

// rulesAreIPv6 tells the families of "ip rule" apart, whose output does not name
// them: an address shows it, and only IPv4 has a rule for table default.
func rulesAreIPv6(rules [][]string) bool {
	v6 := true
	for _, words := range rules {
		for i, w := range words[:max(len(words)-1, 0)] {
			switch value := words[i+1]; {
			case (w == "from" || w == "to") && strings.Contains(value, ":"):
				return true
			case (w == "from" || w == "to") && strings.Contains(value, "."), w == "lookup" && (value == "default" || value == "253"):
				v6 = false
			}
		}
	}
	return v6
}
