package parser

import (
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// chain is the state of a chain while the lines of its table are parsed. Until
// it is modified it is the chain of the base ruleset, which other rulesets may
// share.
type chain struct {
	*netfilter.Chain
	original  string // its name when the table was opened; "" if it is new
	owned     bool
	policySet bool // the text has set the policy
	announced bool // a chain line of this table declares it under its name
	removed   bool
	list      *ruleList // holds the rules instead of Chain.Rules, if not nil
	jump      *netfilter.Jump
	// refs counts the rules that jump here, once table.counted says so.
	refs int
}

// own copies the chain if it is shared, so that it may be modified.
func (c *chain) own() *netfilter.Chain {
	if !c.owned {
		copied := *c.Chain
		copied.Rules = slices.Clone(c.Rules)
		c.Chain, c.owned = &copied, true
	}
	return c.Chain
}

// length returns how many rules there are.
func (c *chain) length() int {
	if c.list != nil {
		return c.list.length
	}
	return len(c.Rules)
}

// at returns rule i, counted from 0.
func (c *chain) at(i int) *netfilter.Rule {
	if c.list != nil {
		return c.list.at(i)
	}
	return c.Rules[i]
}

// long converts the rules of a long chain to a ruleList; false if it is short.
func (c *chain) long() bool {
	if c.list == nil && len(c.Rules) >= longChain {
		c.list = newRuleList(c.Rules)
	}
	return c.list != nil
}

func (c *chain) insert(i int, r *netfilter.Rule) {
	c.own()
	switch {
	case i == len(c.Rules) && c.list == nil:
		c.Rules = append(c.Rules, r)
	case c.long():
		c.list.insert(i, r)
	default:
		c.Rules = slices.Insert(c.Rules, i, r)
	}
}

func (c *chain) delete(i int) {
	c.own()
	if c.long() {
		c.list.delete(i)
		return
	}
	c.Rules = slices.Delete(c.Rules, i, i+1)
}

func (c *chain) replace(i int, r *netfilter.Rule) {
	c.own()
	if c.list != nil {
		c.list.replace(i, r)
		return
	}
	c.Rules[i] = r
}

// find returns the index of the first rule that is the same; -1 if there is
// none.
func (c *chain) find(r *netfilter.Rule, same func(a, b *netfilter.Rule) bool) int {
	if !c.long() {
		return slices.IndexFunc(c.Rules, func(o *netfilter.Rule) bool { return same(o, r) })
	}
	b, n := c.list.find(r, same)
	if b == nil {
		return -1
	}
	for _, before := range c.list.blocks[:b.index] {
		n += len(before.items)
	}
	return n
}

// each yields the rules.
func (c *chain) each(yield func(*netfilter.Rule) bool) {
	if c.list == nil {
		for _, r := range c.Rules {
			if !yield(r) {
				return
			}
		}
		return
	}
	for _, b := range c.list.blocks {
		for _, it := range b.items {
			if !yield(it.rule) {
				return
			}
		}
	}
}

// clear removes all rules.
func (c *chain) clear() {
	if !c.owned {
		bare := *c.Chain
		bare.Rules = nil
		c.Chain, c.owned = &bare, true
	}
	c.Rules, c.list = nil, nil
}

// store stores the rules of the list in the chain again.
func (c *chain) store() {
	if c.list != nil {
		c.Rules, c.list = c.list.rules(), nil
	}
}
