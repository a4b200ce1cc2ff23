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

// Node is a validated host with its rulesets. It is immutable and safe for concurrent
// use. Create one with New; the zero Node has no host, so that the fate of its packets
// is Undecided.
type Node struct {
	links     []*link
	byName    map[string]*link
	byIndex   map[int]*link
	anyLink   *link // stands for links of any name; nil on hosts with a list of links
	fib       *fib.FIB
	sysctl    sysctl.Settings
	tracking  conntrack.Config
	rules     [2]*netfilter.Ruleset    // by family; nil where none was given
	programs  [2]*program              // by family
	providers []netfilter.HookProvider // rulesets of other kinds, in the order given
	before    [2]int                   // number of providers loaded before the tables of a family
	queues    map[uint16]bool
	sockets   []host.Socket
	unknowns  unknowns // engine_report.go
	sets      *ipset.Sets
	options   []SessionOption // applied to every session
	singles   *sync.Pool      // sessions of Node.Receive and Node.Send, for reuse
}

// twin returns a copy of the node that its caller may change.
func (n *Node) twin() *Node {
	c := *n
	c.singles = &sync.Pool{}
	return &c
}

// link is a host.Link with its interface index.
type link struct {
	host.Link
	index int
	name  string
}

// New validates the host and the rulesets and returns a node: at most one
// *netfilter.Ruleset of each family, and any number of netfilter.HookProvider. They
// are loaded in the order given, which decides the order of hook functions with equal
// priorities. New returns an error for rules that the kernel's tools would reject; the
// error contains the rule with its position. The rulesets must not be changed
// afterwards.
func New(h host.Host, rules ...netfilter.Rules) (*Node, error) {
	n := &Node{singles: &sync.Pool{}, byName: map[string]*link{}, byIndex: map[int]*link{}}
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
				if r.Family <= netfilter.IPv6 { // setRules rejects others
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

// linkByIndex returns the link with this index; the link that stands for all, which may
// be nil, if there is none.
func (n *Node) linkByIndex(i int) *link {
	if l := n.byIndex[i]; l != nil {
		return l
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
