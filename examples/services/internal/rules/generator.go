// Package rules turns a cluster into iptables rules that balance services over
// their endpoints: first all of them, then, change by change, only what differs.
//
// In table nat, lb-services sends what is for a service to the service's chain
// lb-svc-…, which chooses an endpoint by chance, and so to the endpoint's chain
// lb-end-…, which translates the destination. Services that keep outsiders on
// this node have a chain lb-out-… ahead of that. Table filter refuses what no
// endpoint can take. The letters behind the last dash are a digest of service,
// port and endpoint, so that equal things have equal names in every update.
//
// Affinity rests on match recent, which remembers the last hundred clients of
// an endpoint (net/netfilter/xt_recent.c, ip_list_tot).
package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/packetpath/packetpath/examples/services/internal/cluster"
	"github.com/packetpath/packetpath/netfilter"
)

// Generator writes the rules of one family and keeps those that it has written.
// Make one with New.
type Generator struct {
	family  netfilter.Family
	written []table // what the kernel has by now; nil before the first text
	mistakes
}

// New returns a generator that has written nothing.
func New(f netfilter.Family) *Generator { return &Generator{family: f} }

// Update returns the text that makes iptables-restore --noflush (or
// ip6tables-restore) turn the rules of the cluster given last into those of
// this one; "" if they are the same. The first text sets everything up. Tables
// are written one by one: each is replaced at once, but not both together.
func (g *Generator) Update(c *cluster.Cluster) (string, error) {
	if err := c.Check(); err != nil {
		return "", fmt.Errorf("write rules: %w", err)
	}
	next := g.make(g.written, render(c, g.family))
	var b strings.Builder
	for i, t := range next {
		if g.written == nil {
			t.writeChanges(&b, nil, t.hooks)
		} else {
			t.writeChanges(&b, g.written[i].chains, nil)
		}
	}
	g.written = next
	return b.String(), nil
}

// table is the part of a table that belongs to the generator.
type table struct {
	name   string
	hooks  []rule // rules of built-in chains, written once
	chains []chain
}

// chain is a user chain. Rules stand without "-A" and the chain's name.
type chain struct {
	name  string
	rules []string
}

// rule is a rule of a built-in chain.
type rule struct{ chain, text string }

// writeChanges appends the commands that change the chains old to those of the table.
// Naming a chain empties it, so a chain that changed is written afresh; one
// that goes is emptied, and deleted when nothing refers to it any more.
func (t *table) writeChanges(b *strings.Builder, old []chain, hooks []rule) {
	before, now := byName(old), byName(t.chains)
	changed := slices.DeleteFunc(slices.Clone(t.chains), func(c chain) bool { was, ok := before[c.name]; return ok && c.equal(was) })
	gone := slices.DeleteFunc(slices.Clone(old), func(c chain) bool { _, ok := now[c.name]; return ok })
	if len(changed)+len(gone)+len(hooks) == 0 {
		return
	}
	fmt.Fprintf(b, "*%s\n", t.name)
	for _, c := range slices.Concat(changed, gone) {
		fmt.Fprintf(b, ":%s - [0:0]\n", c.name)
	}
	for _, h := range hooks {
		fmt.Fprintf(b, "-A %s %s\n", h.chain, h.text)
	}
	for _, c := range changed {
		for _, r := range c.rules {
			fmt.Fprintf(b, "-A %s %s\n", c.name, r)
		}
	}
	for _, c := range gone {
		fmt.Fprintf(b, "-X %s\n", c.name)
	}
	b.WriteString("COMMIT\n")
}

func byName(chains []chain) map[string]chain {
	m := make(map[string]chain, len(chains))
	for _, c := range chains {
		m[c.name] = c
	}
	return m
}

func (c chain) equal(d chain) bool { return c.name == d.name && slices.Equal(c.rules, d.rules) }
