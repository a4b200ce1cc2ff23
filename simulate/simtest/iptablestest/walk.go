package iptablestest

import (
	"iter"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
)

// allRules yields the rules of a ruleset.
func allRules(rs *netfilter.Ruleset) iter.Seq[*netfilter.Rule] {
	return func(yield func(*netfilter.Rule) bool) {
		for _, t := range rs.Tables {
			for _, c := range t.Chains {
				for _, r := range c.Rules {
					if !yield(r) {
						return
					}
				}
			}
		}
	}
}

// setsOf returns the sets that a rule refers to.
func setsOf(r *netfilter.Rule) (refs []ipset.Ref) {
	for _, m := range r.Matches {
		if x, ok := m.(ipset.Referrer); ok {
			refs = append(refs, x.SetRefs()...)
		}
	}
	if x, ok := r.Target.(ipset.Referrer); ok {
		refs = append(refs, x.SetRefs()...)
	}
	return refs
}

// references counts how often rules of both families refer to a set.
func (h *Host) references(set string) int {
	n := 0
	for _, rs := range h.tables {
		for r := range allRules(rs) {
			for _, ref := range setsOf(r) {
				if ref.Name == set {
					n++
				}
			}
		}
	}
	return n
}
