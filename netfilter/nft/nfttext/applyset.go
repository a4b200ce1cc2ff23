package nfttext

import (
	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/compile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

func (t *transaction) setCommand(table *nft.Table, c *parse.Command) {
	if c.Handle != 0 {
		for _, x := range table.Sets {
			if x.Handle == c.Handle {
				c.Name.Name = x.Name
			}
		}
	}
	set := table.Set(c.Name.Name)
	switch c.Verb {
	case parse.Add, parse.Create:
		if set != nil && c.Verb == parse.Create {
			t.add(c.Name.At, "", "File exists: set %q", c.Name.Name)
			return
		}
		t.addSet(table, c)
		if c.SetSpec != nil && c.SetSpec.Elements != nil {
			t.fillSet(table, c)
		}
		return
	case parse.Destroy:
		if set == nil {
			return
		}
	}
	if set == nil {
		t.missing(c.Name.At, "set", c.Name.Name)
		return
	}
	switch c.Verb {
	case parse.Delete, parse.Destroy:
		if user := usesSet(table, set.Name); user != "" {
			t.add(c.Name.At, "", "Device or resource busy: chain %q uses set %q", user, set.Name)
			return
		}
		for i, x := range table.Sets {
			if x == set {
				table.Sets = append(table.Sets[:i:i], table.Sets[i+1:]...)
				return
			}
		}
	case parse.Flush:
		t.set(table, set.Name).Elements = nil
	default:
		t.add(c.At, "", "%s does not fit a set", c.Verb)
	}
}

// usesSet returns the chain that uses a set, "" if none does.
func usesSet(table *nft.Table, name string) string {
	is := func(r nft.SetRef) bool { return r.Anon == nil && r.Name == name }
	for _, c := range table.Chains {
		for x := range programs(c) {
			switch x := x.(type) {
			case *nft.Lookup:
				if is(x.Set) {
					return c.Name
				}
			case *nft.Dynset:
				if is(x.Set) {
					return c.Name
				}
			case *nft.ObjRef:
				if is(x.Map) {
					return c.Name
				}
			}
		}
	}
	return ""
}

// addSet makes a set without elements.
func (t *transaction) addSet(table *nft.Table, c *parse.Command) {
	s := c.SetSpec
	if s == nil {
		t.add(c.At, "", "set definition does not specify key")
		return
	}
	key, ok := t.typeOf(table, s.KeyTypes, s.Typeof, s, c)
	if !ok {
		return
	}
	set := &nft.Set{Name: c.Name.Name, Key: key, Timeout: s.Timeout, GCInterval: s.GC, Size: uint32(s.Size), Memory: s.Memory,
		AutoMerge: s.AutoMerge, Comment: s.Comment}
	if s.Map && !t.mapData(table, set, c) {
		return
	}
	for _, f := range s.Flags {
		switch f.Name {
		case "constant":
			set.Constant = true
		case "interval":
			set.Interval = true
		case "timeout":
			set.HasTimeout = true
		case "dynamic":
			set.Dynamic = true
		default:
			t.add(f.At, "", "syntax error, unexpected %s: no flag of sets", f.Name)
		}
	}
	if set.Timeout != 0 {
		set.HasTimeout = true
	}
	exprs, fault := compile.Stateful(s.Stmts)
	if fault != nil {
		t.add(fault.At, fault.Hint, "%s", fault.Msg)
		return
	}
	set.Exprs = exprs
	old := table.Set(c.Name.Name)
	if old == nil {
		set.Handle = table.NewHandle()
		t.own[set], t.fresh[set] = true, true
		table.Sets = append(table.Sets, set)
		return
	}
	if old.Key.String() != set.Key.String() || old.Data.Kind != set.Data.Kind || old.Interval != set.Interval || old.Data.Type.String() != set.Data.Type.String() {
		t.add(c.Name.At, "", "File exists: set %q is of another kind", c.Name.Name)
	}
}

// typeOf reads a declared type.
func (t *transaction) typeOf(table *nft.Table, names []parse.Ident, typeof syntax.Expr, s *parse.SetSpec, c *parse.Command) (nft.Type, bool) {
	if typeof != nil {
		typ, fault := compile.Typeof(t.env(table), typeof)
		if fault != nil {
			t.add(fault.At, fault.Hint, "%s", fault.Msg)
			return typ, false
		}
		p := &syntax.Printer{}
		p.Expr(typeof)
		typ.Typeof = p.String()
		return typ, true
	}
	var typ nft.Type
	for _, id := range names {
		d := syntax.TypeByName(id.Name)
		if d == nil || d == syntax.DateType || d == syntax.HexType {
			t.add(id.At, "", "unknown datatype %s", id.Name)
			return typ, false
		}
		if d.Bits == 0 && d.Name != "integer" && d.Name != "string" {
			t.add(id.At, "", "unqualified type %s specified in set definition. Try \"typeof expression\" instead of \"type datatype\".", id.Name)
			return typ, false
		}
		if d.Bits == 0 {
			t.add(id.At, "", "unqualified type %s specified in set definition. Try \"typeof expression\" instead of \"type datatype\".", id.Name)
			return typ, false
		}
		typ.Fields = append(typ.Fields, nft.Field{Type: d.Name, Bits: d.Bits, Host: d.Order == syntax.Host})
	}
	if len(typ.Fields) == 0 {
		t.add(c.Name.At, "", "set definition does not specify key")
		return typ, false
	}
	return typ, true
}

func (t *transaction) mapData(table *nft.Table, set *nft.Set, c *parse.Command) bool {
	s := c.SetSpec
	switch {
	case s.DataVerdict:
		set.Data.Kind = nft.VerdictData
	case s.DataObject != 0:
		set.Data.Kind, set.Data.Object = nft.ObjectData, s.DataObject
	default:
		typ, ok := t.typeOf(table, s.DataTypes, s.DataTypeof, s, c)
		if !ok {
			return false
		}
		typ.Interval = s.DataInterval
		set.Data.Kind, set.Data.Type = nft.ValueData, typ
	}
	return true
}

// fillSet adds the elements of a set's block.
func (t *transaction) fillSet(table *nft.Table, c *parse.Command) {
	if set := t.set(table, c.Name.Name); set != nil {
		t.addElements(table, set, c.SetSpec.Elements)
	}
}

func (t *transaction) addElements(table *nft.Table, set *nft.Set, elems *syntax.Set) {
	if fault := compile.Elements(t.env(table), set, elems); fault != nil {
		t.add(fault.At, fault.Hint, "%s", fault.Msg)
	}
}

func (t *transaction) elementCommand(table *nft.Table, c *parse.Command) {
	set := t.set(table, c.Name.Name)
	if set == nil {
		t.missing(c.Name.At, "set", c.Name.Name)
		return
	}
	switch c.Verb {
	case parse.Add, parse.Create:
		if c.Verb == parse.Create {
			t.createElements(table, set, c)
		}
		t.addElements(table, set, c.Elements)
	case parse.Delete, parse.Destroy:
		t.deleteElements(table, set, c)
	default:
		t.add(c.At, "", "%s does not fit elements", c.Verb)
	}
}

// createElements refuses elements that exist already.
func (t *transaction) createElements(table *nft.Table, set *nft.Set, c *parse.Command) {
	found, fault := compile.Find(t.env(table), set, c.Elements)
	if fault != nil {
		return
	}
	for _, x := range found {
		for i := range set.Elements {
			if set.Elements[i].Key == x.Key && set.Elements[i].End == x.End && set.Elements[i].Default == x.Default {
				t.add(c.Elements.At, "", "File exists: an element is there already")
				return
			}
		}
	}
}

func (t *transaction) deleteElements(table *nft.Table, set *nft.Set, c *parse.Command) {
	found, fault := compile.Find(t.env(table), set, c.Elements)
	if fault != nil {
		t.add(fault.At, fault.Hint, "%s", fault.Msg)
		return
	}
	for _, x := range found {
		at := -1
		for i := range set.Elements {
			if set.Elements[i].Key == x.Key && set.Elements[i].End == x.End && set.Elements[i].Default == x.Default {
				at = i
			}
		}
		switch {
		case at >= 0:
			set.Elements = append(set.Elements[:at:at], set.Elements[at+1:]...)
		case set.AutoMerge && !set.Concat() && compile.Cut(set, x):
		case c.Verb == parse.Delete:
			t.add(c.Elements.At, "", "No such file or directory: an element is not in set %q", set.Name)
			return
		}
	}
}
