package xmlrules

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/parser/internal/rewritten"
)

// node is an element with its contents.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
	text     string
	line     int
}

// maxDepth is the maximum depth of nested elements, more than iptables-xml writes.
const maxDepth = 16

// Parse parses a text. Errors in rules have the type [parser.Errors]; warn, if
// not nil, is called for input that is accepted but probably not intended.
func Parse(name, text string, warn func(*parser.Error), opts ...parser.Option) (*netfilter.Ruleset, error) {
	root, err := read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if root.name != "iptables-rules" {
		return nil, fmt.Errorf("%s:%d: the text is XML, but its element is <%s>, not <iptables-rules> as iptables-xml writes it", name, root.line, root.name)
	}
	var t rewritten.Text
	for _, table := range root.children {
		if table.name != "table" {
			return nil, fmt.Errorf("%s:%d: unknown element <%s>", name, table.line, table.name)
		}
		if err := addTable(&t, table); err != nil {
			return nil, fmt.Errorf("%s:%w", name, err)
		}
	}
	if t.Empty() {
		return &netfilter.Ruleset{}, nil
	}
	return t.Parse(name, warn, opts...)
}

func read(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	top := &node{}
	stack := []*node{top}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		last := stack[len(stack)-1]
		switch tok := tok.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				return nil, fmt.Errorf("line %d: elements are nested more than %d deep", line, maxDepth)
			}
			n := &node{name: tok.Name.Local, attrs: map[string]string{}, line: line}
			for _, a := range tok.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			last.children = append(last.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			last.text += string(tok)
		}
	}
	if len(top.children) != 1 {
		return nil, errors.New("the text holds no element")
	}
	return top.children[0], nil
}

func addTable(t *rewritten.Text, table *node) error {
	name := table.attrs["name"]
	for _, c := range table.children {
		policy := c.attrs["policy"]
		if policy == "" {
			policy = "-"
		}
		t.Add(name, c.line, fmt.Sprintf(":%s %s [%s:%s]", c.attrs["name"], policy, count(c.attrs["packet-count"]), count(c.attrs["byte-count"])), "")
	}
	for _, c := range table.children {
		for _, r := range c.children {
			if r.name != "rule" {
				return fmt.Errorf("%d: unknown element <%s> in chain %s", r.line, r.name, c.attrs["name"])
			}
			for _, s := range rules(c.attrs["name"], r) {
				t.Add(name, r.line, s, "")
			}
		}
	}
	return nil
}

func count(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// rules returns the lines of a rule element: one for each action.
func rules(chain string, r *node) []string {
	var conditions string
	var actions []string
	for _, part := range r.children {
		switch part.name {
		case "conditions":
			for _, m := range part.children {
				if m.name != "match" {
					conditions += " -m " + m.name
				}
				conditions += options(m)
			}
		case "actions":
			for _, a := range part.children {
				switch a.name {
				case "call", "goto":
					flag := map[string]string{"call": " -j ", "goto": " -g "}[a.name]
					for _, target := range a.children {
						actions = append(actions, flag+target.name)
					}
				default:
					actions = append(actions, " -j "+a.name+options(a))
				}
			}
		}
	}
	if actions == nil {
		actions = []string{""}
	}
	var out []string
	for _, a := range actions {
		counters := ""
		if r.attrs["packet-count"] != "" {
			counters = "[" + r.attrs["packet-count"] + ":" + count(r.attrs["byte-count"]) + "] "
		}
		out = append(out, counters+"-A "+chain+conditions+a)
	}
	return out
}

// options writes the options of a match or target as they were in the text.
func options(n *node) string {
	var b strings.Builder
	for _, o := range n.children {
		if o.attrs["invert"] == "1" {
			b.WriteString(" !")
		}
		if len(o.name) == 1 {
			b.WriteString(" -" + o.name)
		} else {
			b.WriteString(" --" + o.name)
		}
		if text := strings.TrimSpace(o.text); text != "" {
			b.WriteString(" " + value(o.name, text))
		}
	}
	return b.String()
}

// texts are options with free text, whose escapes iptables-xml removes.
var texts = map[string]bool{"comment": true, "log-prefix": true, "nflog-prefix": true, "ulog-prefix": true, "string": true}

func value(option, text string) string {
	inner, ok := strings.CutPrefix(text, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	if !texts[option] || !ok || !closed {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(inner) + `"`
}
