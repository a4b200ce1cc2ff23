package parse

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

// jsonSchema is the newest version of the schema that is read.
const jsonSchema = 1

// commands parses the commands of a text.
func (r jsonReader) commands(root *node) []*Command {
	list := r.need(root, "nftables")
	if list.kind != jsonList {
		r.fail(list.at, `value of property "nftables" must be an array`)
	}
	l := &jsonListing{tables: map[string]*listedTable{}}
	for _, n := range list.items {
		r.try(func() { r.entry(l, n) })
		if len(*r.faults) >= maxFaults {
			break
		}
	}
	return l.cmds
}

// entry parses an entry of the list.
func (r jsonReader) entry(l *jsonListing, n *node) {
	if n.kind != jsonObject {
		r.fail(n.at, "unexpected command array element of type %s, expected object", nodeKindNames[n.kind])
	}
	if info := n.get("metainfo"); info != nil {
		if v := r.number(info, "json_schema_version", 63, 0); v > jsonSchema {
			r.fail(info.at, "schema version %d not supported, maximum supported version is %d", v, jsonSchema)
		}
		return
	}
	for i, name := range n.names {
		verb, ok := verbs[name]
		if !ok {
			continue
		}
		l.tables = map[string]*listedTable{}
		if verb == Other {
			return // commands that only print something change nothing
		}
		if c := r.command(verb, n.items[i]); c != nil {
			l.cmds = append(l.cmds, c)
		}
		return
	}
	if c := r.command(Add, n); c != nil {
		l.add(c)
	}
}

// jsonListing collects commands. Objects without a verb belong to a listing: they are
// created together with their table, as those of its block in a text are, so that maps
// may precede the chains that they refer to.
type jsonListing struct {
	cmds   []*Command
	tables map[string]*listedTable
}

type listedTable struct {
	spec   *TableSpec
	chains map[string]*ChainSpec
}

func (l *jsonListing) add(c *Command) {
	key := c.Family.String() + " " + c.Table.Name
	t := l.tables[key]
	switch {
	case c.Kind == Table:
		t = &listedTable{spec: c.TableSpec, chains: map[string]*ChainSpec{}}
		l.tables[key] = t
	case t == nil || c.Kind == Element:
	case c.Kind == Rule:
		if chain := t.chains[c.Name.Name]; chain != nil {
			chain.Rules = append(chain.Rules, c.Rule)
			return
		}
	default:
		if c.Kind == Chain {
			t.chains[c.Name.Name] = c.ChainSpec
		}
		t.spec.Items = append(t.spec.Items, c)
		return
	}
	l.cmds = append(l.cmds, c)
}

// jsonKinds are the kinds of objects by their names, in the order in which nft
// looks for them.
var jsonKinds = []struct {
	name   string
	kind   Kind
	object nft.ObjectKind
}{
	{"table", Table, 0}, {"chain", Chain, 0}, {"rule", Rule, 0}, {"set", Set, 0}, {"map", Map, 0}, {"meter", Set, 0},
	{"element", Element, 0}, {"flowtable", Flowtable, 0}, {"ruleset", Ruleset, 0},
	{"counter", Object, nft.CounterObject}, {"counters", Object, nft.CounterObject},
	{"quota", Object, nft.QuotaObject}, {"quotas", Object, nft.QuotaObject},
	{"ct helper", Object, nft.CTHelperObject}, {"ct timeout", Object, nft.CTTimeoutObject},
	{"ct expectation", Object, nft.CTExpectationObject}, {"limit", Object, nft.LimitObject},
	{"secmark", Object, nft.SecMarkObject}, {"synproxy", Object, nft.SynproxyObject},
}

// command parses the object of a verb.
func (r jsonReader) command(verb Verb, n *node) *Command {
	if n.kind != jsonObject {
		r.fail(n.at, "value of %s command must be object (got %s instead)", verb, nodeKindNames[n.kind])
	}
	for _, k := range jsonKinds {
		if m := n.get(k.name); m != nil {
			c := &Command{Verb: verb, Kind: k.kind, ObjKind: k.object, At: n.at}
			r.object(c, m)
			return c
		}
	}
	r.fail(n.at, "unknown object passed to %s command", verb)
	return nil
}

// object parses the object of a command.
func (r jsonReader) object(c *Command, n *node) {
	defines := c.Verb == Add || c.Verb == Create
	if c.Kind == Ruleset {
		if n.get("family") != nil {
			c.Family = r.family(n, "family")
		}
		return
	}
	c.Family = r.family(n, "family")
	if c.Kind == Table {
		r.name(c, &c.Table, n)
		if defines {
			c.TableSpec = &TableSpec{Comment: r.maybe(n, "comment").Name, Flags: r.words(n, "flags")}
		}
		return
	}
	c.Table = r.str(n, "table")
	switch c.Kind {
	case Rule:
		r.rule(c, n)
		return
	case Element:
		c.Name = r.str(n, "name")
		c.Elements = r.elements(r.need(n, "elem"))
		return
	}
	r.name(c, &c.Name, n)
	if c.Verb == Rename {
		c.NewName = r.str(n, "newname")
	}
	if defines {
		r.definitionOf(c, n)
	}
}

// definitionOf parses the definition of the object of a command.
func (r jsonReader) definitionOf(c *Command, n *node) {
	switch c.Kind {
	case Chain:
		c.ChainSpec = r.chain(n)
	case Set, Map:
		c.SetSpec = r.set(n)
	case Flowtable:
		c.FlowSpec = r.flowtable(n)
	case Object:
		c.ObjSpec = r.namedObject(c.ObjKind, n)
	}
}

// name parses the name of an object, or the handle if it is removed.
func (r jsonReader) name(c *Command, id *Ident, n *node) {
	removes := c.Verb == Delete || c.Verb == Destroy
	switch {
	case n.get("name") != nil:
		*id = r.str(n, "name")
	case removes && n.get("handle") != nil:
		c.Handle = r.number(n, "handle", 64, 0)
		id.At = n.at
	case removes:
		r.fail(n.at, "either name or handle required to delete a %s", c.Kind)
	case c.Verb == Reset:
		id.At = n.at
	default:
		r.need(n, "name")
	}
}

// rule parses a rule and its position.
func (r jsonReader) rule(c *Command, n *node) {
	c.Name = r.str(n, "chain")
	switch {
	case c.Verb == Create:
		r.fail(n.at, "create command not available for rules")
	case c.Verb == Delete || c.Verb == Destroy:
		c.Handle = r.needNumber(n, "handle", 64)
		return
	case c.Verb == Replace:
		c.Handle = r.needNumber(n, "handle", 64)
	case c.Verb == Insert:
		c.Handle = r.number(n, "handle", 64, 0)
	}
	if n.get("index") != nil && c.Handle == 0 {
		c.Index = int(r.number(n, "index", 31, 0)) + 1
		c.After = c.Verb == Add
	}
	c.Rule = r.ruleText(n)
}

func (r jsonReader) ruleText(n *node) *syntax.RuleText {
	list := r.need(n, "expr")
	return &syntax.RuleText{Comment: r.comment(n), At: list.at, Stmts: r.stmts(n, "expr")}
}

// comment parses a comment.
func (r jsonReader) comment(n *node) string {
	id := r.maybe(n, "comment")
	return r.checkComment(id.Name, id.At)
}
