package nfttext

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
)

func (t *transaction) objectCommand(table *nft.Table, c *parse.Command) {
	if c.Handle != 0 {
		for _, x := range table.Objects {
			if x.Handle == c.Handle && x.Kind() == c.ObjKind {
				c.Name.Name = x.Name
			}
		}
	}
	o := table.Object(c.ObjKind, c.Name.Name)
	switch c.Verb {
	case parse.Add, parse.Create:
		if o != nil && c.Verb == parse.Create {
			t.add(c.Name.At, "", "File exists: %s %q", c.ObjKind, c.Name.Name)
			return
		}
		t.addObject(table, c)
	case parse.Delete, parse.Destroy:
		if o == nil {
			if c.Verb == parse.Delete {
				t.missing(c.Name.At, c.ObjKind.String(), c.Name.Name)
			}
			return
		}
		if user := usesObject(table, o); user != "" {
			t.add(c.Name.At, "", "Device or resource busy: %s uses %s", user, o)
			return
		}
		for i, x := range table.Objects {
			if x == o {
				table.Objects = append(table.Objects[:i:i], table.Objects[i+1:]...)
				return
			}
		}
	case parse.Reset:
		t.resetObject(table, c, o)
	default:
		t.add(c.At, "", "%s does not fit an object", c.Verb)
	}
}

func (t *transaction) resetObject(table *nft.Table, c *parse.Command, o *nft.Object) {
	if c.Name.Name != "" && o == nil {
		t.missing(c.Name.At, c.ObjKind.String(), c.Name.Name)
		return
	}
	for i, x := range table.Objects {
		if x.Kind() != c.ObjKind || o != nil && x != o {
			continue
		}
		fresh := *x
		switch v := x.Value.(type) {
		case *nft.Counter:
			fresh.Value = &nft.Counter{}
		case *nft.Quota:
			q := *v
			q.Used = 0
			fresh.Value = &q
		}
		table.Objects[i] = &fresh
	}
}

// usesObject describes a reference to an object, "" if there is none.
func usesObject(table *nft.Table, o *nft.Object) string {
	for _, c := range table.Chains {
		for x := range programs(c) {
			ref, ok := x.(*nft.ObjRef)
			if !ok || ref.Kind != o.Kind() {
				continue
			}
			if ref.Name == o.Name {
				return "chain " + c.Name
			}
			if a := ref.Map.Anon; a != nil && holdsObject(a, o.Name) {
				return "chain " + c.Name
			}
		}
	}
	for _, s := range table.Sets {
		if s.Data.Object == o.Kind() && holdsObject(s, o.Name) {
			return "map " + s.Name
		}
	}
	return ""
}

// holdsObject reports whether an element of a map leads to an object.
func holdsObject(s *nft.Set, name string) bool {
	return slices.ContainsFunc(s.Elements, func(e nft.Element) bool { return e.Object == name })
}

// usesFlowtable returns the chain that adds connections to a flowtable, "" if
// none does (nf_tables_api.c, nf_tables_delflowtable).
func usesFlowtable(table *nft.Table, name string) string {
	for _, c := range table.Chains {
		for x := range programs(c) {
			if f, ok := x.(*nft.FlowOffload); ok && f.Flowtable == name {
				return c.Name
			}
		}
	}
	return ""
}

func (t *transaction) addObject(table *nft.Table, c *parse.Command) {
	if c.ObjSpec == nil {
		t.add(c.At, "", "the definition of the object is missing")
		return
	}
	if old := table.Object(c.ObjKind, c.Name.Name); old != nil {
		return
	}
	o := &nft.Object{Name: c.Name.Name, Comment: c.ObjSpec.Comment, Value: c.ObjSpec.Value}
	l3 := c.ObjSpec.L3
	if l3 == 0 {
		l3 = table.Family
	}
	if c.ObjSpec.L3 != 0 && table.Family != nft.Inet && l3 != table.Family {
		t.add(c.At, "", "Invalid argument: l3proto %s in a table of family %s", l3, table.Family)
		return
	}
	switch v := o.Value.(type) {
	case *nft.CTHelper:
		v.L3Proto = l3
		if v.Helper == "" {
			t.add(c.At, "", "the type of the helper is missing")
			return
		}
	case *nft.CTTimeout:
		v.L3Proto = l3
		if !t.ctTimeout(v, c) {
			return
		}
	case *nft.CTExpectation:
		v.L3Proto = l3
	case *nft.Limit:
		if v.Rate == 0 {
			t.add(c.At, "", "the rate of the limit is missing")
			return
		}
	}
	o.Handle = table.NewHandle()
	table.Objects = append(table.Objects, o)
}

