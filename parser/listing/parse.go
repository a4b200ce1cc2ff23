package listing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/commands"
	"github.com/packetpath/packetpath/parser/internal/rewritten"
)

// Note describes information missing in a listing, and what is assumed instead.
type Note struct {
	Line int // 0 if it applies to the whole listing
	Text string
}

// Options give information that a listing does not contain. The zero value
// stands for IPv4, with the table determined by its chains.
type Options struct {
	Family netfilter.Family
	Table  string
	Warn   func(*parser.Error) // called for input that is accepted but probably not intended; may be nil
	Parser []parser.Option
}

var (
	chainLine = regexp.MustCompile(`^Chain (\S+) \((?:policy (\S+)(?: (\d+[KMGT]?) packets, (\d+[KMGT]?) bytes)?|(-?\d+) references)\)\s*$`)
	headLine  = regexp.MustCompile(`^(num\s+)?\s*(pkts\s+bytes\s+)?target\s+prot\s+(opt\s+)?(in\s+out\s+)?source\s+destination\s*$`)
)

// Looks reports whether a line begins a chain of a listing.
func Looks(line string) bool { return chainLine.MatchString(line) }

// Parse parses a listing of one table, or of several in succession. Errors have
// the type [parser.Errors].
func Parse(name, text string, o Options) (*netfilter.Ruleset, []Note, error) {
	r := &reader{name: name, Options: o}
	r.read(text)
	if len(r.errs) > 0 {
		return nil, r.notes, r.errs
	}
	var t rewritten.Text
	for _, g := range r.groups {
		in, err := r.tableOf(g)
		if err != nil {
			return nil, r.notes, err
		}
		for _, c := range g.chains { // declared first: rules may jump to chains further down
			t.Add(in, c.line, c.declaration(), c.text)
		}
		for _, c := range g.chains {
			for _, rule := range c.rules {
				t.Add(in, rule.line, rule.save(c.name), rule.text)
			}
		}
	}
	if t.Empty() {
		return nil, r.notes, fmt.Errorf("%s: no line begins a chain: \"Chain INPUT (policy ACCEPT)\"", name)
	}
	rs, err := t.Parse(name, o.Warn, append([]parser.Option{parser.Family(o.Family)}, o.Parser...)...)
	return rs, r.notes, err
}

// chain is a chain of the listing.
type chain struct {
	name, policy, packets, bytes string
	rules                        []*rule
	line                         int
	text                         string
}

func (c *chain) declaration() string {
	if c.policy == "" {
		return ":" + c.name + " - [0:0]"
	}
	return fmt.Sprintf(":%s %s [%s:%s]", c.name, c.policy, number(c.packets), number(c.bytes))
}

// group is the chains of one table.
type group struct {
	chains []*chain
}

func (g *group) builtin() (names []string) {
	for _, c := range g.chains {
		if c.policy != "" {
			names = append(names, c.name)
		}
	}
	return names
}

// number returns a counter without its unit letter.
func number(s string) string {
	if s == "" {
		return "0"
	}
	if i := strings.IndexByte("KMGT", s[len(s)-1]); i >= 0 {
		return s[:len(s)-1] + strings.Repeat("000", i+1)
	}
	return s
}

// reader reads one listing.
type reader struct {
	Options
	name   string
	groups []*group
	errs   parser.Errors
	notes  []Note
	noted  map[string]bool
	head   columns
	short  bool // counters have unit letters
}

// columns are the columns named by the line above the rules.
type columns struct {
	known, numbers, counters, opt, links bool
}

func (r *reader) note(line int, text string) {
	if r.noted[text] {
		return
	}
	if r.noted == nil {
		r.noted = map[string]bool{}
	}
	r.noted[text] = true
	r.notes = append(r.notes, Note{line, text})
}

func (r *reader) fail(line, col int, text, word string, format string, args ...any) {
	r.errs = append(r.errs, &parser.Error{Pos: netfilter.Pos{File: r.name, Line: line, Col: col + 1}, Line: text, Word: word, Err: fmt.Errorf(format, args...)})
}

func (r *reader) read(text string) {
	n := 0
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimRight(l, "\r\n")
		switch {
		case strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#"):
		case chainLine.MatchString(l):
			r.chain(n, l)
		case headLine.MatchString(l):
			r.heading(n, l)
		case len(r.groups) == 0:
			r.fail(n, 0, l, "", "the line is outside a chain: a listing begins with \"Chain NAME (policy …)\"")
		case !r.head.known:
			r.fail(n, 0, l, "", "the line that names the columns (target, prot, …) is missing")
		default:
			r.rule(n, l)
		}
	}
}

func (r *reader) chain(n int, l string) {
	m := chainLine.FindStringSubmatch(l)
	c := &chain{name: m[1], policy: m[2], packets: m[3], bytes: m[4], line: n, text: l}
	if len(r.groups) == 0 || r.begins(c) {
		r.groups = append(r.groups, &group{})
	}
	g := r.groups[len(r.groups)-1]
	g.chains = append(g.chains, c)
	r.head = columns{}
}

// begins reports whether a chain is the first of another table: the built-in
// chains come first, in the order of the hooks.
func (r *reader) begins(c *chain) bool {
	g := r.groups[len(r.groups)-1]
	if slices.ContainsFunc(g.chains, func(o *chain) bool { return o.name == c.name }) {
		return true
	}
	if c.policy == "" {
		return false
	}
	last := g.chains[len(g.chains)-1]
	if last.policy == "" {
		return true
	}
	order := []string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}
	if last.name == "POSTROUTING" && c.name == "OUTPUT" { // nat before Linux 2.6.36
		return false
	}
	return slices.Index(order, c.name) <= slices.Index(order, last.name)
}

func (r *reader) heading(n int, l string) {
	m := headLine.FindStringSubmatch(l)
	r.head = columns{known: true, numbers: m[1] != "", counters: m[2] != "", opt: m[3] != "", links: m[4] != ""}
	if !r.head.links {
		r.note(n, "the listing was made without -v: it does not say which interfaces rules are for, nor what they counted; every rule is taken to be for all interfaces")
	}
}

func (r *reader) tableOf(g *group) (string, error) {
	if r.Table != "" {
		return r.Table, nil
	}
	if t := commands.TableOf(g.builtin()); t != "" {
		return t, nil
	}
	first := g.chains[0]
	for _, c := range g.chains {
		for _, rule := range c.rules {
			if t := tableOfTarget[rule.target]; t != "" {
				return t, nil
			}
		}
	}
	names := g.builtin()
	if slices.Contains(names, "PREROUTING") || slices.Contains(names, "POSTROUTING") {
		return "", parser.Errors{{Pos: netfilter.Pos{File: r.name, Line: first.line, Col: 1}, Line: first.text, Err: fmt.Errorf("the listing does not say which table it is of, and several have %s", strings.Join(names, " and ")),
			Hint: "name it (nat:FILE, mangle:FILE or raw:FILE), or print all tables with iptables-save"}}
	}
	r.note(first.line, "the listing does not name its table, and not all built-in chains are there; it is taken to be of table filter")
	return "filter", nil
}

// tableOfTarget has the table of targets that are allowed in one table only.
var tableOfTarget = map[string]string{
	"DNAT": "nat", "SNAT": "nat", "MASQUERADE": "nat", "REDIRECT": "nat", "NETMAP": "nat",
	"CT": "raw", "NOTRACK": "raw", "TPROXY": "mangle", "TTL": "mangle", "HL": "mangle", "TOS": "mangle", "DSCP": "mangle", "ECN": "mangle", "CHECKSUM": "mangle",
	"REJECT": "filter",
}
