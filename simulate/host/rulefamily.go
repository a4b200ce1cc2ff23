package host

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// ReadPolicyRules reads what "ip rule" prints, with or without -json, for a
// family. [Read] reads it, too, where something shows of which family it is.
func ReadPolicyRules(text io.Reader, f netfilter.Family) ([]PolicyRule, error) {
	b, err := readText(text)
	if err != nil {
		return nil, err
	}
	var list [][]string
	if b = bytes.TrimSpace(b); bytes.HasPrefix(b, []byte("[")) {
		var items []jsonObject
		if err := json.Unmarshal(b, &items); err != nil {
			return nil, fmt.Errorf("not the output of ip -json: %w", err)
		}
		for i, it := range items {
			words, err := ruleWords(it)
			if err != nil {
				return nil, fmt.Errorf("entry %d: %w", i+1, err)
			}
			list = append(list, words)
		}
		return readRules(list, f)
	}
	for _, l := range linesOf(string(b)) {
		list = append(list, l.words)
	}
	return readRules(list, f)
}

// errRuleFamily asks for the family of policy rules.
var errRuleFamily = errors.New("nothing shows whether these are rules of IPv4 or of IPv6, which \"ip rule\" does not print: " +
	"put the command ahead of them, as \"# ip rule\" or \"# ip -6 rule\", or read them with ReadPolicyRules")

// ruleCommand is a line with the command that printed policy rules.
var ruleCommand = regexp.MustCompile(`(?m)^[#$].*\bip\b.*\bru(l|le)?\b.*$`)

// familyOfRules determines the family of the output of "ip rule", which does not name
// it: by the command if that is known, by an address, by a word that only IPv4 has, or,
// if the list is complete, by the rule for table default, which only IPv4 has.
func familyOfRules(list [][]string, told string) (netfilter.Family, error) {
	if told != "" {
		if strings.Contains(told, "-6") || strings.Contains(told, "inet6") {
			return netfilter.IPv6, nil
		}
		return netfilter.IPv4, nil
	}
	has := func(test func(word, value string) bool) bool {
		return slices.ContainsFunc(list, func(words []string) bool {
			for i := range max(len(words)-1, 0) {
				if test(words[i], words[i+1]) {
					return true
				}
			}
			return false
		})
	}
	table := func(names ...string) bool {
		return has(func(word, value string) bool {
			return (word == "lookup" || word == "table") && slices.Contains(names, value)
		})
	}
	address := func(mark string) bool {
		return has(func(word, value string) bool {
			return (word == "from" || word == "to") && strings.Contains(value, mark)
		})
	}
	switch {
	case address(":"):
		return netfilter.IPv6, nil
	case address("."), table("default", "253"), has(func(word, _ string) bool { return word == "realms" }):
		return netfilter.IPv4, nil
	case table("local", "255") && table("main", "254"):
		return netfilter.IPv6, nil
	}
	return netfilter.IPv4, errRuleFamily
}
