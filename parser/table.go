package parser

import (
	"fmt"

	"github.com/packetpath/packetpath/netfilter"
)

// maxChainName is the maximum length of the name of a chain or target in bytes
// (libxtables, XT_EXTENSION_MAXNAMELEN less the final zero).
const maxChainName = 28

// maxRenamed is the maximum length in bytes of the new name of -E, which
// iptables does not check. The kernel stores no more
// (include/uapi/linux/netfilter/x_tables.h, struct xt_error_target).
const maxRenamed = 29

// table is the state of a table while its lines are parsed. It models libiptc
// between opening a table and committing it (libiptc/libiptc.c).
type table struct {
	Name   string
	pos    netfilter.Pos
	before []string // comment lines before it
	// committed is the table as it was opened; nil if there was none.
	committed *netfilter.Table
	chains    chainSet
	last      *chain // that was asked for last
	lastJump  *chain // the last jump destination looked up
	// renamed maps the names that rules of the committed table jump to, to chains
	// that have been renamed.
	renamed map[string]*chain
	loaded  map[*netfilter.Rule]bool // see isLoaded
	counted bool                     // chain.refs are right
	changed bool
	// broken: a line was refused; consequential errors are not reported.
	broken bool
}

// openTable opens a table in its committed state, if there is one; flush
// removes its rules and user chains. checked is the committed table if it was
// checked, else nil.
func openTable(name string, committed *netfilter.Table, checked *netfilter.CheckedTable, flush bool) *table {
	t := &table{Name: name, committed: committed, changed: flush, counted: flush || committed == nil}
	if committed == nil {
		committed = netfilter.NewTable(name)
	}
	t.before = committed.Before
	if flush {
		t.chains = newChainSet(flushed(committed), nil)
		return t
	}
	t.chains = newChainSet(committed, checked)
	t.counted = t.counted || t.chains.base != nil
	return t
}

// flushed returns the table without rules and user chains.
func flushed(t *netfilter.Table) *netfilter.Table {
	out := &netfilter.Table{}
	for _, c := range t.Chains {
		if c.Builtin() {
			bare := *c
			bare.Rules = nil
			out.Chains = append(out.Chains, &bare)
		}
	}
	return out
}

// chain returns a chain of the table.
func (t *table) chain(name string) (*chain, error) {
	if c := t.lookup(name); c != nil {
		return c, nil
	}
	return nil, &missingChainError{name}
}

// lookup returns the chain of this name; nil if there is none. The last result
// is cached, because texts often name a chain many times in succession.
func (t *table) lookup(name string) *chain {
	if t.last != nil && !t.last.removed && t.last.Name == name {
		return t.last
	}
	c := t.chains.get(name)
	if c != nil {
		t.last = c
	}
	return c
}

// jumpTo returns the chain of this name as one to jump to; nil if there is none.
func (t *table) jumpTo(name string) *chain {
	if t.lastJump == nil || t.lastJump.removed || t.lastJump.Name != name {
		t.lastJump = t.chains.get(name)
	}
	return t.lastJump
}

func (t *table) names() []string {
	var names []string
	for _, c := range t.chains.all() {
		if !c.removed {
			names = append(names, c.Name)
		}
	}
	return names
}

// jump returns the target that jumps to a chain.
func (t *table) jump(c *chain) *netfilter.Jump {
	if c.jump == nil {
		c.jump = &netfilter.Jump{Chain: c.Name}
	}
	return c.jump
}

// callee returns the chain that a rule jumps to; nil if it does not jump.
func (t *table) callee(r *netfilter.Rule) *chain {
	j, ok := r.Target.(*netfilter.Jump)
	if !ok {
		return nil
	}
	c := t.lastJump
	if c == nil || c.jump != j {
		c = t.chains.get(j.Chain)
	}
	if c != nil && c.jump == j { // the jump was created by this text and has the chain's current name
		return c
	}
	if old := t.renamed[j.Chain]; old != nil {
		return old
	}
	return c
}

