package eval

import (
	"fmt"
	"math"
	"time"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/nft"
)

// Rules is a compiled nftables ruleset. It implements netfilter.HookProvider: a
// host can load it in addition to or instead of rulesets of xtables. It is
// immutable and may be used by several goroutines. The zero value has no rules.
type Rules struct {
	ruleset  *nft.Ruleset
	links    map[string]uint32 // the indices of links in rules, by name
	bases    []*baseChain
	chains   map[*nft.Chain]*chain
	all      []*rule // of all chains
	objects  map[*nft.Object]*object
	sets     []*set
	memories int // number of stateful instructions in rules and of named objects
	err      error
}

// New compiles a ruleset, which must not be changed afterwards.
//
// The error of a ruleset that no text of nft can describe is returned by
// [Rules.Check]. A nil ruleset is an empty one.
func New(rs *nft.Ruleset) *Rules {
	if rs == nil {
		rs = &nft.Ruleset{}
	}
	r := &Rules{ruleset: rs, links: make(map[string]uint32, len(rs.Links)),
		chains: map[*nft.Chain]*chain{}, objects: map[*nft.Object]*object{}}
	for _, l := range rs.Links {
		r.links[l.Name] = l.Index
	}
	for i, t := range rs.Tables {
		if t == nil {
			r.err = fmt.Errorf("table %d is nil", i+1)
			break
		}
		if err := r.addTable(t); err != nil {
			r.err = fmt.Errorf("table %s %s: %w", t.Family, t.Name, err)
			break
		}
	}
	return r
}

// Ruleset returns the ruleset.
func (r *Rules) Ruleset() *nft.Ruleset { return r.ruleset }

// Check returns the error of a ruleset that cannot be loaded: references to what
// does not exist, and operands that the kernel refuses.
func (r *Rules) Check() error { return r.err }

// HookFunctions returns the base chains in the order in which the kernel
// registers them: for every table its chains, then the subsystems that its
// rules require.
func (r *Rules) HookFunctions() []netfilter.HookFunction {
	var list []netfilter.HookFunction
	if r.err != nil || r.ruleset == nil {
		return nil
	}
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

// NewState returns the initial state of the ruleset, loaded at time now.
func (r *Rules) NewState(now time.Time) netfilter.State { return newState(now) }

// hooks maps the hooks of nftables to those of the engine.
var hooks = map[nft.Hook]netfilter.Hook{nft.Prerouting: netfilter.Prerouting, nft.Input: netfilter.Input, nft.Forward: netfilter.Forward,
	nft.Output: netfilter.Output, nft.Postrouting: netfilter.Postrouting}

// hookTypes maps the types of base chains to those of the engine.
var hookTypes = map[nft.ChainType]netfilter.HookType{nft.NATChain: netfilter.NATHook, nft.RouteChain: netfilter.RouteHook}

// functions returns the hook functions of a base chain, one for each family
// whose packets reach it.
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
	return netfilter.HookFunction{Family: f, Hook: hooks[b.base.Hook], Priority: b.base.Priority, Type: hookTypes[b.base.Type], Run: b.run}, true
}

// covers reports whether packets of an address family are evaluated by tables
// of an nftables family.
func covers(t nft.Family, f netfilter.Family) bool {
	return t == nft.Inet || t == nft.IP && f == netfilter.IPv4 || t == nft.IP6 && f == netfilter.IPv6
}
