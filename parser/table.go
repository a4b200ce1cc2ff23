package parser

import (
	"fmt"
	"slices"
	"sort"

	"github.com/packetpath/packetpath/netfilter"
)

// maxChainName is how many bytes the name of a chain or target has (libxtables,
// XT_EXTENSION_MAXNAMELEN less the final zero).
const maxChainName = 28

// maxRenamed is how many bytes the name may have that -E gives, which does not
// look at it. The kernel keeps no more (include/uapi/linux/netfilter/x_tables.h,
// struct xt_error_target).
const maxRenamed = 29

// table is a table while its lines are read. It does what libiptc does in
// memory between opening a table and committing it (libiptc/libiptc.c).
type table struct {
	*netfilter.Table
	pos    netfilter.Pos
	chains map[string]*netfilter.Chain
	jumps  map[string]*netfilter.Jump
	// loaded are the rules that were there before. Only their counters can be
	// set to zero: those of new ones are not the kernel's yet.
	loaded map[*netfilter.Rule]bool
	// policies are the chains whose policies the text has set. Whatever changes
	// the table sets the counters of all others to zero at COMMIT.
	policies map[*netfilter.Chain]bool
	changed  bool
	// uses counts the jumps to each chain; nil when rules have changed since
	// they were counted. Chains are usually deleted in a row.
	uses map[string]int
	// broken: a line was refused, and what follows from it is not reported.
	broken bool
}

// openTable starts to work on a table, from its committed state if it has one;
// flush empties it and removes its chains.
func openTable(name string, committed *netfilter.Table, flush bool) *table {
	t := &table{chains: map[string]*netfilter.Chain{}, jumps: map[string]*netfilter.Jump{},
		loaded: map[*netfilter.Rule]bool{}, policies: map[*netfilter.Chain]bool{}, changed: flush}
	if committed == nil {
		t.Table = netfilter.NewTable(name)
	} else {
		t.Table = committed.Clone()
		if flush {
			t.Chains = slices.DeleteFunc(t.Chains, func(c *netfilter.Chain) bool { return !c.Builtin() })
		}
	}
	for _, c := range t.Chains {
		t.chains[c.Name] = c
		if flush {
			c.Rules = nil
		}
		for _, r := range c.Rules {
			t.loaded[r] = true
		}
	}
	return t
}

// change notes that the text changes the table, and whether rules may come or
// go.
func (t *table) change(rules bool) {
	t.changed = true
	if rules {
		t.uses = nil
	}
}

// chain returns a chain of the table.
func (t *table) chain(name string) (*netfilter.Chain, error) {
	if c := t.chains[name]; c != nil {
		return c, nil
	}
	return nil, &missingChainError{name}
}

func (t *table) names() []string {
	names := make([]string, 0, len(t.chains))
	for _, c := range t.Chains {
		names = append(names, c.Name)
	}
	return names
}

// jump returns the target that leads to a chain.
func (t *table) jump(name string) *netfilter.Jump {
	j := t.jumps[name]
	if j == nil {
		j = &netfilter.Jump{Chain: name}
		t.jumps[name] = j
	}
	return j
}

// checkNewName reports why a name cannot be given to a chain.
func (t *table) checkNewName(name string) error {
	switch {
	case t.chains[name] != nil:
		return tableErrorf(ErrChainExists, "chain %q exists already", name)
	case isVerdict(name):
		return tableErrorf(ErrChainExists, "%s is a verdict, no chain can be called so", name)
	case len(name) > maxRenamed:
		return fmt.Errorf("chain %q: a name has at most %d bytes", name, maxChainName)
	}
	return nil
}

func isVerdict(name string) bool {
	return name == "ACCEPT" || name == "DROP" || name == "QUEUE" || name == "RETURN"
}

// create adds a chain (iptc_create_chain).
func (t *table) create(name string, pos netfilter.Pos) error {
	if err := t.checkNewName(name); err != nil {
		return err
	}
	c := &netfilter.Chain{Name: name, Pos: pos}
	t.chains[name] = c
	t.Chains = append(t.Chains, c)
	return nil
}

// flush removes the rules of a chain, or of all.
func (t *table) flush(name string, all bool) error {
	if all {
		for _, c := range t.Chains {
			c.Rules = nil
		}
		return nil
	}
	c, err := t.chain(name)
	if err == nil {
		c.Rules = nil
	}
	return err
}

// remove deletes a chain, or all user chains (iptc_delete_chain). What stands
// in the way of one does not keep the others, but is an error all the same.
func (t *table) remove(name string, all bool) error {
	if t.uses == nil {
		t.countUses()
	}
	if !all {
		return t.removeOne(name)
	}
	var first error
	for _, c := range slices.Clone(t.Chains) {
		if c.Builtin() {
			continue
		}
		if err := t.removeOne(c.Name); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (t *table) removeOne(name string) error {
	c, err := t.chain(name)
	switch {
	case err != nil:
		return err
	case c.Builtin():
		return tableErrorf(ErrBuiltinChain, "chain %s is built in and cannot be deleted", name)
	case t.uses[name] > 0:
		return tableErrorf(ErrChainInUse, "chain %q cannot be deleted: %d rules jump to it", name, t.uses[name])
	case len(c.Rules) > 0:
		return tableErrorf(ErrChainNotEmpty, "chain %q cannot be deleted: it has rules, flush it first", name)
	}
	delete(t.chains, name)
	t.Chains = slices.DeleteFunc(t.Chains, func(d *netfilter.Chain) bool { return d == c })
	return nil
}

func (t *table) countUses() {
	t.uses = map[string]int{}
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			if j, ok := r.Target.(*netfilter.Jump); ok {
				t.uses[j.Chain]++
			}
		}
	}
}

