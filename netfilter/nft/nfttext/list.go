package nfttext

import (
	"fmt"
	"strings"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/decompile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// List returns a ruleset as printed by nft list ruleset.
func List(r *nft.Ruleset, o Options) string {
	p := o.printer(r)
	for _, t := range tablesOf(r) {
		l := lister{Printer: p, table: t}
		l.tableText()
	}
	return p.String()
}

// RuleText returns a rule of the table as in a listing, without its comment and
// its handle.
func RuleText(r *nft.Ruleset, t *nft.Table, rule *nft.Rule, o Options) string {
	if t == nil || rule == nil {
		return ""
	}
	p := o.printer(r)
	l := lister{Printer: p, table: t}
	l.statements(decompile.Rule(t, rule, p.Release), 2)
	return p.String()
}

// ConditionText returns the part of a rule of the table to which its n-th expression
// belongs, from 0, as in a listing. A test that the listing of the whole rule leaves
// out because a later one implies it, such as that of the protocol before that of a
// port, is returned as it is.
func ConditionText(r *nft.Ruleset, t *nft.Table, rule *nft.Rule, n int, o Options) string {
	if t == nil || rule == nil {
		return ""
	}
	p := o.printer(r)
	l := lister{Printer: p, table: t}
	l.statements(decompile.Condition(t, rule, n, p.Release), 2)
	return p.String()
}

// Line is a line of a listing.
type Line struct {
	Text string    // with its line end
	Rule *nft.Rule // that begins in this line; nil for none
}

// Lines returns the lines of List.
func Lines(r *nft.Ruleset, o Options) []Line {
	p := o.printer(r)
	var begins []begin
	for _, t := range tablesOf(r) {
		l := lister{Printer: p, table: t, begins: begins}
		l.tableText()
		begins = l.begins
	}
	var lines []Line
	end := 0
	for text := range strings.Lines(p.String()) {
		end += len(text)
		line := Line{Text: text}
		if len(begins) > 0 && begins[0].offset < end {
			line.Rule, begins = begins[0].rule, begins[1:]
		}
		lines = append(lines, line)
	}
	return lines
}

// lister writes one table.
type lister struct {
	*syntax.Printer
	table  *nft.Table
	begins []begin // of the rules of chains
}

// begin is where the text of a rule begins.
type begin struct {
	offset int
	rule   *nft.Rule
}

func (l *lister) put(format string, args ...any) {
	if len(args) == 0 {
		l.WriteString(format)
		return
	}
	fmt.Fprintf(l.Printer, format, args...)
}

func (l *lister) handle(h uint64) {
	if l.Handles && h != 0 {
		l.put(" # handle %d", h)
	}
}

func (l *lister) tableText() {
	t := l.table
	l.put("table %s %s {", t.Family, t.Name)
	l.handle(t.Handle)
	l.put("\n")
	var flags []string
	if t.Dormant {
		flags = append(flags, "dormant")
	}
	if t.Owner {
		flags = append(flags, "owner")
	}
	if t.Persist {
		flags = append(flags, "persist")
	}
	between := ""
	if len(flags) > 0 {
		l.put("\tflags %s\n", strings.Join(flags, ","))
		between = "\n"
	}
	if t.Comment != "" {
		l.put("\tcomment \"%s\"\n", t.Comment)
	}
	item := func(f func()) {
		l.put("%s", between)
		f()
		between = "\n"
	}
	for _, o := range t.Objects {
		item(func() { l.object(o) })
	}
	for _, s := range t.Sets {
		item(func() { l.set(s) })
	}
	for _, f := range t.Flowtables {
		item(func() { l.flowtable(f) })
	}
	for _, c := range t.Chains {
		item(func() { l.chain(c) })
	}
	l.put("}\n")
}

func (l *lister) comment(s string) {
	if s != "" {
		l.put("\t\tcomment \"%s\"\n", s)
	}
}

func (l *lister) chain(c *nft.Chain) {
	l.put("\tchain %s {", c.Name)
	l.handle(c.Handle)
	l.put("\n")
	l.comment(c.Comment)
	if b := c.Base; b != nil {
		l.put("\t\ttype %s hook %s%s priority %s; policy %s;", b.Type, b.Hook, l.devices(b), l.priority(b.Priority, b.Hook), policy(b.Drop))
		if b.Offload {
			l.put(" flags offload;")
		}
		l.put("\n")
	}
	for _, r := range c.Rules {
		l.put("\t\t")
		l.rule(r, 2)
		l.put("\n")
	}
	l.put("\t}\n")
}

func policy(drop bool) string {
	if drop {
		return "drop"
	}
	return "accept"
}

func (l *lister) devices(b *nft.Base) string {
	switch {
	case len(b.Devices) == 0:
		return ""
	case len(b.Devices) == 1:
		return fmt.Sprintf(" device %q", b.Devices[0])
	}
	return " devices = { " + l.names(b.Devices) + " }"
}

func (l *lister) names(devices []string) string {
	if l.Release >= Release117 {
		return `"` + strings.Join(devices, `", "`) + `"`
	}
	return strings.Join(devices, ", ")
}

// rule writes a rule, indented by a number of tabs.
func (l *lister) rule(r *nft.Rule, tabs int) {
	l.begins = append(l.begins, begin{l.Len(), r})
	l.statements(decompile.Rule(l.table, r, l.Release), tabs)
	if r.Comment != "" {
		l.put(" comment \"%s\"", r.Comment)
	}
	l.handle(r.Handle)
}

func (l *lister) statements(list []syntax.Stmt, tabs int) {
	for i, s := range list {
		if i > 0 {
			l.put(" ")
		}
		if v, ok := s.(*syntax.VerdictStmt); ok && v.Verdict.Block != nil {
			l.block(v.Verdict, tabs)
			continue
		}
		l.Stmt(s)
	}
}

// block writes a chain without a name.
func (l *lister) block(v *syntax.Verdict, tabs int) {
	l.put("%s {\n", v.Code)
	for _, r := range v.Block.Rules {
		l.put("%s", strings.Repeat("\t", tabs+1))
		l.rule(r, tabs+1)
		l.put("\n")
	}
	l.put("%s}", strings.Repeat("\t", tabs))
}
