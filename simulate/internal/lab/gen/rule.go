package gen

import (
	"slices"
	"strings"
)

// header draws the options of the rule itself and tells the hand about -p.
func (r *Rand) header() []string {
	var words []string
	if r.Maybe(0.25) {
		words = append(words, r.Not()+"-s "+r.net())
	}
	if r.Maybe(0.3) {
		words = append(words, r.Not()+"-d "+r.net())
	}
	if r.Maybe(0.15) && r.mayName("PREROUTING INPUT FORWARD") {
		words = append(words, r.Not()+"-i "+r.Word("iface"))
	}
	if r.Maybe(0.15) && r.mayName("FORWARD OUTPUT POSTROUTING") {
		words = append(words, r.Not()+"-o "+r.Word("iface"))
	}
	if r.Family == 4 && r.Maybe(0.05) {
		words = append(words, r.Not()+"-f")
	}
	if word := r.protocol(); word != "" {
		words = append(words, word)
	}
	r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return words
}

// mayName reports whether a rule may name a device that exists in these hooks
// only. In user chains the tool cannot know, and takes it everywhere.
func (r *Rand) mayName(hooks string) bool {
	builtin := slices.Equal(r.Hooks, []string{r.Chain})
	return (Entry{Hooks: hooks}).fits(r.Position) || !builtin && r.Maybe(0.2)
}

// protocol draws -p, in half of the rules.
func (r *Rand) protocol() string {
	r.Proto = ""
	if r.Maybe(0.45) {
		return ""
	}
	spellings := [][]string{
		{"tcp", "tcp", "6"}, {"tcp", "tcp"}, {"udp", "udp", "17"}, {"udp", "udp"}, {"sctp", "sctp", "132"}, {"dccp", "dccp", "33"},
		{"udplite", "udplite"}, {"esp", "esp", "50"}, {"ah", "ah"}, {"gre", "47"}, {"253", "253"}, {"", "all", "0"},
	}
	icmp := []string{"icmp", "icmp", "1"}
	spellings = append(spellings, []string{"ipcomp", "ipcomp", "108"})
	if r.Family == 6 {
		spellings = append(spellings, []string{"mh", "mh", "135"})
		icmp = []string{"ipv6-icmp", "ipv6-icmp", "icmpv6", "58"}
	}
	p := Pick(r, append(spellings, icmp, icmp)...)
	word := Pick(r, p[1:]...)
	if p[0] != "" && r.Maybe(0.1) {
		return "! -p " + word
	}
	r.Proto = p[0]
	return "-p " + word
}

// rule draws a rule for a chain. jumps are the chains it may go to.
func (r *Rand) rule(c *Config, jumps []string) string {
	words := append([]string{"-A", r.Chain}, r.header()...)
	more := 0.3
	if r.Proto != "" {
		more = 0.75 // so that transport headers are looked at
	}
	var used []string
	for r.Maybe(more) {
		e, ok := r.chooseEntry(c.Matches, c.Favor)
		if !ok {
			break
		}
		// The tool refuses "-m mark --mark 1 -m connmark --mark 1 -m mark --mark 1":
		// a match may come back only at once.
		if i := slices.Index(used, e.Name); i >= 0 && i != len(used)-1 {
			continue
		}
		used = append(used, e.Name)
		words = append(words, "-m "+e.draw(r))
		more = 0.35
	}
	return strings.Join(append(words, r.action(c, jumps)...), " ")
}

// action draws the rule's end: a jump, a target, or nothing.
func (r *Rand) action(c *Config, jumps []string) []string {
	switch {
	case len(jumps) > 0 && r.Maybe(0.3):
		return []string{Pick(r, "-j", "-j", "-j", "-g"), Pick(r, jumps...)}
	case r.Maybe(0.08):
		return nil
	}
	e, ok := r.chooseEntry(c.Targets, c.Favor)
	if !ok {
		return nil
	}
	return []string{"-j " + e.draw(r)}
}
