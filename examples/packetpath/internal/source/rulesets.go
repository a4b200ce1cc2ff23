package source

import (
	"fmt"
	"slices"

	"github.com/packetpath/packetpath/netfilter"
)

// Rulesets are the rulesets of iptables that a host has, by family and backend; nil where
// none was given.
type Rulesets [2][2]*netfilter.Ruleset

// Of lists those of a family.
func (r *Rulesets) Of(f netfilter.Family) (list []*netfilter.Ruleset) {
	for _, rs := range r[f] {
		if rs != nil {
			list = append(list, rs)
		}
	}
	return list
}

// All lists those of both families.
func (r *Rulesets) All() []*netfilter.Ruleset {
	return append(r.Of(netfilter.IPv4), r.Of(netfilter.IPv6)...)
}

// Set replaces the ruleset of the same family and backend.
func (r *Rulesets) Set(rs *netfilter.Ruleset) { r[rs.Family][rs.Backend] = rs }

// tableKey identifies a table in the kernel.
type tableKey struct {
	family  netfilter.Family
	backend netfilter.Backend
	name    string
}

// tables records the files from which the tables of the rulesets were read.
type tables struct {
	from   map[tableKey]string // file
	legacy map[tableKey]bool   // those that are known to be of iptables-legacy
}

// put adds the tables of a ruleset to those of its family and backend.
func (b *builder) put(p Part, rs *netfilter.Ruleset, err error) {
	if err != nil {
		b.fail(err)
		return
	}
	all := b.Rulesets[p.Family][rs.Backend]
	if all == nil {
		all = &netfilter.Ruleset{Family: p.Family, Backend: rs.Backend}
		b.Rulesets.Set(all)
	}
	for _, t := range rs.Tables {
		b.putTable(p, all, t)
	}
	if len(rs.Tables) == 0 {
		b.note(NoteNoRules, p.Name, 0, "the file holds no table: no rule of %s is known from it", p.Family)
	} else if !hasRules(rs) {
		b.note(NoteNoRules, p.Name, 0, "the tables hold no rules: only their policies count")
	}
}

// putTable adds a table. One as the kernel makes it changes nothing beside another of the
// name, and is left out.
func (b *builder) putTable(p Part, all *netfilter.Ruleset, t *netfilter.Table) {
	key := tableKey{p.Family, all.Backend, t.Name}
	other, beside := all.Table(t.Name), b.otherBackend(key)
	switch {
	case (other != nil || beside != nil) && untouched(t):
		return
	case other != nil && untouched(other):
		remove(all, t.Name)
	case other != nil && sameTable(p.Family, other, t):
		return
	case other != nil:
		b.fail(fmt.Errorf("%s: table %s of %s is in %s as well: give one of them, or, of a host with rules of iptables-legacy and of iptables-nft, what iptables-legacy-save and iptables-nft-save print", p.Name, t.Name, p.Family, b.from[key]))
		return
	}
	switch {
	case beside == nil:
	case untouched(beside):
		remove(b.Rulesets[p.Family][1-all.Backend], t.Name)
	default:
		b.note(NoteAssumed, p.Name, 0, "the table %s of %s is there twice, of iptables-legacy and of iptables-nft, and packets go through both; where they are at the same place, which one is first depends on which was loaded last: that of iptables-nft is taken to be", t.Name, p.Family)
	}
	b.from[key], b.legacy[key] = p.Name, isLegacy(p, all.Backend)
	all.Tables = append(all.Tables, t)
}

// otherBackend returns the table of the name that the other backend has; nil if there is none.
func (b *builder) otherBackend(key tableKey) *netfilter.Table {
	other := b.Rulesets[key.family][1-key.backend]
	if other == nil {
		return nil
	}
	return other.Table(key.name)
}

func remove(rs *netfilter.Ruleset, table string) {
	rs.Tables = slices.DeleteFunc(rs.Tables, func(t *netfilter.Table) bool { return t.Name == table })
}
