package nfttext

import (
	"math"
	"slices"

	"github.com/packetpath/packetpath/netfilter/nft"
	"github.com/packetpath/packetpath/netfilter/nft/internal/compile"
	"github.com/packetpath/packetpath/netfilter/nft/internal/parse"
	"github.com/packetpath/packetpath/netfilter/nft/internal/syntax"
)

func (t *transaction) chainCommand(table *nft.Table, c *parse.Command) {
	if c.Handle != 0 {
		for _, x := range table.Chains {
			if x.Handle == c.Handle {
				c.Name.Name = x.Name
			}
		}
	}
	chain := table.Chain(c.Name.Name)
	switch c.Verb {
	case parse.Add, parse.Create:
		if chain != nil && c.Verb == parse.Create {
			t.add(c.Name.At, "", "File exists: chain %q", c.Name.Name)
			return
		}
		t.addChain(table, c)
		t.rules(table, c)
		return
	case parse.Destroy:
		if chain == nil {
			return
		}
	}
	if chain == nil {
		t.missing(c.Name.At, "chain", c.Name.Name)
		return
	}
	switch c.Verb {
	case parse.Delete, parse.Destroy:
		t.deleteChain(table, chain, c)
	case parse.Flush:
		t.chain(table, chain.Name).Rules = nil
	case parse.Rename:
		if table.Chain(c.NewName.Name) != nil {
			t.add(c.NewName.At, "", "File exists: chain %q", c.NewName.Name)
			return
		}
		t.renameChain(table, chain.Name, c.NewName.Name)
	default:
		t.add(c.At, "", "%s does not fit a chain", c.Verb)
	}
}

func (t *transaction) deleteChain(table *nft.Table, chain *nft.Chain, c *parse.Command) {
	if user := jumpsTo(table, chain); user != "" {
		t.add(c.Name.At, "remove what jumps to it first", "Device or resource busy: %s leads to chain %q", user, chain.Name)
		return
	}
	for i, x := range table.Chains {
		if x == chain {
			table.Chains = append(table.Chains[:i:i], table.Chains[i+1:]...)
			t.moved(table)
			return
		}
	}
}

// jumpsTo describes a reference to a chain from outside its own rules; "" if
// there is none.
func jumpsTo(table *nft.Table, chain *nft.Chain) string {
	for _, x := range table.Chains {
		if x == chain {
			continue
		}
		for e := range programs(x) {
			if leads(e, chain.Name) {
				return "chain " + x.Name
			}
		}
	}
	for _, s := range table.Sets {
		for i := range s.Elements {
			if s.Elements[i].Verdict.Chain == chain.Name {
				return "map " + s.Name
			}
		}
	}
	return ""
}

// leads reports whether an expression can jump to a chain by itself, without a
// named map.
func leads(x nft.Expr, name string) bool {
	switch x := x.(type) {
	case *nft.SetVerdict:
		return x.Verdict.Chain == name
	case *nft.Lookup:
		if a := x.Set.Anon; a != nil {
			return slices.ContainsFunc(a.Elements, func(e nft.Element) bool { return e.Verdict.Chain == name })
		}
	}
	return false
}

// renameChain renames a chain and updates the jumps to it.
func (t *transaction) renameChain(table *nft.Table, from, to string) {
	t.chain(table, from).Name = to
	t.moved(table)
	for _, x := range table.Chains {
		for i, r := range x.Rules {
			if c := retargeted(r, from, to); c != r {
				t.chain(table, x.Name).Rules[i] = c
			}
		}
	}
	for _, s := range table.Sets {
		for i := range s.Elements {
			if s.Elements[i].Verdict.Chain == from {
				t.set(table, s.Name).Elements[i].Verdict.Chain = to
			}
		}
	}
}

// retargeted returns a rule whose jumps to a chain lead to another: the rule
// itself if it has none, and a copy otherwise.
func retargeted(r *nft.Rule, from, to string) *nft.Rule {
	exprs := slices.Clone(r.Exprs)
	changed := false
	for i, e := range r.Exprs {
		if exprs[i] = retargetedExpr(e, from, to); exprs[i] != e {
			changed = true
		}
	}
	if !changed {
		return r
	}
	c := *r
	c.Exprs = exprs
	return &c
}