// rename gives a chain another name, and the jumps to it with it
// (iptc_rename_chain).
func (t *table) rename(old, name string) error {
	c := t.chains[old]
	if err := t.checkNewName(name); err != nil {
		return err
	}
	if c == nil {
		_, err := t.chain(old)
		return err
	}
	if c.Builtin() {
		return tableErrorf(ErrBuiltinChain, "chain %s is built in and cannot be renamed", old)
	}
	delete(t.chains, old)
	delete(t.jumps, old)
	c.Name = name
	t.chains[name] = c
	for _, c := range t.Chains {
		for _, r := range c.Rules {
			if j, ok := r.Target.(*netfilter.Jump); ok && j.Chain == old {
				r.Target = t.jump(name)
			}
		}
	}
	return nil
}

// setPolicy sets policy and counters of a built-in chain (iptc_set_policy).
func (t *table) setPolicy(name, policy string, n netfilter.Counters) error {
	c, err := t.chain(name)
	if err != nil {
		return err
	}
	if !c.Builtin() {
		return tableErrorf(ErrNotBuiltin, "chain %q is not built in: only built-in chains have a policy, write - instead", name)
	}
	switch policy {
	case "ACCEPT":
		c.Policy = netfilter.Accept
	case "DROP":
		c.Policy = netfilter.Drop
	default:
		return tableErrorf(ErrBadPolicy, "bad policy %q: need ACCEPT or DROP", policy)
	}
	c.Counters = n
	t.policies[c] = true
	t.changed = true
	return nil
}

// zero sets the counters of one rule, of a chain or of all chains to zero
// (iptc_zero_entries, iptc_zero_counter).
func (t *table) zero(name string, all bool, rule int) error {
	if all {
		for _, c := range t.Chains {
			t.zeroChain(c)
		}
		return nil
	}
	c, err := t.chain(name)
	switch {
	case err != nil:
		return err
	case rule == 0:
		t.zeroChain(c)
		return nil
	case rule > len(c.Rules):
		return t.noSuchRule(c, rule)
	}
	t.zeroRule(c.Rules[rule-1])
	return nil
}

func (t *table) zeroChain(c *netfilter.Chain) {
	for _, r := range c.Rules {
		t.zeroRule(r)
	}
}

func (t *table) zeroRule(r *netfilter.Rule) {
	if t.loaded[r] {
		r.Counters = netfilter.Counters{}
	}
}

func (t *table) noSuchRule(c *netfilter.Chain, n int) error {
	return tableErrorf(ErrRuleNumber, "chain %s has no rule %d: %s", c.Name, n, count(len(c.Rules), "rule"))
}

// count returns "no rules", "1 rule", "2 rules" with the verb for what there is.
func count(n int, what string) string {
	switch n {
	case 0:
		return fmt.Sprintf("there are no %ss", what)
	case 1:
		return fmt.Sprintf("there is 1 %s", what)
	}
	return fmt.Sprintf("there are %d %ss", n, what)
}

// insert puts a rule before rule n; n may be one more than there are.
func (t *table) insert(c *netfilter.Chain, n int, r *netfilter.Rule) error {
	if n > len(c.Rules)+1 {
		return tableErrorf(ErrRuleNumber, "cannot insert at %d: %s", n, count(len(c.Rules), "rule"))
	}
	c.Rules = slices.Insert(c.Rules, n-1, r)
	return nil
}

func (t *table) replace(c *netfilter.Chain, n int, r *netfilter.Rule) error {
	if n > len(c.Rules) {
		return t.noSuchRule(c, n)
	}
	c.Rules[n-1] = r
	return nil
}

func (t *table) deleteAt(name string, n int) error {
	c, err := t.chain(name)
	switch {
	case err != nil:
		return err
	case n > len(c.Rules):
		return t.noSuchRule(c, n)
	}
	c.Rules = slices.Delete(c.Rules, n-1, n)
	return nil
}

// find returns the index of the first rule that is the same as r.
func (t *table) find(c *netfilter.Chain, r *netfilter.Rule) (int, error) {
	i := slices.IndexFunc(c.Rules, func(o *netfilter.Rule) bool { return sameRule(o, r) })
	if i < 0 {
		return 0, tableErrorf(ErrNoSuchRule, "chain %s has no such rule", c.Name)
	}
	return i, nil
}

// finish does what remains to be done at COMMIT: it puts the built-in chains
// first and drops the counters of policies that the text does not set.
func (t *table) finish() {
	sort.SliceStable(t.Chains, func(i, j int) bool { return t.Chains[i].Builtin() && !t.Chains[j].Builtin() })
	for _, c := range t.Chains {
		if t.changed && !t.policies[c] {
			c.Counters = netfilter.Counters{}
		}
	}
}
