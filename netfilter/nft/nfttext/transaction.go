package nfttext

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/compile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// transaction executes commands on a copy of a ruleset. Objects are copied
// before they are modified.
type transaction struct {
	*report
	ruleset    *nft.Ruleset
	own        map[any]bool                  // objects copied or created here
	fresh      map[*nft.Set]bool             // sets created here
	chainIndex map[*nft.Table]map[string]int // index of chains in their table
	made       []created                     // created objects and their positions, for errors of the check
}

// created is a rule or chain that the text created, and its position there.
type created struct {
	table *nft.Table
	chain *nft.Chain
	rule  *nft.Rule
	at    syntax.Span
}

func (t *transaction) run(cmds []*parse.Command) {
	for _, c := range cmds {
		t.command(c)
	}
}

func (t *transaction) command(c *parse.Command) {
	switch c.Kind {
	case parse.Ruleset:
		t.flushRuleset(c)
	case parse.Table:
		t.tableCommand(c)
	default:
		if c.Kind == parse.Rule && c.Verb == parse.Flush {
			t.add(c.At, "", "syntax error, unexpected rule")
			return
		}
		table := t.table(c.Family, c.Table)
		if table == nil {
			if c.Verb != parse.Destroy {
				t.missing(c.Table.At, "table", c.Table.Name)
			}
			return
		}
		t.inTable(table, c)
	}
}

func (t *transaction) missing(at syntax.Span, what, name string) {
	hint := ""
	switch what {
	case "table", "chain", "set":
		hint = "define it before"
	}
	t.add(at, hint, "No such file or directory: %s %q", what, name)
}

func (t *transaction) flushRuleset(c *parse.Command) {
	if c.Verb != parse.Flush {
		t.add(c.At, "", "syntax error, unexpected ruleset")
		return
	}
	var rest []*nft.Table
	for _, x := range t.ruleset.Tables {
		if c.Family != 0 && x.Family != c.Family {
			rest = append(rest, x)
		}
	}
	t.ruleset.Tables = rest
}

// table returns a table for modification, nil if it does not exist.
func (t *transaction) table(f nft.Family, id parse.Ident) *nft.Table {
	for i, x := range t.ruleset.Tables {
		if x.Family != f || x.Name != id.Name {
			continue
		}
		if !t.own[x] {
			x = copyTable(x)
			t.own[x] = true
			t.ruleset.Tables[i] = x
		}
		return x
	}
	return nil
}

func copyTable(x *nft.Table) *nft.Table {
	c := *x
	c.Chains = append([]*nft.Chain(nil), x.Chains...)
	c.Sets = append([]*nft.Set(nil), x.Sets...)
	c.Objects = append([]*nft.Object(nil), x.Objects...)
	c.Flowtables = append([]*nft.Flowtable(nil), x.Flowtables...)
	return &c
}

// find returns the index of a chain in its table, -1 if it does not exist.
func (t *transaction) find(table *nft.Table, name string) int {
	m := t.chainIndex[table]
	if m == nil {
		m = indexed(table, 0)
		t.chainIndex[table] = m
	}
	if i, ok := m[name]; ok {
		return i
	}
	return -1
}

// moved invalidates the indexes of chains after one was removed or renamed.
func (t *transaction) moved(table *nft.Table) { delete(t.chainIndex, table) }

// chain returns a chain for modification, nil if it does not exist.
func (t *transaction) chain(table *nft.Table, name string) *nft.Chain {
	i := t.find(table, name)
	if i < 0 {
		return nil
	}
	x := table.Chains[i]
	if !t.own[x] {
		c := *x
		c.Rules = append([]*nft.Rule(nil), x.Rules...)
		x = &c
		t.own[x] = true
		table.Chains[i] = x
	}
	return x
}

// env returns the environment in which rules and elements of a table are
// compiled.
func (t *transaction) env(table *nft.Table) compile.Env {
	return compile.Env{Ruleset: t.ruleset, Table: table, Chain: func(name string) *nft.Chain {
		if i := t.find(table, name); i >= 0 {
			return table.Chains[i]
		}
		return nil
	}}
}

// set returns a set for modification, nil if it does not exist.
func (t *transaction) set(table *nft.Table, name string) *nft.Set {
	for i, x := range table.Sets {
		if x.Name != name {
			continue
		}
		if !t.own[x] {
			c := *x
			c.Elements = append([]nft.Element(nil), x.Elements...)
			x = &c
			t.own[x] = true
			table.Sets[i] = x
		}
		return x
	}
	return nil
}

