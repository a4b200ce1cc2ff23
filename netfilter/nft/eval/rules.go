package eval

import (
	"fmt"
	"math"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// Rules is a ruleset of nftables that is ready for evaluation. It implements
// netfilter.HookProvider: a host takes it beside or in place of rulesets of
// xtables. It never changes and may be shared.
type Rules struct {
	ruleset  *nft.Ruleset
	links    map[string]uint32 // the indices of links in rules, by name
	bases    []*baseChain
	chains   map[*nft.Chain]*chain
	objects  map[*nft.Object]*object
	sets     []*set
	memories int // how many instructions of rules and named objects have a memory
	err      error
}

// New makes a ruleset ready. It must not be changed afterwards.
func New(rs *nft.Ruleset) *Rules {
	r := &Rules{ruleset: rs, links: make(map[string]uint32, len(rs.Links)),
		chains: map[*nft.Chain]*chain{}, objects: map[*nft.Object]*object{}}
	for _, l := range rs.Links {
		r.links[l.Name] = l.Index
	}
	for _, t := range rs.Tables {
		if err := r.addTable(t); err != nil {
			r.err = fmt.Errorf("table %s %s: %w", t.Family, t.Name, err)
			break
		}
	}
	return r
}

// Ruleset returns the ruleset.
func (r *Rules) Ruleset() *nft.Ruleset { return r.ruleset }

// Check returns what refers to something that is not there.
func (r *Rules) Check() error { return r.err }

// HookFunctions returns the base chains in the order in which the kernel registers
// them: table by table all chains, then what the rules of the table need.
func (r *Rules) HookFunctions() []netfilter.HookFunction {
	var list []netfilter.HookFunction
	next := 0
	for _, t := range r.ruleset.Tables {
		for ; next < len(r.bases) && r.bases[next].table == t; next++ {
			list = append(list, r.bases[next].functions()...)
		}
		for f := range netfilter.Family(2) {
			if q := requirements(t, f); q != 0 {
				list = append(list, netfilter.HookFunction{Family: f, Requires: q})
			}
		}
	}
	return list
}

// NewState returns what packets change of the ruleset, as it is loaded.
func (r *Rules) NewState(now time.Time) netfilter.State { return newState(r, now) }

// hooks are the hooks of the engine by those of nftables.
var hooks = map[nft.Hook]netfilter.Hook{nft.Prerouting: netfilter.Prerouting, nft.Input: netfilter.Input, nft.Forward: netfilter.Forward,
	nft.Output: netfilter.Output, nft.Postrouting: netfilter.Postrouting}

// functions returns the hook functions of a base chain, one for each family that
// meets it.
func (b *baseChain) functions() []netfilter.HookFunction {
	if b.table.Dormant {
		return nil
	}
	var list []netfilter.HookFunction
	for f := range netfilter.Family(2) {
		fn, ok := b.function(f)
		if ok {
			list = append(list, fn)
		}
	}
	return list
}

func (b *baseChain) function(f netfilter.Family) (netfilter.HookFunction, bool) {
	if guard := b.guard(); guard != nil {
		hook := netfilter.Prerouting
		if b.base.Hook == nft.Egress {
			hook = netfilter.Postrouting
		}
		return netfilter.HookFunction{Family: f, Hook: hook, Priority: math.MinInt32, Run: guard}, true
	}
	if !covers(b.table.Family, f) {
		return netfilter.HookFunction{}, false
	}
	types := map[nft.ChainType]netfilter.HookType{nft.NATChain: netfilter.NATHook, nft.RouteChain: netfilter.RouteHook}
	return netfilter.HookFunction{Family: f, Hook: hooks[b.base.Hook], Priority: b.base.Priority, Type: types[b.base.Type], Run: b.run}, true
}

// covers reports whether packets of a family meet the tables of a family of
// nftables.
func covers(t nft.Family, f netfilter.Family) bool {
	return t == nft.Inet || t == nft.IP && f == netfilter.IPv4 || t == nft.IP6 && f == netfilter.IPv6
}
