package host

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	linkLine = regexp.MustCompile(`^[0-9]+: \S+: <`)
	ruleLine = regexp.MustCompile(`^[0-9]+:\s`)
)

// dumpLine is a line of a dump, in words.
type dumpLine struct {
	number  int
	words   []string
	goes    bool // on with the line above: it begins with a blank
	begins  bool // with a link
	ofRules bool
}

// linesOf returns the lines that say something; those that begin with # or $,
// as commands do, are remarks.
func linesOf(text string) (list []dumpLine) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if words := strings.Fields(line); len(words) > 0 && words[0][0] != '#' && words[0] != "$" {
			list = append(list, dumpLine{n, words, line[0] == ' ' || line[0] == '\t', linkLine.MatchString(line), ruleLine.MatchString(line)})
		}
	}
	return list
}

// wrap adds the position to an error.
func (l *dumpLine) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("line %d (%s): %w", l.number, strings.Join(l.words, " "), err)
}

// addLines reads what ip prints without -json; the first line shows what it is.
func (h *reading) addLines(text string) error {
	lines := linesOf(text)
	switch {
	case len(lines) == 0:
		return errors.New("nothing but remarks: need the output of ip addr, ip route or ip rule")
	case lines[0].words[0] == "port" && len(lines[0].words) == 2: // bridge vlan, which decides nothing while vlan_filtering is off
		return nil
	case isStation(&lines[0]):
		return h.addStationLines(lines)
	case isNeighbor(&lines[0]):
		return h.addNeighborLines(lines)
	case lines[0].begins && slices.Contains(lines[0].words, "cost"):
		return h.addPortLines(lines)
	case lines[0].begins:
		return h.addLinkLines(lines)
	case !lines[0].ofRules:
		return h.addRouteLines(lines)
	}
	var rules [][]string
	for _, l := range lines {
		rules = append(rules, l.words)
	}
	return h.addRules(rules, ruleCommand.FindString(text))
}

// addRouteLines reads the output of "ip route".
func (h *Host) addRouteLines(lines []dumpLine) error {
	for i := 0; i < len(lines); {
		first := lines[i]
		words := first.words
		for i++; i < len(lines) && lines[i].goes; i++ {
			if lines[i].words[0] != "nh_info" {
				words = append(words, lines[i].words...)
			}
		}
		if err := h.addRoute(words); err != nil {
			return first.wrap(err)
		}
	}
	return nil
}
