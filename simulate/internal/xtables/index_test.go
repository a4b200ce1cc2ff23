package xtables_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// tally counts the evaluations of the rules of one chain.
type tally []int

func (y tally) Reached(_ *xtables.Chain, from, to int, matched bool) {
	for i := from; i < to; i++ {
		y[i]++
	}
	if matched {
		y[to-1] += 100
	}
}

// TestIndexCountsAlike holds that a chain with an index gives the same steps, tallies and
// remaining work as one without, and that visits see every rule.
func TestIndexCountsAlike(t *testing.T) {
	var rules []string
	for i := range 60 {
		rules = append(rules, fmt.Sprintf("-A FORWARD -s 192.0.2.%d -j %s", i%50, map[bool]string{true: "ACCEPT", false: "LOG"}[i > 50]))
	}
	p := compile(t, filter(rules...))
	for _, packet := range []string{syn, "udp 192.0.2.49:1 > 10.1.0.4:2", "udp 198.51.100.1:1 > 10.1.0.4:2", "icmp 192.0.2.5 > 10.1.0.4 echo-request"} {
		type outcome struct {
			verdict netfilter.Verdict
			steps   []string
			tally   tally
			work    int64
		}
		walk := func(index xtables.IndexPolicy, visits bool) (outcome, int) {
			w, r := walker(t, p, packet)
			o := outcome{tally: make(tally, len(rules)), work: 1000}
			w.Index, w.Visits, w.Work, w.Tallies, w.Cursors = index, visits, &o.work, []xtables.Tally{o.tally}, &xtables.Cursors{}
			o.verdict = w.Walk(p.Tables[0])
			o.steps = r.steps
			return o, r.visits
		}
		want, _ := walk(xtables.NoIndex, false)
		for range 3 {
			got, _ := walk(xtables.IndexPolicy{From: 10, After: 1}, false)
			assert.Equal(t, want, got, packet)
		}
		got, visits := walk(xtables.IndexPolicy{From: 1}, true)
		assert.Equal(t, want, got, packet)
		assert.EqualValues(t, 1000-want.work, visits, "%s: rules visited", packet)
	}
}
