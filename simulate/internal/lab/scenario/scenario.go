package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Scenario is a directory of testdata/scenarios.
type Scenario struct {
	Dir   string
	Sets  string // what sets.ipset holds, if there is one
	Cases []*Case
}

// Case is a packet and what becomes of it.
type Case struct {
	Rules string // path of the ruleset in force
	Fresh bool   // the ruleset was just loaded: there are no connections
	Name  string
	Sent  Packet
	Fate  string
	By    string // as a trace names rules; "" if no rule stopped the packet
	Ways  []Way  // one at least
	Said  []string

	first, results int // line numbers of "case:" and of the first result
}

// Way is a way the packet may go. Left, Answers and Trace are text as the log
// has it, without the blank at the end.
type Way struct {
	Chance  float64 // 1 unless luck decides
	Left    string
	Answers []string
	Trace   []string
}

// Find returns the scenarios below a directory.
func Find(dir string) ([]*Scenario, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "cases.txt"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no cases.txt in the directories below %s (%w)", dir, err)
	}
	var ss []*Scenario
	for _, f := range files {
		s, err := Read(filepath.Dir(f))
		if err != nil {
			return nil, err
		}
		ss = append(ss, s)
	}
	return ss, nil
}

// Read reads the cases of a scenario.
func Read(dir string) (*Scenario, error) {
	name := filepath.Join(dir, "cases.txt")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sets, err := os.ReadFile(filepath.Join(dir, "sets.ipset"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s := &Scenario{Dir: dir, Sets: string(sets)}
	r := reader{scenario: s}
	for i, line := range strings.Split(string(bytes.TrimRight(text, "\n")), "\n") {
		if err := r.line(i+1, line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	for _, c := range s.Cases {
		if !c.Sent.Packet.IsValid() || c.Fate == "" {
			return nil, fmt.Errorf("%s:%d: case %q needs a packet to send and its fate", name, c.first, c.Name)
		}
	}
	return s, nil
}

// reader takes cases.txt line by line.
type reader struct {
	scenario *Scenario
	rules    string
	fresh    bool
	list     *[]string // what indented lines belong to
}

func (r *reader) line(number int, line string) error {
	if item, indented := strings.CutPrefix(line, "\t"); indented && r.list != nil {
		*r.list = append(*r.list, item)
		return nil
	}
	r.list = nil
	if line == "" || line[0] == '#' {
		return nil
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("no colon in %q", line)
	}
	value = strings.TrimSpace(value)
	switch key {
	case "rules":
		r.rules, r.fresh = filepath.Join(r.scenario.Dir, value), true
		return nil
	case "case":
		r.scenario.Cases = append(r.scenario.Cases, &Case{Name: value, Rules: r.rules, Fresh: r.fresh, Ways: []Way{{Chance: 1}}, first: number})
		r.fresh = false
		return nil
	}
	if len(r.scenario.Cases) == 0 {
		return fmt.Errorf("%s: stands before the first case", key)
	}
	return r.field(number, r.scenario.Cases[len(r.scenario.Cases)-1], key, value)
}

// field takes a line of a case.
func (r *reader) field(number int, c *Case, key, value string) (err error) {
	if slices.Contains([]string{"send", "fate", "by", "said"}, key) && c.results != 0 {
		return fmt.Errorf("%s: stands behind the results", key)
	}
	way := &c.Ways[len(c.Ways)-1]
	switch key {
	case "send":
		c.Sent, err = ParsePacket(value)
		return err
	case "fate":
		c.Fate = value
		return nil
	case "by":
		c.By = value
		return nil
	case "said":
		r.list = &c.Said
		return nil
	}
	if c.results == 0 {
		c.results = number
	}
	switch key {
	case "chance":
		if way.Chance != 1 {
			c.Ways = append(c.Ways, Way{})
			way = &c.Ways[len(c.Ways)-1]
		}
		way.Chance, err = strconv.ParseFloat(value, 64)
	case "left":
		way.Left = value
	case "answer":
		way.Answers = append(way.Answers, value)
	case "trace":
		r.list = &way.Trace
	default:
		err = fmt.Errorf("unknown word %q: want rules, case, send, fate, by, said, chance, left, answer or trace", key)
	}
	return err
}

// Lucky reports whether luck decides the case.
func (c *Case) Lucky() bool { return c.Ways[0].Chance != 1 }

// BeforeLinux57 returns trace lines as kernels before 5.7 wrote them: at
// POSTROUTING they did not know by what link the packet had come
// (net/ipv4/ip_output.c, ip_output).
func BeforeLinux57(lines []string) []string {
	old := make([]string, len(lines))
	post := false
	for i, l := range lines {
		post = post || strings.Contains(l, ":POSTROUTING:")
		old[i] = l
		if post {
			old[i] = withoutIn(l)
		}
	}
	return old
}

func withoutIn(line string) string {
	words := strings.Split(line, " ")
	kept := words[:0]
	for _, w := range words {
		if strings.HasPrefix(w, "IN=") {
			w = "IN="
		}
		if !strings.HasPrefix(w, "MAC=") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}
