package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/packetpath/packetpath/simulate"
)

// painter prints answers, in colour on terminals.
type painter struct {
	on     bool
	indent string
}

// The colours, as terminals take them.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	grey   = "\x1b[90m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

func (p *painter) paint(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return code + s + plain
}

func (p *painter) fate(r *simulate.Result) string {
	code := bold + red
	if r.Fate.Passed() {
		code = bold + green
	}
	return p.paint(code, r.String())
}

// path prints the steps, a heading for each hook, and ahead of each the rules
// that missed the packet.
func (p *painter) path(w io.Writer, r *simulate.Result, seen *misses) {
	heading := ""
	for i, l := range r.Explain() {
		if h := strings.TrimSpace(l.Hook + "  " + l.Links); h != heading {
			heading = h
			fmt.Fprintln(w, p.indent+p.paint(bold, h))
		}
		for _, m := range seen.before(&r.Steps[i]) {
			fmt.Fprintln(w, p.indent+"  "+p.paint(grey, m))
		}
		fmt.Fprintln(w, p.indent+"  "+p.line(&l))
	}
	for _, a := range r.Assumptions {
		fmt.Fprintln(w, p.indent+p.paint(yellow, "assumed: "), a)
	}
	for i := range r.Answers {
		a := &r.Answers[i]
		fmt.Fprintf(w, "%s%s %s: %s\n", p.indent, p.paint(bold, "the host answers by"), a.Dev, a)
	}
}

func (p *painter) line(l *simulate.Line) string {
	s := l.Text
	if l.Place != "" {
		s = p.paint(cyan, l.Place) + "  " + s
	}
	if l.Change != "" {
		s += "  " + p.paint(yellow, "["+l.Change+"]")
	}
	if l.Decided {
		s += "  " + p.paint(bold, "<- decided")
	}
	return s
}
