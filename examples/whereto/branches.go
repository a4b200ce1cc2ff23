package main

import (
	"fmt"
	"io"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
)

// all goes every way that luck can take, and groups those that end alike.
func (o *options) all(w io.Writer, p *painter, node *simulate.Node, dev string, packet netfilter.Packet) (int, error) {
	var results []*simulate.Result
	worst := statusPassed
	outcomes := simulate.Outcomes(node.Branches(dev, packet), func(r *simulate.Result) string {
		results = append(results, r)
		worst = max(worst, status(r))
		return ending(r)
	})
	for _, r := range results {
		if r.Err != nil {
			return 0, r.Err
		}
	}
	if o.json {
		return worst, printJSON(w, results)
	}
	fmt.Fprintln(w, p.paint(bold, count(len(outcomes), "outcome")))
	for _, out := range outcomes {
		code := red
		if out.Branches[0].Fate.Passed() {
			code = green
		}
		fmt.Fprintf(w, "%8.4f%%  %s\n", 100*out.Chance(), p.paint(code, out.Key))
		fmt.Fprintf(w, "           %s of %s; the path of the first:\n", out.Least.RatString(), count(len(out.Branches), "way"))
		p.indent = "           "
		p.path(w, out.Branches[0], &misses{})
		p.indent = ""
	}
	return worst, nil
}

// ending says where a branch ends.
func ending(r *simulate.Result) string {
	s := r.Fate.String()
	if !r.Fate.Passed() {
		return s
	}
	if r.OutDev != "" {
		s += " by " + r.OutDev
	}
	return s + " as " + r.Packet.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