// ctStates are the states of protocols that have timeouts of their own, with
// the kernel's order (net/netfilter/nf_conntrack_proto_tcp.c, _udp.c).
var ctStates = map[uint8][]string{
	6: {"syn_sent", "syn_recv", "established", "fin_wait", "close_wait", "last_ack", "time_wait", "close", "syn_sent2",
		"retrans", "unack"},
	17: {"unreplied", "replied"},
}

// ctTimeout sorts the policy as the kernel does.
func (t *transaction) ctTimeout(v *nft.CTTimeout, c *parse.Command) bool {
	states, ok := ctStates[v.L4Proto]
	if !ok {
		t.add(c.At, "", "timeout policies are for tcp and udp")
		return false
	}
	var sorted []nft.CTTimeoutPolicy
	for _, s := range states {
		for _, p := range v.Policy {
			if p.State == s {
				sorted = append(sorted, p)
			}
		}
	}
	if len(sorted) != len(v.Policy) {
		t.add(c.At, "", "invalid state in the policy")
		return false
	}
	v.Policy = sorted
	return true
}

func (t *transaction) flowtableCommand(table *nft.Table, c *parse.Command) {
	if c.Handle != 0 {
		for _, x := range table.Flowtables {
			if x.Handle == c.Handle {
				c.Name.Name = x.Name
			}
		}
	}
	f := table.Flowtable(c.Name.Name)
	switch c.Verb {
	case parse.Add, parse.Create:
		if f != nil && c.Verb == parse.Create {
			t.add(c.Name.At, "", "File exists: flowtable %q", c.Name.Name)
			return
		}
		t.addFlowtable(table, c)
	case parse.Delete, parse.Destroy:
		if f == nil {
			if c.Verb == parse.Delete {
				t.missing(c.Name.At, "flowtable", c.Name.Name)
			}
			return
		}
		if user := usesFlowtable(table, f.Name); user != "" {
			t.add(c.Name.At, "", "Device or resource busy: chain %q uses flowtable %q", user, f.Name)
			return
		}
		for i, x := range table.Flowtables {
			if x == f {
				table.Flowtables = append(table.Flowtables[:i:i], table.Flowtables[i+1:]...)
				return
			}
		}
	default:
		t.add(c.At, "", "%s does not fit a flowtable", c.Verb)
	}
}

func (t *transaction) addFlowtable(table *nft.Table, c *parse.Command) {
	s := c.FlowSpec
	if s == nil || s.Priority == nil {
		if table.Flowtable(c.Name.Name) == nil {
			t.add(c.At, "", "Missing hook and priority in flowtable definition")
		}
		return
	}
	if s.Hook.Name != "ingress" {
		t.add(s.Hook.At, "", "unknown chain hook %s", s.Hook.Name)
		return
	}
	p, msg := priorityValue(s.Priority, nft.Ingress, nft.Netdev)
	if msg != "" {
		t.add(s.Priority.At, "", "%s", msg)
		return
	}
	f := &nft.Flowtable{Name: c.Name.Name, Priority: p, Offload: s.Offload, Counter: s.Counter}
	for _, d := range s.Devices {
		f.Devices = append(f.Devices, d.Name)
	}
	for i, old := range table.Flowtables {
		if old.Name == f.Name {
			f.Handle = old.Handle
			table.Flowtables[i] = f
			return
		}
	}
	f.Handle = table.NewHandle()
	table.Flowtables = append(table.Flowtables, f)
}
