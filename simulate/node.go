package simulate

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/packetpath/packetpath/netfilter"
	"github.com/packetpath/packetpath/netfilter/ipset"
	"github.com/packetpath/packetpath/simulate/host"
	"github.com/packetpath/packetpath/simulate/internal/conntrack"
	"github.com/packetpath/packetpath/simulate/internal/fib"
	"github.com/packetpath/packetpath/simulate/internal/sysctl"
)

// Node is a host with its rules, checked and ready. It never changes and may be
// shared between goroutines. Make one with New; the zero Node has no host, so that
// the fate of its packets is Undecided.
type Node struct {
	links     []*link
	byName    map[string]*link
	anyLink   *link // takes every other name; nil on hosts that have links
	fib       *fib.FIB
	sysctl    sysctl.Settings
	tracking  conntrack.Config
	rules     [2]*netfilter.Ruleset    // by family; nil where none was given
	programs  [2]*program              // by family
	providers []netfilter.HookProvider // rulesets of other kinds, in the order given
	before    [2]int                   // how many of them were loaded before the tables of a family
	queues    map[uint16]bool
	sockets   []host.Socket
	unknowns  unknowns // engine_report.go
	sets      *ipset.Sets
	options   []SessionOption // of every session
	singles   *sync.Pool      // sessions that served one packet
}

// twin returns a copy that may be changed.
func (n *Node) twin() *Node {
	c := *n
	c.singles = &sync.Pool{}
	return &c
}

// link is a Link with its final number.
type link struct {
	host.Link
	index int
	name  string
}

// New checks the host and the rulesets and makes a node of them: at most one
// *netfilter.Ruleset of each family, and any number of netfilter.HookProvider.
// They count as loaded in the order given, which matters where functions stand at
// a hook with equal priorities. Whatever the kernel's tools would refuse is refused
// here; the error names the rule with its position. The rulesets must not be
// changed afterwards.
func New(h host.Host, rules ...netfilter.Rules) (*Node, error) {
	n := &Node{singles: &sync.Pool{}, byName: map[string]*link{}}
	tables, err := n.takeRules(rules)
	if err != nil {
		return nil, err
	}
	if err := n.setHost(h); err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	if err := n.setSets(h.Sets, tables); err != nil {
		return nil, err
	}
	n.setTracking()
	return n, nil
}

// setTracking takes over what rules ask of connection tracking. Counters stay on
// once a rule has turned them on; labels go with the last rule that has them.
func (n *Node) setTracking() {
	n.tracking.Labels = false
	for _, p := range n.programs {
		n.tracking.Acct = n.tracking.Acct || p.requires.Has(netfilter.RequireAccounting)
		n.tracking.Labels = n.tracking.Labels || p.requires.Has(netfilter.RequireLabels)
	}
}

// takeRules sorts rulesets by their kind, checks and compiles them. It returns
// those of xtables.
func (n *Node) takeRules(rules []netfilter.Rules) (tables []*netfilter.Ruleset, err error) {
	for _, r := range rules {
		switch r := r.(type) {
		case nil:
		case *netfilter.Ruleset:
			if r != nil {
				tables = append(tables, r)
				if r.Family <= netfilter.IPv6 { // setRules refuses others
					n.before[r.Family] = len(n.providers)
				}
			}
		case netfilter.HookProvider:
			if err := r.Check(); err != nil {
				return nil, err
			}
			n.providers = append(n.providers, r)
		default:
			return nil, fmt.Errorf("rulesets of type %T bring no functions for hooks", r)
		}
	}
	return tables, n.setRules(tables)
}

// setRules checks and compiles rulesets of xtables.
func (n *Node) setRules(rs []*netfilter.Ruleset) error {
	var seen [2]bool
	for _, r := range rs {
		if err := checkShape(r); err != nil {
			return err
		}
		if seen[r.Family] {
			return fmt.Errorf("two rulesets for %s: merge them or give one", r.Family)
		}
		seen[r.Family] = true
		if err := r.Check(); err != nil {
			return err
		}
		n.rules[r.Family] = r
	}
	for f := range n.programs {
		if n.programs[f] == nil || seen[f] {
			n.programs[f] = newProgram(netfilter.Family(f), n.rules[f], n.providers, n.before[f])
		}
	}
	return nil
}

// link returns the link of this name, nil if there is none.
func (n *Node) link(name string) *link {
	if l := n.byName[name]; l != nil {
		return l
	}
	if n.anyLink == nil || name == "" {
		return n.anyLink
	}
	l := *n.anyLink
	l.name = name
	return &l
}

func (n *Node) linkByIndex(i int) *link {
	for _, l := range n.links {
		if l.index == i {
			return l
		}
	}
	return n.anyLink
}

func unknownLink(name string, n *Node) error {
	var names []string
	for _, l := range n.links {
		names = append(names, l.name)
	}
	return fmt.Errorf("the host has no link %q: it has %s", name, strings.Join(names, ", "))
}

var errNoNode = errors.New("the session has no node: make one with New and Node.NewSession")

var errNoPacket = errors.New("no packet: make one with packet.Decode, packet.Spec or parser.ParsePacket")
