package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// jsonObject is an entry of any of the three outputs; its keys tell which.
type jsonObject map[string]json.RawMessage

func (h *reading) addJSON(b []byte) error {
	var items []jsonObject
	if err := json.Unmarshal(b, &items); err != nil {
		return fmt.Errorf("not the output of ip -json: %w", err)
	}
	var rules [][]string
	for i, it := range items {
		var err error
		switch {
		case it["ifname"] != nil && it["vlans"] != nil: // decides nothing while vlan_filtering is off
		case it["ifname"] != nil && it["mac"] != nil:
			err = h.addJSONStation(it)
		case it["dst"] != nil && it["state"] != nil:
			err = h.addJSONNeighbor(it)
		case it["ifname"] != nil && it["cost"] != nil:
			err = h.addJSONPort(it)
		case it["ifname"] != nil:
			err = h.addJSONLink(it)
		case it["priority"] != nil:
			var words []string
			words, err = ruleWords(it)
			rules = append(rules, words)
		case it["dst"] != nil:
			err = h.addJSONRoute(it)
		default:
			err = errors.New("neither link, route, rule, neighbour nor station")
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return h.addRules(rules, "")
}

// text returns a value as iproute2 prints it without -json; "" if there is none.
func (o jsonObject) text(key string) (string, error) {
	raw, ok := o[key]
	if !ok {
		return "", nil
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return "", fmt.Errorf("%s: %s is neither text nor a number", key, raw)
	}
	if _, err := strconv.ParseInt(n.String(), 10, 64); err != nil {
		return "", fmt.Errorf("%s: %s is no whole number", key, raw)
	}
	return n.String(), nil
}

// keys returns the keys in a fixed order.
func (o jsonObject) keys() []string {
	var keys []string
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// jsonForm determines how the keys of an object translate to the words that iproute2
// prints without -json. A key in none of its fields is refused.
type jsonForm struct {
	words map[string]string // key of a value: its word
	pairs map[string]pair   // first key of two values that are one word's
	flags map[string]string // key without value: its word
	// ignored are keys that say what follows from others or decides nothing.
	ignored map[string]bool
}

// pair is the word that two values belong to, which sep joins.
type pair struct{ word, sep, second string }

// translate returns the words for an object.
func (f *jsonForm) translate(o jsonObject) ([]string, error) {
	var words []string
	seconds := map[string]bool{}
	for first, p := range f.pairs {
		seconds[p.second] = seconds[p.second] || o[first] != nil
	}
	for _, key := range o.keys() {
		value, err := "", error(nil)
		word, ok := f.words[key]
		p, paired := f.pairs[key]
		switch {
		case f.ignored[key] || seconds[key]:
			continue
		case f.flags[key] != "":
			words = append(words, f.flags[key])
			continue
		case ok:
			value, err = o.text(key)
		case paired:
			word = p.word
			value, err = o.joined(key, p)
		default:
			return nil, fmt.Errorf("%q: %s is not known here", key, o[key])
		}
		if err != nil {
			return nil, err
		}
		words = append(words, word, value)
	}
	return words, nil
}

// joined returns two values as one.
func (o jsonObject) joined(key string, p pair) (string, error) {
	first, err := o.text(key)
	if err != nil {
		return "", err
	}
	second, err := o.text(p.second)
	if err != nil || second == "" {
		return first, err
	}
	return first + p.sep + second, nil
}
