package kernel

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// Node is a host of the live kernel. Use it from one goroutine at a time, and
// Close it. The zero Node is of no use; Open makes one.
type Node struct {
	env   Env
	log   kmsg
	buf   []byte
	space *space
	// A table that was once used stays in its namespace, and packets are traced
	// through it. Namespaces are therefore kept by the tables of the rulesets
	// they serve, for closing one takes longer than everything else.
	spaces map[string]*space
	loaded time.Time
}

// Open makes a node without rules.
func Open(env Env) (*Node, error) {
	if err := os.WriteFile(logAllNamespaces, []byte("1"), 0); err != nil {
		return nil, fmt.Errorf("let all network namespaces log: %w", err)
	}
	for _, u := range unlimited {
		if err := os.WriteFile(u[0], []byte(u[1]), 0); err != nil {
			return nil, fmt.Errorf("lift the limits on what hosts are told: %w", err)
		}
	}
	log, err := openFile("/dev/kmsg")
	if err != nil {
		return nil, err
	}
	n := &Node{env: env, log: kmsg{log}, buf: make([]byte, 1<<16), spaces: map[string]*space{}}
	if err := n.enter("", ""); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// Close removes the node and all it holds.
func (n *Node) Close() error {
	return errors.Join(n.log.close(), n.closeSpaces())
}

// Env returns what the node was made from.
func (n *Node) Env() Env { return n.env }

// Load replaces all rules, sets and connections. An empty text is a family
// without tables, and no table exists but those that the texts name. The error
// is a *RefusedError where a tool did not take its text; parts that were
// committed before that stay.
func (n *Node) Load(rules4, rules6, ipsets string) error {
	if err := n.enter(rules4, rules6); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if err := n.space.reset(); err != nil {
		return fmt.Errorf("load: reset: %w", err)
	}
	if err := n.space.load(rules4, rules6, ipsets); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	n.loaded = time.Now()
	return nil
}

// LoadNFT adds rules that iptables-nft loads to those that Load loaded. They are there
// until it is called again, FlushNFT or Renew.
func (n *Node) LoadNFT(rules4, rules6 string) error {
	if err := n.FlushNFT(); err != nil {
		return err
	}
	for _, r := range [2]struct{ tool, rules string }{{"iptables-nft-restore", rules4}, {"ip6tables-nft-restore", rules6}} {
		if r.rules == "" {
			continue
		}
		if _, err := n.space.must(r.rules, r.tool); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	return nil
}

// FlushNFT removes all rules of nf_tables, also those of iptables-nft.
func (n *Node) FlushNFT() error {
	_, err := n.space.must("", "nft", "flush", "ruleset")
	return err
}

// Age is how long ago Load was last called.
func (n *Node) Age() time.Duration { return time.Since(n.loaded) }

// Renew throws away all namespaces and makes a new one, without rules: for
// state that Load does not know to reset, such as Sysctl and commands of Run.
func (n *Node) Renew() error {
	if err := n.closeSpaces(); err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	return n.enter("", "")
}

func (n *Node) closeSpaces() error {
	var errs []error
	for key, s := range n.spaces {
		errs = append(errs, s.close())
		delete(n.spaces, key)
	}
	return errors.Join(errs...)
}

// enter chooses a namespace that has the tables of these rulesets, or none yet.
func (n *Node) enter(rules4, rules6 string) error {
	key := fmt.Sprint(named(rules4), named(rules6))
	if s, ok := n.spaces[key]; ok {
		clean, err := s.suits(rules4, rules6)
		if clean {
			n.space = s
			return nil
		}
		delete(n.spaces, key)
		if err := errors.Join(err, s.close()); err != nil {
			return err
		}
	}
	const most = 24 // each has a file per interface
	if len(n.spaces) >= most {
		if err := n.closeSpaces(); err != nil {
			return err
		}
	}
	s, err := openSpace(n.env)
	if err != nil {
		return err
	}
	n.spaces[key], n.space = s, s
	return nil
}

// FlushConntrack forgets all connections.
func (n *Node) FlushConntrack() error { return n.space.flushConntrack() }

// Conntrack returns the connections of both families, one a line, as
// conntrack -L lists them.
func (n *Node) Conntrack() (string, error) {
	v4, err4 := n.space.must("", "conntrack", "-L", "-f", "ipv4")
	v6, err6 := n.space.must("", "conntrack", "-L", "-f", "ipv6")
	return v4 + v6, errors.Join(err4, err6)
}

// Sysctl sets a variable of the node, named with dots or slashes, until Renew
// and for the tables loaded now only; Env.Sysctl is for all.
func (n *Node) Sysctl(name, value string) error { return n.space.sysctl(name, value) }

// Run runs another tool inside the node and returns what it printed.
func (n *Node) Run(command ...string) (stdout string, err error) {
	return n.space.must("", command...)
}

// Save returns what iptables-legacy-save (family 6: ip6tables-legacy-save)
// prints, without the lines that hold the date.
func (n *Node) Save(fam int) (string, error) {
	f, err := familyOf(fam)
	if err != nil {
		return "", fmt.Errorf("save: %w", err)
	}
	return n.space.save(f)
}

// MAC returns the hardware addresses of an interface and of its neighbour,
// nil where there is no such interface.
func (n *Node) MAC(iface string) (node, wire []byte) {
	for _, t := range n.space.taps {
		if t.name == iface {
			return t.node, t.wire
		}
	}
	return nil, nil
}