func retargetedExpr(e nft.Expr, from, to string) nft.Expr {
	if b := blockOf(e); b != nil {
		rules := slices.Clone(b.Rules)
		for i, r := range rules {
			rules[i] = retargeted(r, from, to)
		}
		if slices.Equal(rules, b.Rules) {
			return e
		}
		v, c := *e.(*nft.SetVerdict), *b
		c.Rules = rules
		v.Verdict.Block = &c
		return &v
	}
	if !leads(e, from) {
		return e
	}
	switch e := e.(type) {
	case *nft.SetVerdict:
		v := *e
		v.Verdict.Chain = to
		return &v
	case *nft.Lookup:
		set, look := *e.Set.Anon, *e
		set.Elements = slices.Clone(set.Elements)
		for i := range set.Elements {
			if v := &set.Elements[i].Verdict; v.Chain == from {
				v.Chain = to
			}
		}
		look.Set.Anon = &set
		return &look
	}
	return e
}

// addChain creates a chain, or updates the attributes of an existing one that
// can be changed.
func (t *transaction) addChain(table *nft.Table, c *parse.Command) {
	base := t.base(table, c)
	chain := t.chain(table, c.Name.Name)
	if chain == nil {
		if len(c.Name.Name) > 255 {
			t.add(c.Name.At, "", "Numerical result out of range: names have at most 255 characters")
		}
		chain = &nft.Chain{Name: c.Name.Name, Handle: table.NewHandle(), Base: base}
		if c.ChainSpec != nil {
			chain.Comment = c.ChainSpec.Comment
			if base == nil && c.ChainSpec.Policy != nil {
				t.add(c.ChainSpec.Policy.At, "say with type, hook and priority where the kernel calls the chain", "Operation not supported: only base chains have a policy")
			}
		}
		t.own[chain] = true
		t.chainIndex[table][chain.Name] = len(table.Chains)
		table.Chains = append(table.Chains, chain)
		t.made = append(t.made, created{table: table, chain: chain, at: c.Name.At})
		return
	}
	t.changeChain(chain, base, c)
}

func (t *transaction) changeChain(chain *nft.Chain, base *nft.Base, c *parse.Command) {
	switch {
	case base == nil:
		if c.ChainSpec != nil && c.ChainSpec.Policy != nil && chain.Base != nil {
			b := *chain.Base
			b.Drop = c.ChainSpec.Policy.Name == "drop"
			chain.Base = &b
		}
	case chain.Base == nil:
		t.add(c.Name.At, "", "File exists: chain %q is no base chain", chain.Name)
	case chain.Base.Type != base.Type:
		t.add(c.Name.At, "", "File exists: chain %q is of type %s", chain.Name, chain.Base.Type)
	case chain.Base.Hook != base.Hook || chain.Base.Priority != base.Priority:
		t.add(c.Name.At, "delete the chain first", "Operation not supported: hook and priority of chain %q can't be changed", chain.Name)
	default:
		if c.ChainSpec.Policy == nil {
			base.Drop = chain.Base.Drop
		}
		for _, d := range chain.Base.Devices {
			found := false
			for _, e := range base.Devices {
				found = found || d == e
			}
			if !found {
				base.Devices = append(base.Devices, d)
			}
		}
		chain.Base = base
	}
}

