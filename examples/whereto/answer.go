package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/parser"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/host"
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
	p := painter{on: colour}
	if o.branches {
		return o.all(w, &p, node, dev, packet)
	}
	return o.one(w, &p, node, dev, packet)
}

// one goes the way of the seed.
func (o *options) one(w io.Writer, p *painter, node *simulate.Node, dev string, packet netfilter.Packet) (int, error) {
	seen := &misses{}
	session := node.NewSession(simulate.WithSeed(o.seed))
	if o.full {
		session = node.NewSession(simulate.WithSeed(o.seed), simulate.WithVisits(seen.add))
	}
	var r *simulate.Result
	if dev == "" {
		r = session.Send(packet)
	} else {
		r = session.Receive(dev, packet)
	}
	if r.Err != nil {
		return 0, r.Err
	}
	switch {
	case o.json:
		return status(r), printJSON(w, r)
	case o.trace:
		fmt.Fprintln(w, p.fate(r))
		for _, l := range r.Trace() {
			fmt.Fprintln(w, "TRACE: "+l)
		}
	default:
		fmt.Fprintln(w, p.fate(r))
		p.path(w, r, seen)
	}
	return status(r), nil
}

func status(r *simulate.Result) int {
	if r.Fate.Passed() {
		return statusPassed
	}
	return statusDropped
}

func printJSON(w io.Writer, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", b)
	}
	return err
}

func (o *options) node() (*simulate.Node, error) {
	h, err := host.ReadFiles(o.hosts...)
	if err != nil {
		return nil, err
	}
	if o.sets != "" {
		if h.Sets, err = parser.ParseSetsFile(o.sets); err != nil {
			return nil, err
		}
	}
	var rulesets []netfilter.Rules
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
	return simulate.New(h, rulesets...)
}
