package command

import (
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/parser/packets"
)

const showLong = `Shows tables, chains and their jumps, as a tree or as a graph for Graphviz or Mermaid.
With a packet it draws its path on the figure of netfilter's hooks, as text, as SVG or as
a page of HTML that needs no other file.`

// shower is the verb show.
type shower struct {
	*app
	question
	format, table string
}

func (a *app) show() *cobra.Command {
	s := &shower{app: a}
	cmd := verb("show [FILES…] [PACKET]", "Draw tables and chains, or the path of a packet", showLong, func(_ *cobra.Command, args []string) error { return s.run(args) })
	cmd.Example = `  packetpath show -o dot rules.v4 | dot -Tsvg > rules.svg
  packetpath show -o html node/ 'eth0: tcp 192.0.2.9 > 192.0.2.7:443' > path.html`
	f := cmd.Flags()
	s.flags(f)
	f.StringVarP(&s.format, "output", "o", "", "tree, dot or mermaid; of a packet text, svg or html")
	f.StringVar(&s.table, "table", "", "only this `table`")
	return cmd
}

func (s *shower) run(args []string) error {
	if err := s.take(args); err != nil {
		return err
	}
	node, err := s.load(&s.question)
	if err != nil {
		return err
	}
	drawn := len(s.question.packets) > 0
	if !drawn && len(s.chains(node)) == 0 {
		if s.table != "" {
			return fmt.Errorf("-table %s: no table of this name is among the files", s.table)
		}
		return errors.New("no rules are among the files, and no packet is given: there is nothing to show")
	}
	switch format := s.format; {
	case drawn && (format == "" || format == "text" || format == "svg" || format == "html"):
		return s.path_(node)
	case drawn:
		return fmt.Errorf("-o %s: the path of a packet is drawn as text, svg or html", format)
	case s.json:
		return s.objects(node)
	case format == "" || format == "tree":
		s.tree(node)
	case format == "dot":
		fmt.Fprint(s.Out, s.dot(node))
	case format == "mermaid":
		fmt.Fprint(s.Out, s.mermaid(node))
	default:
		return fmt.Errorf("-o %s: tables are drawn as tree, dot or mermaid; give a packet for text, svg or html", format)
	}
	return nil
}

// tree prints each chain that the kernel calls with its rules, and below a jump the
// chain that it leads to, where it is reached first.
func (s *shower) tree(node *source.Node) {
	all := s.chains(node)
	byID := map[string]*shownChain{}
	for i := range all {
		byID[all[i].id()] = &all[i]
	}
	shown := map[string]bool{}
	var walk func(c *shownChain, indent int)
	walk = func(c *shownChain, indent int) {
		shown[c.id()] = true
		for i, r := range c.rules {
			s.line(indent, s.paint(cyan, fmt.Sprintf("%d  ", i+1)), s.paint("", strings.TrimPrefix(r.text, "-A "+c.name+" ")))
			for _, to := range r.calls {
				switch next := byID[c.sibling(to)]; {
				case next == nil:
				case shown[next.id()]:
					s.line(indent+4, s.paint(grey, next.name+" is shown above"))
				default:
					if len(r.calls) > 1 {
						s.line(indent+4, s.paint(bold, next.name))
					}
					walk(next, indent+4)
				}
			}
		}
	}
	last := ""
	for i := range all {
		c := &all[i]
		if table := c.family + " " + c.table; table != last {
			last = table
			s.line(0, s.paint(bold, table))
		}
		if c.called() {
			s.line(2, s.paint(bold, c.name), fmt.Sprintf("  %spolicy %s, %s", c.hook, c.policy, count(len(c.rules), "rule")))
			walk(c, 4)
		}
	}
	for i := range all {
		if c := &all[i]; !shown[c.id()] && !c.called() {
			s.line(2, s.paint(bold, c.name), s.paint(grey, fmt.Sprintf("  %s %s: no rule leads here", c.family, c.table)))
			walk(c, 4)
		}
	}
}

func (s *shower) dot(node *source.Node) string {
	var b strings.Builder
	b.WriteString("digraph rules {\n\trankdir=LR;\n\tnode [shape=box, fontname=\"monospace\"];\n")
	for _, c := range s.chains(node) {
		label := c.name + "\\n" + count(len(c.rules), "rule")
		shape := ""
		if c.called() {
			label += "\\npolicy " + c.policy
			shape = ", style=filled, fillcolor=lightgrey"
		}
		fmt.Fprintf(&b, "\t%q [label=\"%s\"%s];\n", c.id(), strings.ReplaceAll(label, `"`, `\"`), shape)
		for _, to := range c.calls() {
			fmt.Fprintf(&b, "\t%q -> %q;\n", c.id(), c.sibling(to))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func (s *shower) mermaid(node *source.Node) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	all := s.chains(node)
	number := map[string]int{}
	for i := range all {
		number[all[i].id()] = i
	}
	for i := range all {
		c := &all[i]
		label := fmt.Sprintf("%s %s<br>%s", c.table, html.EscapeString(c.name), count(len(c.rules), "rule"))
		if c.called() {
			label += "<br>policy " + c.policy
		}
		fmt.Fprintf(&b, "    c%d[\"%s\"]\n", i, label)
		for _, to := range c.calls() {
			if n, ok := number[c.sibling(to)]; ok {
				fmt.Fprintf(&b, "    c%d --> c%d\n", i, n)
			}
		}
	}
	return b.String()
}

// chainJSON is a chain in JSON.
type chainJSON struct {
	Family string   `json:"family"`
	Table  string   `json:"table"`
	Chain  string   `json:"chain"`
	Policy string   `json:"policy,omitempty"`
	Rules  []string `json:"rules"`
	Calls  []string `json:"calls,omitempty"`
}

func (s *shower) objects(node *source.Node) error {
	for _, c := range s.chains(node) {
		j := chainJSON{Family: c.family, Table: c.table, Chain: c.name, Policy: c.policy, Rules: []string{}, Calls: c.calls()}
		for _, r := range c.rules {
			j.Rules = append(j.Rules, r.text)
		}
		if err := s.object(j); err != nil {
			return err
		}
	}
	return nil
}

// path_ draws the path of a packet.
func (s *shower) path_(node *source.Node) error {
	if len(s.question.packets) != 1 {
		return errors.New("one packet is drawn at a time")
	}
	p, err := packets.Parse(s.question.packets[0])
	if err != nil {
		return fmt.Errorf("packet %q: %w", s.question.packets[0], err)
	}
	arrive(node, p, s.question.dev)
	session, err := node.Session()
	if err != nil {
		return err
	}
	r := send(session, p)
	if r.Err != nil {
		return r.Err
	}
	ans := s.answer(node, p, r)
	f := figureOf(p, r)
	notes := append(slices.Clone(node.Notes), ans.Notes...)
	switch s.format {
	case "svg":
		fmt.Fprintln(s.Out, f.svg(ans))
	case "html":
		fmt.Fprint(s.Out, f.page(ans, notes))
	default:
		for _, l := range f.text() {
			s.line(0, s.paint("", l))
		}
		s.first(ans)
		s.path(0, r, &misses{})
		s.printNotes(notes)
	}
	return nil
}