// base returns the hook specification of a base chain; nil for other chains.
func (t *transaction) base(table *nft.Table, c *parse.Command) *nft.Base {
	s := c.ChainSpec
	if s == nil || s.Priority == nil {
		return nil
	}
	hook, ok := nft.HookByName(s.Hook.Name)
	if !ok {
		t.add(s.Hook.At, "", "unknown chain hook %s", s.Hook.Name)
		return nil
	}
	typ := nft.ChainType(s.Type.Name)
	if typ != nft.FilterChain && typ != nft.NATChain && typ != nft.RouteChain {
		t.add(s.Type.At, "", "unknown chain type %s", s.Type.Name)
		return nil
	}
	if !table.Family.Hooks(hook) {
		t.add(s.Hook.At, "", "The %s family does not support this hook", table.Family)
		return nil
	}
	b := &nft.Base{Type: typ, Hook: hook, Several: s.Several, Offload: s.Offload, Drop: s.Policy != nil && s.Policy.Name == "drop"}
	p, msg := priorityValue(s.Priority, hook, table.Family)
	if msg != "" {
		t.add(s.Priority.At, "", "%s", msg)
		return nil
	}
	b.Priority = p
	for _, d := range s.Devices {
		b.Devices = append(b.Devices, d.Name)
	}
	t.checkBase(table, b, s, c)
	return b
}

// checkBase refuses chains of a type that the hook or the family does not have
// (net/netfilter/nft_chain_nat.c, nft_chain_route.c).
func (t *transaction) checkBase(table *nft.Table, b *nft.Base, s *parse.ChainSpec, c *parse.Command) {
	ingress := b.Hook == nft.Ingress || b.Hook == nft.Egress
	ip := table.Family == nft.IP || table.Family == nft.IP6 || table.Family == nft.Inet
	switch {
	case ingress && len(b.Devices) == 0:
		t.add(s.Hook.At, "", "Missing `device' in this chain definition")
	case !ingress && len(b.Devices) > 0:
		t.add(s.Devices[0].At, "", "a device fits ingress and egress chains only")
	case b.Type == nft.NATChain && (!ip || b.Hook == nft.Forward || ingress),
		b.Type == nft.RouteChain && (!ip || b.Hook != nft.Output):
		t.add(s.Type.At, "", "Operation not supported: chains of type %s can't stand at hook %s of family %s", b.Type, b.Hook, table.Family)
	case b.Type == nft.NATChain && b.Priority <= -200:
		t.add(s.Priority.At, "connection tracking has to come before it", `Operation not supported: chains of type "nat" must have a priority value above -200`)
	case b.Offload && !ingress:
		t.add(c.At, "", "Operation not supported: offload is for ingress chains")
	}
}

// priorityValue returns the number of a priority, or an error message.
func priorityValue(p *parse.Priority, h nft.Hook, f nft.Family) (int32, string) {
	if p.Name == "" {
		if p.Value > math.MaxUint32 || p.Value < math.MinInt32 {
			return 0, "invalid priority expression value in this context."
		}
		return int32(p.Value), ""
	}
	for _, s := range standardsOf(f) {
		if s.name == p.Name {
			if s.hooks != nil && !s.hooks(h, Release117) {
				return 0, "invalid priority expression value in this context."
			}
			return s.value + int32(p.Value), ""
		}
	}
	return 0, "invalid priority expression value in this context."
}

// rules adds the rules of a chain's block.
func (t *transaction) rules(table *nft.Table, c *parse.Command) {
	if c.ChainSpec == nil || len(c.ChainSpec.Rules) == 0 {
		return
	}
	chain := t.chain(table, c.Name.Name)
	if chain == nil {
		return
	}
	for _, text := range c.ChainSpec.Rules {
		if r := t.compile(table, text); r != nil {
			chain.Rules = append(chain.Rules, r)
			t.made = append(t.made, created{table, chain, r, text.At})
		}
	}
}

// compile compiles a rule; nil if it has an error.
func (t *transaction) compile(table *nft.Table, text *syntax.RuleText) *nft.Rule {
	r, fault := compile.Rule(t.env(table), text)
	if fault != nil {
		t.add(fault.At, fault.Hint, "%s", fault.Msg)
		return nil
	}
	for x := range withBlocks(r) {
		for _, e := range x.Exprs {
			if d, ok := e.(*nft.Dynset); ok && d.Set.Anon == nil {
				t.dynamic(table, d.Set.Name, text.At)
			}
		}
	}
	t.number(table, r)
	t.locate(r, text)
	return r
}

