package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
)

// answer sends the packet and prints what becomes of it; it returns the exit
// status.
func (o *options) answer(w io.Writer, colour bool) (int, error) {
	node, err := o.node()
	if err != nil {
		return 0, err
	}
	dev, packet, err := parser.ParsePacket(o.packet)
	if err != nil {
		return 0, err
	}
	session := node.NewSession(simulate.WithSeed(o.seed))
	var r *simulate.Result
	if dev == "" {
		r = session.Send(packet)
	} else {
		r = session.Receive(dev, packet)
	}
	if err := o.print(w, r, colour); err != nil {
		return 0, err
	}
	switch {
	case r.Err != nil:
		return 0, r.Err
	case r.Fate.Passed():
		return statusPassed, nil
	}
	return statusDropped, nil
}

func (o *options) node() (*simulate.Node, error) {
	host, err := simulate.ReadHostFiles(o.hosts...)
	if err != nil {
		return nil, err
	}
	var rulesets []*netfilter.Ruleset
	for _, f := range []struct {
		path   string
		family netfilter.Family
	}{{o.rules, netfilter.IPv4}, {o.rules6, netfilter.IPv6}} {
		if f.path == "" {
			continue
		}
		rs, err := parser.ParseFile(f.path, parser.Family(f.family))
		if err != nil {
			return nil, err
		}
		rulesets = append(rulesets, rs)
	}
	return simulate.New(host, rulesets...)
}

func (o *options) print(w io.Writer, r *simulate.Result, colour bool) error {
	if o.json {
		b, err := json.MarshalIndent(r, "", "  ")
		if err == nil {
			_, err = fmt.Fprintf(w, "%s\n", b)
		}
		return err
	}
	p := painter{colour}
	fmt.Fprintln(w, p.fate(r))
	if o.trace {
		for _, l := range r.Trace() {
			fmt.Fprintln(w, "TRACE: "+l)
		}
		return nil
	}
	p.path(w, r)
	return nil
}

// painter colours what is printed, on terminals only.
type painter struct{ on bool }

// The colours, as terminals take them.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

func (p painter) paint(code, s string) string {
	if !p.on || s == "" {
		return s
	}
	return code + s + plain
}

func (p painter) fate(r *simulate.Result) string {
	code := bold + red
	if r.Fate.Passed() {
		code = bold + green
	}
	return p.paint(code, r.String())
}

// path prints the steps, a heading for each hook.
func (p painter) path(w io.Writer, r *simulate.Result) {
	heading := ""
	for _, l := range r.Explain() {
		if h := strings.TrimSpace(l.Hook + "  " + l.Links); h != heading {
			heading = h
			fmt.Fprintln(w, p.paint(bold, h))
		}
		s := "  "
		if l.Place != "" {
			s += p.paint(cyan, l.Place) + "  "
		}
		s += l.Text
		if l.Change != "" {
			s += "  " + p.paint(yellow, "["+l.Change+"]")
		}
		if l.Decided {
			s += "  " + p.paint(bold, "<- decided")
		}
		fmt.Fprintln(w, s)
	}
	for _, a := range r.Assumptions {
		fmt.Fprintln(w, p.paint(yellow, "assumed: "), a)
	}
	for i := range r.Answers {
		a := &r.Answers[i]
		fmt.Fprintf(w, "%s %s: %s\n", p.paint(bold, "the host answers by"), a.Dev, a)
	}
}
