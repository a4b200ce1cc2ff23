package command

import (
	"fmt"
	"html"
	"strings"

	"github.com/packetpath/packetpath/examples/packetpath/internal/source"
	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser/packets"
	"github.com/packetpath/packetpath/simulate"
)

// figure is the path of a packet on the figure of netfilter's hooks.
type figure struct {
	arrives, leaves string // links; "" if it does not
	local           bool   // a process of the host sends it
	fate            simulate.Fate
	stops           string // the box where its way ends, "" if it gets through
	tables          map[string][]tableVisit
	order           []string // boxes in the order in which it came to them
}

// tableVisit is a table that the packet went through at a hook.
type tableVisit struct {
	name    string
	matched int  // rules that matched
	decided bool // where its fate was decided
}

// The boxes of the figure.
const (
	boxIn      = "in"
	boxRouting = "routing"
	boxProcess = "process"
	boxOut     = "out"
)

func figureOf(p *packets.Packet, r *simulate.Result) *figure {
	f := &figure{arrives: p.Dev, leaves: r.OutDev, local: p.Dev == "", fate: r.Fate, tables: map[string][]tableVisit{}}
	if f.local {
		f.visit(boxProcess)
	} else {
		f.visit(boxIn)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		box := s.Hook.String()
		if s.Kind == simulate.StepRoute {
			box = boxRouting
		}
		if s.Kind == simulate.StepLocal && !isHook(box) {
			continue
		}
		f.visit(box)
		if s.Table != "" {
			f.table(box, s, s == r.By)
		}
		if s == r.By && !r.Fate.Passed() {
			f.stops = box
		}
	}
	switch {
	case r.Fate == simulate.Delivered:
		f.visit(boxProcess)
	case r.OutDev != "" || r.Fate.Passed():
		f.visit(boxOut)
	}
	return f
}

func isHook(name string) bool {
	for h := netfilter.Prerouting; h < netfilter.NumHooks; h++ {
		if h.String() == name {
			return true
		}
	}
	return false
}

func (f *figure) visit(box string) {
	if n := len(f.order); n == 0 || f.order[n-1] != box {
		f.order = append(f.order, box)
	}
}

func (f *figure) table(box string, s *simulate.Step, decided bool) {
	list := f.tables[box]
	if n := len(list); n == 0 || list[n-1].name != s.Table {
		list = append(list, tableVisit{name: s.Table})
	}
	last := &list[len(list)-1]
	if s.Kind == simulate.StepRule {
		last.matched++
	}
	last.decided = last.decided || decided
	f.tables[box] = list
}

// on reports whether the packet came to a box.
func (f *figure) on(box string) bool {
	for _, b := range f.order {
		if b == box {
			return true
		}
	}
	return false
}

// between reports whether it went from one box straight to another.
func (f *figure) between(a, b string) bool {
	for i := range f.order {
		if i+1 < len(f.order) && f.order[i] == a && f.order[i+1] == b {
			return true
		}
	}
	return false
}

// text draws the path in lines: each box that the packet came to.
func (f *figure) text() []string {
	var out []string
	for i, b := range f.order {
		lead := "   │"
		if i > 0 {
			out = append(out, lead)
		}
		out = append(out, "   "+f.mark(b)+" "+f.title(b))
		for _, t := range f.tables[b] {
			line := fmt.Sprintf("   │   %s: %s matched", t.name, count(t.matched, "rule"))
			if t.decided {
				line += "  <- decided"
			}
			out = append(out, line)
		}
	}
	return append(out, "")
}

func (f *figure) mark(box string) string {
	if box == f.stops {
		return "✗"
	}
	return "●"
}

func (f *figure) title(box string) string {
	switch box {
	case boxIn:
		return "arrives by " + f.arrives
	case boxOut:
		if f.leaves == "" {
			return "leaves"
		}
		return "leaves by " + f.leaves
	case boxProcess:
		return "local process"
	case boxRouting:
		return "routing"
	}
	return box
}

// rectangle is the position and size of a box in the drawing.
type rectangle struct {
	box        string
	x, y, w, h int
}

// boxes follow the usual figure: from left to right through the host, the local
// processes above.
var boxes = []rectangle{
	{boxIn, 10, 190, 110, 60},
	{"PREROUTING", 160, 170, 150, 110},
	{boxRouting, 350, 190, 100, 60},
	{"FORWARD", 490, 170, 150, 110},
	{"POSTROUTING", 680, 170, 150, 110},
	{boxOut, 870, 190, 110, 60},
	{"INPUT", 325, 20, 150, 110},
	{boxProcess, 520, 40, 110, 60},
	{"OUTPUT", 680, 20, 150, 110},
}

func rectangleOf(box string) rectangle {
	for _, p := range boxes {
		if p.box == box {
			return p
		}
	}
	return rectangle{}
}

// arrows are the ways between boxes.
var arrows = [][2]string{{boxIn, "PREROUTING"}, {"PREROUTING", boxRouting}, {boxRouting, "FORWARD"}, {"FORWARD", "POSTROUTING"}, {"POSTROUTING", boxOut},
	{boxRouting, "INPUT"}, {"INPUT", boxProcess}, {boxProcess, "OUTPUT"}, {"OUTPUT", "POSTROUTING"}}

