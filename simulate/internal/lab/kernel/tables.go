package kernel

import (
	"fmt"
	"slices"
	"strings"
)

// family is what differs between the tools of IPv4 and IPv6.
type family struct {
	tool  string // the tools' names begin with it
	names string // the file under /proc/net that lists the tables
}

var (
	ipv4 = family{"iptables-legacy", "ip_tables_names"}
	ipv6 = family{"ip6tables-legacy", "ip6_tables_names"}
)

// familyOf returns IPv4 for 4 and IPv6 for 6.
func familyOf(n int) (family, error) {
	switch n {
	case 4:
		return ipv4, nil
	case 6:
		return ipv6, nil
	}
	return family{}, fmt.Errorf("family %d is neither 4 nor 6", n)
}

// builtin returns the chains that every table of this name has.
func builtin(table string) []string {
	switch table {
	case "raw":
		return []string{"PREROUTING", "OUTPUT"}
	case "mangle":
		return []string{"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"}
	case "nat":
		return []string{"PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"}
	}
	return []string{"INPUT", "FORWARD", "OUTPUT"} // filter, security
}

// named returns the tables that a restore of text brings into being, in the
// order in which it does.
func named(text string) []string {
	var tables []string
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "*"); ok {
			if f := strings.Fields(rest); len(f) > 0 && !slices.Contains(tables, f[0]) {
				tables = append(tables, f[0])
			}
		}
	}
	return tables
}

// present returns the tables that exist in the namespace, oldest first.
func (t *thread) present(f family) ([]string, error) {
	text, err := t.procNet(f.names)
	if err != nil {
		return nil, err
	}
	tables := strings.Fields(text)
	slices.Reverse(tables) // the kernel lists the youngest first
	return tables, nil
}

// emptyTables removes all rules and user chains and sets all policies to
// ACCEPT. The tables stay, and a packet is traced through them: only a new
// namespace is without them.
func (t *thread) emptyTables(f family) error {
	tables, err := t.present(f)
	if err != nil || len(tables) == 0 {
		return err
	}
	var b strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&b, "*%s\n", table)
		for _, chain := range builtin(table) {
			fmt.Fprintf(&b, ":%s ACCEPT [0:0]\n", chain)
		}
		b.WriteString("COMMIT\n")
	}
	_, err = t.must(b.String(), f.tool+"-restore")
	return err
}
