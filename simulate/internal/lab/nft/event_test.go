package nft_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// event is an event of the kernel's trace.
type event struct {
	ID      string `json:"id"`
	Family  string `json:"family"`
	Table   string `json:"table"`
	Chain   string `json:"chain"`
	Type    string `json:"type"`
	Handle  uint64 `json:"handle"`
	Verdict string `json:"verdict"`
	Policy  string `json:"policy"`
}

// compat are the tables of iptables-nft that a case loads, such as "ip filter". The
// kernel traces them as it does native ones; the simulator's steps in them are
// those of xtables.
type compat map[string]bool

func (c *recordedCase) compat() compat {
	tables := compat{}
	for family, text := range map[string]string{"ip": c.Rules4NFT, "ip6": c.Rules6NFT} {
		for line := range strings.Lines(text) {
			if name, ok := strings.CutPrefix(line, "*"); ok {
				tables[family+" "+strings.TrimSpace(name)] = true
			}
		}
	}
	return tables
}

// native returns the events that are of other tables.
func (c compat) native(events []event) []event {
	return slices.DeleteFunc(slices.Clone(events), func(e event) bool { return c[e.Family+" "+e.Table] })
}

// nativeLines returns the lines of nft monitor that are of other tables.
func (c compat) nativeLines(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
		words := strings.Fields(l)
		return len(words) > 4 && c[words[3]+" "+words[4]]
	})
}

// steps returns what the kernel's events in such tables are held to: the lines of
// the steps of xtables in a packet's path.
func (c compat) steps(r *simulate.Result) []string {
	family := map[netfilter.Family]string{netfilter.IPv4: "ip ", netfilter.IPv6: "ip6 "}[r.Packet.Family()]
	var lines []string
	for i := range r.Steps {
		s := r.Steps[i]
		if c[family+s.Table] && (s.Kind == simulate.StepRule || s.Kind == simulate.StepPolicy || s.Kind == simulate.StepReturn) {
			lines = append(lines, family+stepWords(&s))
		}
	}
	for _, caused := range r.Caused {
		lines = append(lines, c.steps(caused)...)
	}
	return lines
}

// differences lists where these steps differ from the kernel's events. Where a
// listing could not show a rule, nothing says which one an event is of.
func (c compat) differences(want []event, places map[handle]int, got *simulate.Result) []string {
	kernel, own := c.events(want, places), c.steps(got)
	if slices.ContainsFunc(kernel, func(l string) bool { return strings.Contains(l, " rule 0 ") }) {
		kernel, own = withoutNumbers(kernel), withoutNumbers(own)
	}
	return diff("in tables of iptables-nft", sorted(kernel), sorted(own))
}

// events returns the lines of the kernel's events in such tables. It tells of the
// end of base chains, too, which iptables has no step for.
func (c compat) events(events []event, places map[handle]int) []string {
	var lines []string
	for _, e := range events {
		if c[e.Family+" "+e.Table] && (e.Type == "policy" || e.Handle != 0 || !builtin[e.Chain]) {
			lines = append(lines, e.words(places))
		}
	}
	return lines
}

var builtin = map[string]bool{"PREROUTING": true, "INPUT": true, "FORWARD": true, "OUTPUT": true, "POSTROUTING": true}

// handle is the number of a rule in its table.
type handle struct {
	table string
	n     uint64
}

// places returns where in their chains the rules stand, from 1, that a listing
// has handles for, by line.
func (c *recordedCase) places() map[handle]int {
	places := map[handle]int{}
	table, number, depth := "", 0, 0
	for i, line := range strings.Split(c.List, "\n") {
		words := strings.Fields(line)
		h, numbered := c.Handles[strconv.Itoa(i)]
		switch {
		case strings.HasPrefix(line, "table "):
			table = words[1] + " " + words[2]
		case strings.HasPrefix(line, "\tchain "):
			number, depth = 0, 2
		case line == "\t}":
			depth = 0
		case depth == 2 && numbered:
			number++
			places[handle{table, h}] = number
		}
	}
	return places
}

// words returns the event as a line: table, chain, the rule's place, and how it
// ended. Jumps count as going on: the rules that follow tell where to.
func (e *event) words(places map[handle]int) string {
	place := fmt.Sprintf("%s %s:%s", e.Family, e.Table, e.Chain)
	switch {
	case e.Type == "policy":
		return place + " policy " + e.Policy
	case e.Handle == 0:
		return place + " end"
	}
	number := places[handle{e.Family + " " + e.Table, e.Handle}]
	verdict := e.Verdict
	if verdict == "jump" || verdict == "goto" {
		verdict = "continue"
	}
	return fmt.Sprintf("%s rule %d %s", place, number, verdict)
}

// stepWords returns the step as the line of its event.
func stepWords(s *simulate.Step) string {
	place := s.Table + ":" + s.Chain
	switch verdict := strings.ToLower(s.Verdict.String()); s.Kind {
	case simulate.StepPolicy:
		return place + " policy " + verdict
	case simulate.StepReturn:
		return place + " end"
	default:
		return fmt.Sprintf("%s rule %d %s", place, s.Number, verdict)
	}
}

// stepsOf returns the lines of the traced steps of a packet.
func stepsOf(r *simulate.Result) []string {
	var lines []string
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Traced && strings.Contains(s.Table, " ") && (s.Kind == simulate.StepRule || s.Kind == simulate.StepPolicy || s.Kind == simulate.StepReturn) {
			lines = append(lines, stepWords(s)) // tables of xtables have no family in their names
		}
	}
	return lines
}

// causedSteps returns those of the packets that it brought about.
func causedSteps(r *simulate.Result) []string {
	var lines []string
	for _, c := range r.Caused {
		lines = append(append(lines, stepsOf(c)...), causedSteps(c)...)
	}
	return lines
}

// eventDifferences lists where the steps of a packet, and those of what the host
// answers, differ from the kernel's events. Events of answers may stand among
// those of the packet.
func eventDifferences(places map[handle]int, want []event, got *simulate.Result) []string {
	kernel := make([]string, len(want))
	for i := range want {
		kernel[i] = want[i].words(places)
	}
	own := stepsOf(got)
	if len(places) == 0 { // without handles nothing says which rule it was
		kernel, own = withoutNumbers(kernel), withoutNumbers(own)
	}
	caused := causedSteps(got)
	if len(places) == 0 {
		caused = withoutNumbers(caused)
	}
	all := append(slices.Clone(own), caused...)
	if slices.Equal(sorted(kernel), sorted(all)) && isSubsequence(own, kernel) {
		return nil
	}
	d := []string{"events:"}
	for i := range max(len(kernel), len(all)) {
		k, s := "-", "-"
		if i < len(kernel) {
			k = kernel[i]
		}
		if i < len(all) {
			s = all[i]
		}
		mark := "  "
		if k != s {
			mark = "! "
		}
		d = append(d, fmt.Sprintf("%s%-60s %s", mark, k, s))
	}
	return d
}

var ruleNumber = regexp.MustCompile(` rule \d+ `)

func withoutNumbers(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = ruleNumber.ReplaceAllString(l, " rule ")
	}
	return out
}

func sorted(lines []string) []string {
	lines = slices.Clone(lines)
	slices.Sort(lines)
	return lines
}

func isSubsequence(part, of []string) bool {
	for _, line := range of {
		if len(part) > 0 && part[0] == line {
			part = part[1:]
		}
	}
	return len(part) == 0
}