// taken reports whether the packet went by an arrow. Routing decides for packets
// of the host as well, where the drawing has no box.
func (f *figure) taken(a, b string) bool {
	if f.between(a, b) {
		return true
	}
	switch {
	case b == "OUTPUT" && a == boxProcess:
		return f.local && f.on("OUTPUT")
	case a == "OUTPUT" && b == "POSTROUTING":
		return f.on("OUTPUT") && f.on("POSTROUTING")
	case a == "POSTROUTING" && b == boxOut:
		return f.on("POSTROUTING") && f.on(boxOut)
	case a == "FORWARD" && b == "POSTROUTING":
		return f.on("FORWARD") && f.on("POSTROUTING")
	}
	return false
}

const style = `text{font:12px sans-serif;fill:#222}.t{font-weight:bold}.box{fill:#fff;stroke:#bbb}.on{fill:#e8f3ff;stroke:#2468b0;stroke-width:2}` +
	`.stop{fill:#fdecec;stroke:#c0392b;stroke-width:2}.way{stroke:#ccc;stroke-width:1.5;fill:none}.taken{stroke:#2468b0;stroke-width:3;fill:none}`

// svg draws the figure.
func (f *figure) svg(ans *answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 990 330" width="990" height="330" role="img"><title>%s</title><style>%s</style>`, esc(ans.Packet), style)
	b.WriteString(`<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0 8 4 0 8z" fill="#888"/></marker></defs>`)
	for _, a := range arrows {
		class := "way"
		if f.taken(a[0], a[1]) {
			class = "taken"
		}
		x1, y1, x2, y2 := ends2(rectangleOf(a[0]), rectangleOf(a[1]))
		fmt.Fprintf(&b, `<path class="%s" marker-end="url(#a)" d="M%d %d L%d %d"/>`, class, x1, y1, x2, y2)
	}
	for _, p := range boxes {
		f.drawBox(&b, p)
	}
	fmt.Fprintf(&b, `<text x="10" y="315">%s</text></svg>`, esc(cutText(ans.Answer, 150)))
	return b.String()
}

func (f *figure) drawBox(b *strings.Builder, p rectangle) {
	class := "box"
	switch {
	case p.box == f.stops:
		class = "box stop"
	case f.on(p.box):
		class = "box on"
	}
	fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="6"/><text class="t" x="%d" y="%d">%s</text>`, class, p.x, p.y, p.w, p.h, p.x+8, p.y+18, esc(f.boxTitle(p.box)))
	for i, t := range f.tables[p.box] {
		mark := ""
		if t.decided {
			mark = " ◀"
		}
		fmt.Fprintf(b, `<text x="%d" y="%d">%s: %d matched%s</text>`, p.x+8, p.y+36+15*i, esc(t.name), t.matched, mark)
	}
}

func (f *figure) boxTitle(box string) string {
	switch {
	case box == boxIn && f.arrives != "":
		return f.arrives
	case box == boxOut && f.leaves != "":
		return f.leaves
	case box == boxIn || box == boxOut:
		return "link"
	}
	return f.title(box)
}

// ends2 returns where an arrow between two boxes begins and ends.
func ends2(a, b rectangle) (x1, y1, x2, y2 int) {
	switch {
	case a.x+a.w <= b.x:
		return a.x + a.w, a.y + a.h/2, b.x, b.y + b.h/2
	case a.y > b.y:
		return a.x + a.w/2, a.y, b.x + b.w/2, b.y + b.h
	}
	return a.x + a.w/2, a.y + a.h, b.x + b.w/2, b.y
}

func esc(s string) string { return html.EscapeString(source.Printable(s)) }

func cutText(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// page writes a page of HTML that needs no other file.
func (f *figure) page(ans *answer, notes []source.Note) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>%s</title>
<style>body{font:14px sans-serif;margin:2em;max-width:75em}h1{font-size:1.2em}table{border-collapse:collapse}td{padding:.15em .6em;vertical-align:top}
td.p,td.r{font-family:monospace}tr.d{background:#fff3c4}th{text-align:left;padding:.6em .6em .15em}.no{color:#c0392b}.yes{color:#1e7e34}svg{max-width:100%%;height:auto}</style></head><body>
`, esc(ans.Packet))
	class := "no"
	if ans.Passed {
		class = "yes"
	}
	fmt.Fprintf(&b, "<h1>%s</h1>\n<p class=\"%s\" id=\"answer\">%s</p>\n", esc(ans.Packet), class, esc(ans.Answer))
	for _, w := range append(ans.Because, ans.Names...) {
		fmt.Fprintf(&b, "<p>%s</p>\n", esc(w))
	}
	b.WriteString(f.svg(ans) + "\n<table id=\"path\">\n")
	heading := ""
	for _, l := range ans.Result.Explain() {
		if h := strings.TrimSpace(l.Hook + " " + l.Links); h != heading {
			heading = h
			fmt.Fprintf(&b, "<tr><th colspan=\"3\">%s</th></tr>\n", esc(h))
		}
		row := ""
		if l.Decided {
			row = ` class="d"`
		}
		fmt.Fprintf(&b, "<tr%s><td class=\"p\">%s</td><td class=\"r\">%s</td><td>%s</td></tr>\n", row, esc(l.Place), esc(l.Text), esc(l.Change))
	}
	b.WriteString("</table>\n")
	if len(notes) > 0 {
		b.WriteString("<ul id=\"notes\">\n")
		for _, n := range notes {
			fmt.Fprintf(&b, "<li>%s</li>\n", esc(n.String()))
		}
		b.WriteString("</ul>\n")
	}
	b.WriteString("</body></html>\n")
	return b.String()
}
