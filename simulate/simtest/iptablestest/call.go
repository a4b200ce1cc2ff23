package iptablestest

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
)

// call is a command on its way.
type call struct {
	host   *Host
	name   string
	args   []string
	stdin  string
	family netfilter.Family

	stdout, stderr strings.Builder
	status         int
}

// Versions that the tools show.
const (
	iptablesVersion = "1.8.9"
	ipsetVersion    = "7.17"
)

// tools are what can be run, by name.
var tools = map[string]struct {
	family netfilter.Family
	run    func(*call)
}{
	"iptables":          {netfilter.IPv4, (*call).iptables},
	"iptables-save":     {netfilter.IPv4, (*call).save},
	"iptables-restore":  {netfilter.IPv4, (*call).restore},
	"ip6tables":         {netfilter.IPv6, (*call).iptables},
	"ip6tables-save":    {netfilter.IPv6, (*call).save},
	"ip6tables-restore": {netfilter.IPv6, (*call).restore},
	"ipset":             {netfilter.IPv4, (*call).ipset},
}

// Tools returns the names of the tools that a host has, without those of the
// legacy variants, which are the same tools.
func Tools() []string {
	return []string{"iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore", "ipset"}
}

// run runs the tool.
func (c *call) run() {
	t, ok := tools[strings.Replace(c.name, "-legacy", "", 1)]
	if !ok {
		c.fail(127, "%s: command not found\n", c.name)
		return
	}
	c.family = t.family
	t.run(c)
}

// print prints to standard output.
func (c *call) print(format string, args ...any) { fmt.Fprintf(&c.stdout, format, args...) }

// fail ends the tool with a message.
func (c *call) fail(status int, format string, args ...any) {
	c.status = status
	fmt.Fprintf(&c.stderr, format, args...)
}

// tool returns the name that a tool of iptables calls itself by: "ip6tables" and
// what is behind it.
func (c *call) tool(suffix string) string {
	if c.family == netfilter.IPv6 {
		return "ip6tables" + suffix
	}
	return "iptables" + suffix
}

// rules returns the rules of the tool's family.
func (c *call) rules() *netfilter.Ruleset { return c.host.tables[c.family] }

// setRules stores the rules as a tool leaves them. A table that was not there
// comes first, as the kernel lists it; comments of a text that was restored are
// not kept.
func (c *call) setRules(rs *netfilter.Ruleset) {
	old := c.rules()
	next := &netfilter.Ruleset{Family: c.family}
	for _, t := range rs.Tables {
		if old.Table(t.Name) == nil {
			next.Tables = append([]*netfilter.Table{t}, next.Tables...)
		} else {
			next.Tables = append(next.Tables, t)
		}
		t.Before, t.After = nil, nil
	}
	c.host.tables[c.family] = next
}
