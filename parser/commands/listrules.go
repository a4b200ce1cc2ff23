package commands

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/internal/rewritten"
)

// ParseRules parses the output of "iptables -S", of one table or of several in
// succession. The output does not contain the name of the table: if table is
// "", it is determined from the built-in chains, which is an error if they are
// ambiguous.
func ParseRules(name, text, table string, warn func(*parser.Error), opts ...parser.Option) (*netfilter.Ruleset, error) {
	var t rewritten.Text
	for _, g := range groups(text) {
		in := table
		if in == "" {
			var err error
			if in, err = g.table(); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, g.first, err)
			}
		}
		for _, l := range g.lines {
			t.Add(in, l.number, l.text, "")
		}
	}
	if t.Empty() {
		return nil, fmt.Errorf("%s: no line begins with -P, -N or -A", name)
	}
	return t.Parse(name, warn, opts...)
}

type numberedLine struct {
	number int
	text   string
}

// group is the lines of one table.
type group struct {
	first    int
	lines    []numberedLine
	policies []string
	hints    []string // the only tables that allow some of the rules
}

// groups splits the text into tables. The policies of a table come first, so that a
// policy after a rule begins another table.
func groups(text string) []*group {
	var gs []*group
	n := 0
	rules := false
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimRight(l, "\r\n")
		words := strings.Fields(l)
		if len(words) < 2 || words[0][0] != '-' {
			continue
		}
		policy := words[0] == "-P"
		if len(gs) == 0 || policy && (rules || slices.Contains(gs[len(gs)-1].policies, words[1])) {
			gs = append(gs, &group{first: n})
			rules = false
		}
		g := gs[len(gs)-1]
		if policy {
			g.policies = append(g.policies, words[1])
		} else {
			rules = true
		}
		g.hints = append(g.hints, only(words)...)
		g.lines = append(g.lines, numberedLine{n, strings.Repeat(" ", len(l)-len(strings.TrimLeft(l, " \t"))) + strings.TrimLeft(l, " \t")})
	}
	return gs
}

// only returns the table of a target that is allowed in one table only; "" if it is
// allowed in several.
func only(words []string) []string {
	for i, w := range words {
		if (w == "-j" || w == "--jump") && i+1 < len(words) {
			switch words[i+1] {
			case "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP":
				return []string{"nat"}
			case "CT", "NOTRACK":
				return []string{"raw"}
			case "REJECT":
				return []string{"filter"}
			case "TPROXY", "TTL", "HL", "TOS", "DSCP", "ECN", "CHECKSUM":
				return []string{"mangle"}
			}
		}
	}
	return nil
}

func (g *group) table() (string, error) {
	if t := TableOf(g.policies); t != "" {
		return t, nil
	}
	for _, h := range g.hints {
		if h != g.hints[0] {
			return "", fmt.Errorf("the rules are of several tables (%s and %s)", g.hints[0], h)
		}
	}
	if len(g.hints) > 0 {
		return g.hints[0], nil
	}
	chains := g.policies
	for _, l := range g.lines {
		if w := strings.Fields(l.text); w[0] == "-A" && !slices.Contains(chains, w[1]) {
			chains = append(chains, w[1])
		}
	}
	if slices.Contains(chains, "PREROUTING") || slices.Contains(chains, "POSTROUTING") {
		return "", fmt.Errorf("the table is not told: %s are in several; print all of it with iptables-save", strings.Join(chains, ", "))
	}
	return "filter", nil
}

// TableOf returns the name of the table with these built-in chains; "" if there is none.
// It returns filter for the chains that tables filter and security have in common.
func TableOf(chains []string) string {
	key := strings.Join(slices.Sorted(slices.Values(chains)), " ")
	return map[string]string{
		"FORWARD INPUT OUTPUT":                        "filter",
		"INPUT OUTPUT POSTROUTING PREROUTING":         "nat",
		"OUTPUT POSTROUTING PREROUTING":               "nat",
		"FORWARD INPUT OUTPUT POSTROUTING PREROUTING": "mangle",
		"OUTPUT PREROUTING":                           "raw",
	}[key]
}

// FamilyOf determines the family of rules from their addresses and protocols;
// known is false if they do not show it.
func FamilyOf(text string) (f netfilter.Family, known bool) {
	for l := range strings.Lines(text) {
		for w := range strings.FieldsSeq(l) {
			w = strings.TrimPrefix(w, "!")
			switch {
			case w == "ipv6-icmp" || w == "icmpv6" || w == "icmp6" || strings.HasPrefix(w, "icmp6-") || strings.HasPrefix(w, "--icmpv6-"):
				return netfilter.IPv6, true
			case w == "icmp" || strings.HasPrefix(w, "icmp-") || strings.HasPrefix(w, "--icmp-"):
				return netfilter.IPv4, true
			case prefix(w, 4):
				return netfilter.IPv4, true
			case prefix(w, 6):
				return netfilter.IPv6, true
			}
		}
	}
	return netfilter.IPv4, false
}
