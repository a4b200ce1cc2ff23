package corpus_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate"
	"github.com/packetpath/packetpath/simulate/internal/lab/kernel"
	"github.com/packetpath/packetpath/simulate/internal/lab/oracle"
)

// differs ends the case with a report that names the rule in dispute.
func (c *corpusCase) differs(p kernel.Packet, note string, want kernel.Answer, r *simulate.Result, d []string) {
	c.over = true
	rule, names := c.disputed(want.Trace, oracle.Traced(r))
	c.sum.by[names]++
	const most = 4
	if len(d) > most {
		d = append(d[:most], fmt.Sprintf("and %d more", len(d)-most))
	}
	c.difference = fmt.Sprintf("%s (aimed at %s)\nin dispute: %s\n%s\nlinks %+v routes %q", oracle.Describe(p), note, rule,
		strings.Join(d, "\n"), c.w.env.Interfaces, c.w.env.Routes)
}

// disputed returns the first rule that one side says matched and the other
// does not, and the names of its extensions.
func (c *corpusCase) disputed(kernel, simulator []string) (rule, names string) {
	for i := range min(len(kernel), len(simulator)) {
		if kernel[i] == simulator[i] {
			continue
		}
		a, n, ok := c.ruleOf(kernel[i])
		b, m, ok2 := c.ruleOf(simulator[i])
		if ok && (!ok2 || n <= m) {
			b = a
		}
		if b == nil {
			break
		}
		return string(b.AppendSave(nil, c.w.rs.Family, "?")), extensionNames(b)
	}
	return "none", "none"
}

// ruleOf finds the rule of a trace line such as "filter:INPUT:rule:3 IN=…".
func (c *corpusCase) ruleOf(line string) (*netfilter.Rule, int, bool) {
	place, _, _ := strings.Cut(line, " ")
	parts := strings.Split(place, ":")
	if len(parts) < 4 {
		return nil, 0, false
	}
	n, err := strconv.Atoi(parts[len(parts)-1])
	table := c.w.rs.Table(parts[0])
	if err != nil || table == nil {
		return nil, 0, false
	}
	chain := table.Chain(strings.Join(parts[1:len(parts)-2], ":"))
	if chain == nil || n > len(chain.Rules) {
		return nil, n, false
	}
	return chain.Rules[n-1], n, true
}

func extensionNames(r *netfilter.Rule) string {
	var names []string
	for _, m := range r.Matches {
		names = append(names, m.Name())
	}
	if _, jump := r.Target.(*netfilter.Jump); r.Target != nil && !jump {
		names = append(names, r.Target.Name())
	}
	return strings.Join(names, "+")
}