func (t *transaction) tableCommand(c *parse.Command) {
	table := t.table(c.Family, c.Table)
	if c.Handle != 0 {
		for _, x := range t.ruleset.Tables {
			if x.Family == c.Family && x.Handle == c.Handle {
				table = x
			}
		}
	}
	switch c.Verb {
	case parse.Add, parse.Create:
		if table != nil && c.Verb == parse.Create {
			t.add(c.Table.At, "", "File exists: table %q", c.Table.Name)
			return
		}
		if table == nil {
			table = t.newTable(c)
		}
		if c.TableSpec != nil {
			t.tableBlock(table, c.TableSpec)
		}
	case parse.Delete, parse.Destroy:
		if table == nil {
			if c.Verb == parse.Delete {
				t.missing(c.At, "table", c.Table.Name)
			}
			return
		}
		for i, x := range t.ruleset.Tables {
			if x == table {
				t.ruleset.Tables = append(t.ruleset.Tables[:i:i], t.ruleset.Tables[i+1:]...)
				break
			}
		}
	case parse.Flush:
		if table == nil {
			t.missing(c.Table.At, "table", c.Table.Name)
			return
		}
		for _, x := range table.Chains {
			t.chain(table, x.Name).Rules = nil
		}
	default:
		t.add(c.At, "", "%s does not fit a table", c.Verb)
	}
}

func (t *transaction) newTable(c *parse.Command) *nft.Table {
	t.ruleset.LastHandle++
	table := &nft.Table{Family: c.Family, Name: c.Table.Name, Handle: t.ruleset.LastHandle}
	t.own[table] = true
	t.ruleset.Tables = append(t.ruleset.Tables, table)
	if len(c.Table.Name) > 255 {
		t.add(c.Table.At, "", "Numerical result out of range: names have at most 255 characters")
	}
	return table
}

// tableBlock creates the contents of a table's block: chains first, then
// objects, sets and flowtables, then rules, and elements last, so that all of
// them can refer to each other.
func (t *transaction) tableBlock(table *nft.Table, spec *parse.TableSpec) {
	for _, f := range spec.Flags {
		switch f.Name {
		case "dormant":
			table.Dormant = true
		case "owner":
			table.Owner = true
		case "persist":
			table.Persist = true
		default:
			t.add(f.At, "", "unknown table option %s", f.Name)
		}
	}
	if spec.Comment != "" {
		table.Comment = spec.Comment
	}
	t.expect(table, spec)
	pass := func(k ...parse.Kind) {
		for _, c := range spec.Items {
			for _, kind := range k {
				if c.Kind == kind {
					t.define(table, c)
				}
			}
		}
	}
	pass(parse.Chain)
	pass(parse.Object)
	pass(parse.Set, parse.Map, parse.Meter)
	pass(parse.Flowtable)
	for _, c := range spec.Items {
		if c.Kind == parse.Chain {
			t.rules(table, c)
		}
	}
	for _, c := range spec.Items {
		if c.SetSpec != nil && c.SetSpec.Elements != nil {
			t.fillSet(table, c)
		}
	}
}

// expect reserves space for the objects that a block will create.
func (t *transaction) expect(table *nft.Table, spec *parse.TableSpec) {
	chains, rules := 0, 0
	for _, c := range spec.Items {
		if c.ChainSpec != nil {
			chains++
			rules += len(c.ChainSpec.Rules)
		}
	}
	t.made = slices.Grow(t.made, chains+rules)
	table.Chains = slices.Grow(table.Chains, chains)
	if t.chainIndex[table] == nil {
		t.chainIndex[table] = indexed(table, chains)
	}
}

// indexed returns the index of the chains of a table by their names, with room
// for more.
func indexed(table *nft.Table, more int) map[string]int {
	m := make(map[string]int, len(table.Chains)+more)
	for i, x := range table.Chains {
		m[x.Name] = i
	}
	return m
}

// define creates a chain, a set, an object or a flowtable, without rules and
// elements.
func (t *transaction) define(table *nft.Table, c *parse.Command) {
	switch c.Kind {
	case parse.Chain:
		t.addChain(table, c)
	case parse.Set, parse.Map, parse.Meter:
		t.addSet(table, c)
	case parse.Object:
		t.addObject(table, c)
	case parse.Flowtable:
		t.addFlowtable(table, c)
	}
}

// inTable executes a command on an object of a table.
func (t *transaction) inTable(table *nft.Table, c *parse.Command) {
	switch c.Kind {
	case parse.Chain:
		t.chainCommand(table, c)
	case parse.Rule:
		t.ruleCommand(table, c)
	case parse.Set, parse.Map, parse.Meter:
		t.setCommand(table, c)
	case parse.Element:
		t.elementCommand(table, c)
	case parse.Object:
		t.objectCommand(table, c)
	case parse.Flowtable:
		t.flowtableCommand(table, c)
	}
}
