package host

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
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

// addRules adds the rules of one output. told is the command that printed it, ""
// if that is not known.
func (h *Host) addRules(list [][]string, told string) error {
	if len(list) == 0 {
		return nil
	}
	f, unknown := familyOfRules(list, told)
	rules, err := readRules(list, f)
	switch {
	case err != nil:
		return err
	case unknown != nil:
		return unknown
	}
	h.Rules = append(h.Rules, rules...)
	return nil
}

// readRules reads rules of a family.
func readRules(list [][]string, f netfilter.Family) ([]PolicyRule, error) {
	var rules []PolicyRule
	for i, words := range list {
		r, err := parsePolicyRule(append([]string{"-" + strconv.Itoa(4+2*int(f))}, words...))
		if err != nil {
			return nil, fmt.Errorf("rule %d (%s): %w", i+1, strings.Join(words, " "), err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}