// locate sets the positions of a rule and of the rules in its block.
func (t *transaction) locate(r *nft.Rule, text *syntax.RuleText) {
	r.Pos, _ = t.position(t.files.Locate(text.At.Start), text.At.Start)
	blocks := []*nft.Chain{}
	for _, x := range r.Exprs {
		if b := blockOf(x); b != nil {
			blocks = append(blocks, b)
		}
	}
	for _, s := range text.Stmts {
		v, ok := s.(*syntax.VerdictStmt)
		if !ok || v.Verdict.Rules == nil {
			continue
		}
		for i, inner := range v.Verdict.Rules {
			t.locate(blocks[0].Rules[i], inner)
		}
		blocks = blocks[1:]
	}
}

// dynamic marks a set as dynamic. Sets created by the same text become dynamic
// implicitly; a set without a size gets the default one (nft_dynset.c,
// nft_dynset_init).
func (t *transaction) dynamic(table *nft.Table, name string, at syntax.Span) {
	set := t.set(table, name)
	switch {
	case set == nil:
	case set.Interval:
		t.add(at, "rules can change sets without ranges only", "Operation not supported: set %q is of ranges", name)
	case t.fresh[set]:
		// nft says so of sets only, not of maps.
		set.Dynamic = set.Dynamic || !set.IsMap()
	case !set.Dynamic && !set.HasTimeout:
		t.add(at, "add 'flags dynamic' to the set", "Operation not supported: set %q can't be changed by rules", name)
	}
	if set != nil && set.Size == 0 {
		set.Size = 65535
	}
}

// number assigns a handle to a rule, after those of its anonymous sets and
// chains.
func (t *transaction) number(table *nft.Table, r *nft.Rule) {
	for _, x := range r.Exprs {
		switch x := x.(type) {
		case *nft.Lookup:
			if x.Set.Anon != nil {
				x.Set.Anon.Handle = table.NewHandle()
			}
		case *nft.ObjRef:
			if x.Map.Anon != nil {
				x.Map.Anon.Handle = table.NewHandle()
			}
		case *nft.Dynset:
			if x.Set.Anon != nil {
				x.Set.Anon.Handle = table.NewHandle()
			}
		case *nft.SetVerdict:
			if b := x.Verdict.Block; b != nil {
				b.Handle = table.NewHandle()
				for _, y := range b.Rules {
					t.number(table, y)
				}
			}
		}
	}
	r.Handle = table.NewHandle()
}

func (t *transaction) ruleCommand(table *nft.Table, c *parse.Command) {
	chain := t.chain(table, c.Name.Name)
	if chain == nil {
		t.missing(c.Name.At, "chain", c.Name.Name)
		return
	}
	at := -1
	switch {
	case c.Handle != 0:
		for i, r := range chain.Rules {
			if r.Handle == c.Handle {
				at = i
			}
		}
	case c.Index != 0:
		if c.Index <= len(chain.Rules) {
			at = c.Index - 1
		}
	}
	if (c.Handle != 0 || c.Index != 0) && at < 0 {
		t.add(c.At, "", "No such file or directory: the chain has no such rule")
		return
	}
	switch c.Verb {
	case parse.Add, parse.Insert:
		r := t.compile(table, c.Rule)
		if r == nil {
			return
		}
		t.made = append(t.made, created{table, chain, r, c.Rule.At})
		switch {
		case at >= 0 && c.After:
			at++
		case at < 0 && c.Verb == parse.Add:
			at = len(chain.Rules)
		case at < 0:
			at = 0
		}
		chain.Rules = append(chain.Rules[:at:at], append([]*nft.Rule{r}, chain.Rules[at:]...)...)
	case parse.Replace:
		if at < 0 {
			t.add(c.At, "", "a handle is missing")
			return
		}
		if r := t.compile(table, c.Rule); r != nil {
			chain.Rules[at] = r
			t.made = append(t.made, created{table, chain, r, c.Rule.At})
		}
	case parse.Delete, parse.Destroy:
		if at < 0 {
			t.add(c.At, "", "a handle is missing")
			return
		}
		chain.Rules = append(chain.Rules[:at:at], chain.Rules[at+1:]...)
	default:
		t.add(c.At, "", "%s does not fit a rule", c.Verb)
	}
}
