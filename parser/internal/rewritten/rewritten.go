// Package rewritten parses rules that were converted to the format of
// iptables-save from another format, and maps the positions of rules and errors
// to those in the original text.
package rewritten

import (
	"errors"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
)

// Text holds rules by table, each with the line of the original text. The zero value is
// ready for use.
type Text struct {
	tables []*table
}

type table struct {
	name  string
	lines []line
}

type line struct {
	text string
	from int // line of the original text
	as   string
}

// Add appends a line of a table, which may be any line between *NAME and COMMIT. Errors
// show the line of the original text; if that is "", they show the added line.
func (t *Text) Add(name string, from int, text, original string) {
	for _, known := range t.tables {
		if known.name == name {
			known.lines = append(known.lines, line{text, from, original})
			return
		}
	}
	t.tables = append(t.tables, &table{name, []line{{text, from, original}}})
}

// Empty reports whether nothing was added.
func (t *Text) Empty() bool { return len(t.tables) == 0 }

// flat returns all lines in the order in which they are parsed.
func (t *Text) flat() []line {
	var all []line
	for _, tab := range t.tables {
		first := tab.lines[0].from
		all = append(all, line{text: "*" + tab.name, from: first})
		all = append(all, tab.lines...)
		all = append(all, line{text: "COMMIT", from: tab.lines[len(tab.lines)-1].from})
	}
	return all
}

// Parse parses the rules. Errors have the type [parser.Errors]; warn, if not
// nil, is called for input that is accepted but probably not intended.
func (t *Text) Parse(name string, warn func(*parser.Error), opts ...parser.Option) (*netfilter.Ruleset, error) {
	lines := t.flat()
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
		b.WriteByte('\n')
	}
	if warn != nil {
		opts = append(opts, parser.Warnings(func(e *parser.Error) { move(lines, e); warn(e) }))
	}
	rs, err := parser.Parse(name, strings.NewReader(b.String()), opts...)
	if err != nil {
		var faults parser.Errors
		if errors.As(err, &faults) {
			for _, e := range faults {
				move(lines, e)
			}
		}
		return nil, err
	}
	for _, tab := range rs.Tables {
		place(lines, &tab.Pos)
		for _, c := range tab.Chains {
			place(lines, &c.Pos)
			for _, r := range c.Rules {
				place(lines, &r.Pos)
			}
		}
	}
	return rs, nil
}

// Without returns the text without the lines that an error of Parse refers to, and
// whether there were any.
func (t *Text) Without(err error) (*Text, bool) {
	var faults parser.Errors
	if !errors.As(err, &faults) {
		return t, false
	}
	bad := map[int]bool{}
	for _, f := range faults {
		bad[f.Pos.Line] = true
	}
	rest, dropped := &Text{}, false
	for _, tab := range t.tables {
		for _, l := range tab.lines {
			if bad[l.from] {
				dropped = true
				continue
			}
			rest.Add(tab.name, l.from, l.text, l.as)
		}
	}
	return rest, dropped
}

func place(lines []line, p *netfilter.Pos) {
	if p.Line >= 1 && p.Line <= len(lines) {
		p.Line = lines[p.Line-1].from
	}
}

func move(lines []line, e *parser.Error) {
	if n := e.Pos.Line; n >= 1 && n <= len(lines) {
		e.Pos.Line = lines[n-1].from
		if as := lines[n-1].as; as != "" {
			e.Line, e.Pos.Col = as, 1
		}
	}
}
