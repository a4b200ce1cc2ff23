package simulate

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/machine"
	"github.com/packetpath/packetpath/simulate/internal/xtables"
)

// Node is a validated host with its rulesets. It is immutable and safe for concurrent
// use. Create one with New; the zero Node has no host, so that the fate of its packets
// is Undecided.
type Node struct {
	machine   *machine.Machine         // nil in the zero Node
	tracking  conntrack.Config         // settings of the host, and what rules require
	rules     [2]rulesets              // by family
	checked   [2]checkedRules          // the same
	programs  [2]*program              // by family
	providers []netfilter.HookProvider // rulesets of other kinds, in the order given
	loaded    []loaded                 // what was loaded, in this order
	options   []SessionOption          // applied to every session
	singles   *sync.Pool               // sessions of Node.Receive and Node.Send, for reuse
}

// rulesets are the rulesets of a family, by backend; nil where none was given.
type rulesets [2]*netfilter.Ruleset

// checkedRules are the same, checked.
type checkedRules [2]*netfilter.Checked

// any reports whether there is one.
func (r rulesets) any() bool { return r != rulesets{} }

// empty reports whether there are some, but none with a table.
func (r rulesets) empty() bool {
	return r.any() && !slices.ContainsFunc(r[:], func(rs *netfilter.Ruleset) bool { return rs != nil && len(rs.Tables) > 0 })
}

// loaded is something that registers functions at hooks: a provider, or the tables of a
// family and backend.
type loaded struct {
	provider int // its 1-based number; 0 for tables
	tablesOf netfilter.Family
	backend  netfilter.Backend
}

// load adds what is loaded last. Tables that are there already keep their place.
func (n *Node) load(l loaded) {
	if !slices.Contains(n.loaded, l) {
		n.loaded = append(slices.Clip(n.loaded), l)
	}
}

// twin returns a copy of the node that its caller may change.
func (n *Node) twin() *Node {
	c := *n
	c.singles = &sync.Pool{}
	return &c
}

// New validates the host and the rulesets and returns a node: at most one
// *netfilter.Ruleset of each family and backend, and any number of
// netfilter.HookProvider. They are loaded in the order given, which decides the order of
// hook functions with equal priorities: what is loaded last runs first. New returns an
// error for rules that the kernel's tools would reject; the error contains the rule with
// its position. The rulesets must not be changed afterwards.
func New(h host.Host, rules ...netfilter.Rules) (*Node, error) {
	n := &Node{singles: &sync.Pool{}}
	tables, err := n.takeRules(rules)
	if err != nil {
		return nil, err
	}
	if n.machine, err = machine.New(h); err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	for _, rs := range tables {
		if err := n.machine.CheckSets(rs); err != nil {
			return nil, err
		}
	}
	n.tracking = n.machine.Sysctl.Tracking
	n.setTracking()
	return n, nil
}

// setTracking enables the features of connection tracking that rules require. Counters
// stay enabled once a rule has enabled them; labels are disabled with the last rule
// that uses them.
func (n *Node) setTracking() {
	n.tracking.Labels = false
	for _, p := range n.programs {
		n.tracking.Acct = n.tracking.Acct || p.requires.Has(netfilter.RequireAccounting)
		n.tracking.Labels = n.tracking.Labels || p.requires.Has(netfilter.RequireLabels)
	}
}

// takeRules separates the rulesets by kind, checks and compiles them. It returns those
// of xtables.
func (n *Node) takeRules(rules []netfilter.Rules) (tables []*netfilter.Ruleset, err error) {
	for _, r := range rules {
		switch r := r.(type) {
		case nil:
		case *netfilter.Ruleset:
			if r != nil {
				tables = append(tables, r)
				n.load(loaded{tablesOf: r.Family, backend: r.Backend})
			}
		case netfilter.HookProvider:
			if err := r.Check(); err != nil {
				return nil, err
			}
			n.load(loaded{provider: len(n.providers) + 1})
			n.providers = append(n.providers, r)
		default:
			return nil, fmt.Errorf("rulesets of type %T bring no functions for hooks", r)
		}
	}
	return tables, n.setRules(tables)
}

// setRules checks and compiles rulesets of xtables. What they share with the rulesets of
// the node is not checked and compiled again.
func (n *Node) setRules(rs []*netfilter.Ruleset) error {
	var seen [2][2]bool
	for _, r := range rs {
		if err := checkShape(r); err != nil {
			return err
		}
		if seen[r.Family][r.Backend] {
			return fmt.Errorf("two rulesets of iptables (%s) for %s: merge them or give one", r.Backend, r.Family)
		}
		seen[r.Family][r.Backend] = true
		if err := n.check(r); err != nil {
			return err
		}
		n.load(loaded{tablesOf: r.Family, backend: r.Backend})
		n.rules[r.Family][r.Backend] = r
	}
	for f := range n.programs {
		if n.programs[f] == nil || seen[f] != [2]bool{} {
			n.programs[f] = newProgram(netfilter.Family(f), n.compiled(f), n.providers, n.loaded)
		}
	}
	return nil
}

// check checks a ruleset.
func (n *Node) check(r *netfilter.Ruleset) (err error) {
	old := n.checked[r.Family][r.Backend]
	if old == nil {
		old = &netfilter.Checked{}
	}
	n.checked[r.Family][r.Backend], err = old.Update(r)
	return err
}

// compiled compiles the rulesets of a family; nil if there are none.
func (n *Node) compiled(f int) *xtables.Program {
	c := n.checked[f]
	switch old := n.programs[f]; {
	case c == checkedRules{}:
		return nil
	case old == nil || old.tables == nil:
		return xtables.Compile(c[:]...)
	default:
		return old.tables.Update(c[:]...)
	}
}

// LinkTo returns the name of the output link of packets to an address, which is also
// the input link of packets from it if routing is symmetric; "" if there is no route.
// local reports that the address is local to the host. On a host without a list of links
// the name is "eth0", because any name is valid there.
func (n *Node) LinkTo(a netip.Addr) (name string, local bool) {
	if n.machine == nil {
		return "", false
	}
	return n.machine.LinkTo(a)
}

var errNoNode = errors.New("the session has no node: make one with New and Node.NewSession")

var errNotWhole = errors.New("the bytes are not those of a whole IP packet: packet.Decode checks them")

var errNoPacket = errors.New("no packet: make one with packet.Decode, packet.Spec or parser.ParsePacket")

// Equal reports whether n and o are the same pointer. go-cmp compares nodes by it.
func (n *Node) Equal(o *Node) bool { return n == o }
