package iptablestest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/packet"
	"github.com/packetpath/packetpath/parser"
)

// listRules prints what -S does (iptables/iptables.c, list_rules).
func (c *call) listRules(t *netfilter.Table, cmd *parser.Command) {
	chains := t.Sorted()
	if cmd.Rule == 0 {
		for _, ch := range chains {
			if cmd.Chain == "" || cmd.Chain == ch.Name {
				c.print("%s\n", declaration(ch, cmd.Verbose))
			}
		}
	}
	for _, ch := range chains {
		if cmd.Chain != "" && cmd.Chain != ch.Name {
			continue
		}
		for i, r := range ch.Rules {
			if cmd.Rule == 0 || cmd.Rule == i+1 {
				c.print("%s\n", ruleText(r, c.family, ch.Name, cmd.Verbose))
			}
		}
	}
}

// declaration returns "-P INPUT ACCEPT" or "-N web".
func declaration(ch *netfilter.Chain, counters bool) string {
	switch {
	case !ch.Builtin():
		return "-N " + ch.Name
	case counters:
		return fmt.Sprintf("-P %s %s -c %d %d", ch.Name, ch.Policy, ch.Counters.Packets, ch.Counters.Bytes)
	}
	return fmt.Sprintf("-P %s %s", ch.Name, ch.Policy)
}

// ruleText returns a rule as -S prints it: counters stand ahead of the target.
func ruleText(r *netfilter.Rule, f netfilter.Family, chain string, counters bool) string {
	if !counters {
		return string(r.AppendSave(nil, f, chain))
	}
	bare := *r
	bare.Target = nil
	conditions := bare.AppendSave(nil, f, chain)
	target := strings.TrimPrefix(string(r.AppendSave(nil, f, chain)), string(conditions))
	return fmt.Sprintf("%s -c %d %d%s", conditions, r.Counters.Packets, r.Counters.Bytes, target)
}

// lister prints what -L does.
type lister struct {
	*call
	table *netfilter.Table
	*parser.Command
}

// list prints chains as -L does (iptables/iptables.c, list_entries).
func (c *call) list(t *netfilter.Table, cmd *parser.Command) {
	l := lister{c, t, cmd}
	first := true
	for _, ch := range t.Sorted() {
		if l.Chain != "" && l.Chain != ch.Name {
			continue
		}
		if !first {
			l.print("\n")
		}
		first = false
		if l.Rule == 0 {
			l.header(ch)
		}
		for i, r := range ch.Rules {
			if l.Rule == 0 || l.Rule == i+1 {
				l.rule(i+1, r)
			}
		}
	}
}

// header prints the lines ahead of a chain's rules (iptables/xshared.c,
// print_header).
func (l *lister) header(ch *netfilter.Chain) {
	switch {
	case !ch.Builtin():
		l.print("Chain %s (%d references)\n", ch.Name, l.jumpsTo(ch.Name))
	case l.Verbose:
		number := func(n uint64) string { return strings.TrimLeft(l.count(n), " ") }
		l.print("Chain %s (policy %s %spackets, %sbytes)\n", ch.Name, ch.Policy, number(ch.Counters.Packets), number(ch.Counters.Bytes))
	default:
		l.print("Chain %s (policy %s)\n", ch.Name, ch.Policy)
	}
	if l.LineNumbers {
		l.print("%-4s ", "num")
	}
	if l.Verbose && l.Exact {
		l.print("%8s %10s ", "pkts", "bytes")
	} else if l.Verbose {
		l.print("%5s %5s ", "pkts", "bytes")
	}
	l.print("%-9s  prot opt", "target")
	if l.Verbose {
		l.print(" %-6s %-6s ", "in", "out")
	}
	l.print(" %-19s  %-19s \n", "source", "destination")
}

func (l *lister) jumpsTo(name string) int {
	n := 0
	for _, ch := range l.table.Chains {
		for _, r := range ch.Rules {
			if j, ok := r.Target.(*netfilter.Jump); ok && j.Chain == name {
				n++
			}
		}
	}
	return n
}

// count prints a counter with the blank behind it, in thousands, millions and so
// on where it is large (libxtables, xtables_print_num).
func (l *lister) count(n uint64) string {
	if l.Exact {
		return fmt.Sprintf("%8d ", n)
	}
	if n <= 99999 {
		return fmt.Sprintf("%5d ", n)
	}
	unit := 0
	const units = "KMGT"
	for n = (n + 500) / 1000; n > 9999 && unit < len(units)-1; n = (n + 500) / 1000 {
		unit++
	}
	return fmt.Sprintf("%4d%c ", n, units[unit])
}

// rule prints a rule (iptables/iptables.c, print_firewall).
func (l *lister) rule(number int, r *netfilter.Rule) {
	if l.LineNumbers {
		l.print("%-4d ", number)
	}
	if l.Verbose {
		l.print("%s%s", l.count(r.Counters.Packets), l.count(r.Counters.Bytes))
	}
	l.print("%-9s %s%s", targetName(r), inversion(r.InvProto), l.protocol(r.Proto))
	l.print("%s%s ", dash(r.InvFragment, "!"), dash(r.Fragment || r.InvFragment, "f"))
	if l.Verbose {
		l.print(" %-6s %-6s ", l.iface(r.In, r.InvIn), l.iface(r.Out, r.InvOut))
	}
	l.print("%s%-19s %s%-19s ", inversion(r.InvSrc), l.address(r.Src), inversion(r.InvDst), l.address(r.Dst))
	l.extensions(r)
}

// targetName returns the name of the target that the kernel has: NOTRACK is one of CT.
func targetName(r *netfilter.Rule) string {
	switch {
	case r.Target == nil:
		return ""
	case r.Target.Name() == "NOTRACK":
		return "CT"
	}
	return r.Target.Name()
}

// extensions prints the end of a rule's line, its extensions.
func (l *lister) extensions(r *netfilter.Rule) {
	if r.Goto {
		l.print("[goto] ")
	}
	for _, m := range r.Matches {
		l.print("%s", listed(m, l.Numeric))
	}
	if r.Target != nil {
		l.print("%s", listed(r.Target, l.Numeric))
	}
	l.print("\n")
}

func inversion(inverted bool) string {
	if inverted {
		return "!"
	}
	return " "
}

func dash(shown bool, as string) string {
	if shown {
		return as
	}
	return "-"
}

func (l *lister) protocol(proto uint8) string {
	name := packet.ProtocolName(proto)
	if proto == 0 {
		name = "all"
	}
	if l.Numeric {
		name = strconv.Itoa(int(proto))
	}
	return fmt.Sprintf("%-4s ", name)
}

// iface returns the name of a link (iptables/xshared.c, print_ifaces).
func (l *lister) iface(name string, inverted bool) string {
	switch {
	case name != "":
	case l.Numeric:
		name = "*"
	default:
		name = "any"
	}
	if inverted {
		return "!" + name
	}
	return name
}

// address returns an address with its mask, which is left out if it covers all
// (iptables/xshared.c, ipv4_addr_to_string).
func (l *lister) address(a netfilter.AddrMask) string {
	any := a == netfilter.AddrMask{} || a.Mask.IsValid() && a.Mask.IsUnspecified()
	switch {
	case any && !l.Numeric:
		return "anywhere"
	case any && l.family == netfilter.IPv6:
		return "::/0"
	case any:
		return "0.0.0.0/0"
	}
	s := a.String()
	if p, err := netip.ParsePrefix(s); err == nil && p.IsSingleIP() {
		return p.Addr().String()
	}
	return s
}