// isLoaded reports whether the rule was loaded in the kernel when the table was
// opened. Only the counters of such rules can be set to zero.
func (t *table) isLoaded(r *netfilter.Rule) bool {
	if t.committed == nil {
		return false
	}
	if t.loaded == nil {
		t.loaded = map[*netfilter.Rule]bool{}
		for _, known := range t.committed.Rules() {
			t.loaded[known] = true
		}
	}
	return t.loaded[r]
}

// checkNewName returns an error if a chain cannot have this name.
func (t *table) checkNewName(name string) error {
	switch {
	case t.chains.get(name) != nil:
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
	t.chains.add(&chain{Chain: &netfilter.Chain{Name: name, Pos: pos}, owned: true})
	return nil
}

// redeclare empties a chain that a chain line names.
func (t *table) redeclare(c *chain, pos netfilter.Pos) {
	t.clear(c)
	c.Pos = pos
}

// clear removes the rules of a chain.
func (t *table) clear(c *chain) {
	if t.counted {
		for r := range c.each {
			t.drop(r)
		}
	}
	c.clear()
}

// add and drop update the reference counts for a rule that is added or removed.
func (t *table) add(r *netfilter.Rule) { t.count(r, 1) }

func (t *table) drop(r *netfilter.Rule) { t.count(r, -1) }

func (t *table) count(r *netfilter.Rule, n int) {
	if !t.counted {
		return
	}
	if c := t.callee(r); c != nil {
		c.refs += n
	}
}

// flush removes the rules of a chain, or of all.
func (t *table) flush(name string, all bool) error {
	if all {
		for _, c := range t.chains.all() {
			if !c.removed {
				t.clear(c)
			}
		}
		return nil
	}
	c, err := t.chain(name)
	if err == nil {
		t.clear(c)
	}
	return err
}

// remove deletes a chain, or all user chains (iptc_delete_chain). If a chain
// cannot be deleted the others are deleted nevertheless, but an error is
// returned.
func (t *table) remove(name string, all bool) error {
	t.countRefs()
	if !all {
		return t.removeOne(name)
	}
	var first error
	for _, c := range t.chains.all() {
		if c.removed || c.Builtin() {
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
	case c.refs > 0:
		return tableErrorf(ErrChainInUse, "chain %q cannot be deleted: %d rules jump to it", name, c.refs)
	case c.length() > 0:
		return tableErrorf(ErrChainNotEmpty, "chain %q cannot be deleted: it has rules, flush it first", name)
	}
	t.chains.remove(c)
	c.removed, t.changed = true, true
	return nil
}

// countRefs counts the jumps to each chain; from then on add and drop keep the
// counts up to date.
func (t *table) countRefs() {
	if t.counted {
		return
	}
	t.counted = true
	for _, c := range t.chains.all() {
		if c.removed {
			continue
		}
		for r := range c.each {
			t.add(r)
		}
	}
}

// rename gives a chain another name (iptc_rename_chain). Jumps of rules loaded
// before are updated at COMMIT.
func (t *table) rename(old, name string) error {
	if err := t.checkNewName(name); err != nil {
		return err
	}
	c, err := t.chain(old)
	if err != nil {
		return err
	}
	if c.Builtin() {
		return tableErrorf(ErrBuiltinChain, "chain %s is built in and cannot be renamed", old)
	}
	t.keepName(c)
	t.chains.rename(c, name)
	c.announced = false // the tool records names, not chains
	if c.jump != nil {
		c.jump.Chain = name
	}
	return nil
}

// keepName records the name by which rules loaded before jump to a chain.
func (t *table) keepName(c *chain) {
	if c.original == "" {
		return
	}
	if t.renamed == nil {
		t.renamed = map[string]*chain{}
	}
	t.renamed[c.original] = c
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
	var v netfilter.Verdict
	switch policy {
	case "ACCEPT":
		v = netfilter.Accept
	case "DROP":
		v = netfilter.Drop
	default:
		return tableErrorf(ErrBadPolicy, "bad policy %q: need ACCEPT or DROP", policy)
	}
	c.own().Policy = v
	c.Counters = n
	c.policySet = true
	t.changed = true
	return nil
}

// zero sets the counters of one rule, of a chain or of all chains to zero
// (iptc_zero_entries, iptc_zero_counter).
func (t *table) zero(name string, all bool, rule int) error {
	if all {
		for _, c := range t.chains.all() {
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
	case rule > c.length():
		return t.noSuchRule(c, rule)
	}
	t.zeroRule(c, rule-1)
	return nil
}

func (t *table) zeroChain(c *chain) {
	i := 0
	for r := range c.each {
		if r.Counters != (netfilter.Counters{}) {
			t.zeroRule(c, i)
		}
		i++
	}
}

// zeroRule replaces the rule by a copy, because the rule may be shared.
func (t *table) zeroRule(c *chain, i int) {
	r := c.at(i)
	if r.Counters == (netfilter.Counters{}) || !t.isLoaded(r) {
		return
	}
	bare := *r
	bare.Counters = netfilter.Counters{}
	c.replace(i, &bare)
	t.loaded[&bare] = true
}

func (t *table) noSuchRule(c *chain, n int) error {
	return tableErrorf(ErrRuleNumber, "chain %s has no rule %d: %s", c.Name, n, count(c.length(), "rule"))
}

// count returns "no rules", "1 rule", "2 rules" and so on with the verb in
// agreement.
func count(n int, what string) string {
	switch n {
	case 0:
		return fmt.Sprintf("there are no %ss", what)
	case 1:
		return fmt.Sprintf("there is 1 %s", what)
	}
	return fmt.Sprintf("there are %d %ss", n, what)
}

// append adds a rule at the end.
func (t *table) append(c *chain, r *netfilter.Rule) {
	c.insert(c.length(), r)
	t.add(r)
}

// insert inserts a rule before rule n; n may be one more than the number of
// rules.
func (t *table) insert(c *chain, n int, r *netfilter.Rule) error {
	if n > c.length()+1 {
		return tableErrorf(ErrRuleNumber, "cannot insert at %d: %s", n, count(c.length(), "rule"))
	}
	c.insert(n-1, r)
	t.add(r)
	return nil
}

func (t *table) replace(c *chain, n int, r *netfilter.Rule) error {
	if n > c.length() {
		return t.noSuchRule(c, n)
	}
	t.drop(c.at(n - 1))
	c.replace(n-1, r)
	t.add(r)
	return nil
}

func (t *table) deleteAt(name string, n int) error {
	c, err := t.chain(name)
	switch {
	case err != nil:
		return err
	case n > c.length():
		return t.noSuchRule(c, n)
	}
	t.drop(c.at(n - 1))
	c.delete(n - 1)
	return nil
}

// find returns the index of the first rule that is the same as r.
func (t *table) find(c *chain, r *netfilter.Rule) (int, error) {
	i := c.find(r, t.sameRule)
	if i < 0 {
		return 0, tableErrorf(ErrNoSuchRule, "chain %s has no such rule", c.Name)
	}
	return i, nil
}

// finish returns the table at COMMIT: built-in chains first, the counters of
// policies that the text does not set at zero, and jumps by the chains' new
// names. Unmodified chains are shared with the table that was opened.
func (t *table) finish() *netfilter.Table {
	if t.renamed != nil {
		t.chains.all() // any of them may jump to a chain that was renamed
	}
	if t.changed {
		t.chains.builtin()
	}
	return &netfilter.Table{Name: t.Name, Before: t.before, Pos: t.pos, Chains: t.chains.finished(t.finishChain)}
}

func (t *table) finishChain(c *chain) {
	if t.changed && c.Builtin() && !c.policySet && c.Counters != (netfilter.Counters{}) {
		c.own().Counters = netfilter.Counters{}
	}
	c.store()
	if t.renamed == nil {
		return
	}
	for i, r := range c.Rules {
		j, ok := r.Target.(*netfilter.Jump)
		if !ok {
			continue
		}
		if to := t.callee(r); to != nil && to.Name != j.Chain {
			moved := *r
			moved.Target = t.jump(to)
			c.own().Rules[i] = &moved
		}
	}
}
